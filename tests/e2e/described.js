/* What can be seen of a document, in lines, and the rules of its style sheets that apply to it. */

/** One line per element and per text, deeper ones indented; nothing that changes by itself. */
function asSeen() {
  const BY_ITSELF = /^(id|for|nonce|style|srcdoc|headers|href|src|aria-(controls|labelledby|describedby|owns|activedescendant))$/;
  const kept = (node) => [...node.attributes].filter((one) => !BY_ITSELF.test(one.name)).map((one) => `${one.name}=${one.value}`).sort();
  const chosen = (node) => (node.checked ? ["checked"] : []).concat(["INPUT", "SELECT", "TEXTAREA"].includes(node.tagName) ? [`value=${node.value}`] : []);
  const width = (node) => (node.style?.inlineSize || node.style?.width ? [`size=${node.style.inlineSize || node.style.width}`] : []);
  const told = [];
  const visit = (node, depth) => {
    if (node.nodeType === Node.TEXT_NODE) told.push(" ".repeat(depth) + node.data.replace(/\s+/g, " ").trim());
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches("script, style, template") || !node.checkVisibility()) return;
    told.push([" ".repeat(depth) + node.localName, ...kept(node), ...chosen(node), ...width(node)].join(" "));
    for (const child of node.childNodes) visit(child, depth + 1);
  };
  visit(document.body, 0);
  return told.filter((line) => line.trim());
}

/** The rules, as they are written, that apply to something here; none for a mouse, a finger or the focus. */
async function rulesInUse() {
  const PASSING = /:(hover|focus|active)|pointer:|hover:|forced-colors|reduced-motion/;
  const plain = (text) => text.replace(/\s+/g, " ").trim();
  const applies = (selector) => document.querySelector(selector.replace(/::[\w-]+(\([^)]*\))?/g, "") || "*");
  const inUse = (head) => head.startsWith("@") || applies(head);
  const rules = (source) => {
    const found = [];
    for (let rest = source.replace(/\/\*[^]*?\*\//g, ""); rest.includes("{"); ) {
      const from = rest.indexOf("{");
      let [at, depth] = [from, 0];
      do depth += { "{": 1, "}": -1 }[rest[at++]] ?? 0; while (depth);
      const [head, body] = [plain(rest.slice(0, from)), rest.slice(from + 1, at - 1)];
      rest = rest.slice(at);
      if (PASSING.test(head) || (head.startsWith("@media") && !matchMedia(head.slice(6)).matches)) continue;
      if (/^@(media|container|supports|layer)/.test(head)) found.push(...rules(body).map((rule) => `${head} ${rule}`));
      else if (inUse(head)) found.push(`${head} { ${plain(body)} }`);
    }
    return found;
  };
  const sources = [...document.styleSheets].map((sheet) => (sheet.href ? fetch(sheet.href).then((answer) => answer.text()) : sheet.ownerNode.textContent));
  return (await Promise.all(sources)).flatMap(rules);
}
