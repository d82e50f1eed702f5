// @ts-check
/*
 * Behind an empty page stands a text of the document itself, which the style sheet shows after ten
 * seconds. A script that cannot be loaded shows it at once. No module: this must run when those do not.
 */
(function () {
  const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const spoken = navigator.languages.map((one) => one.slice(0, 2)).find((one) => ["en", "fr", "de"].includes(one)) ?? "en";

  /** @param {HTMLElement} stand @param {Record<string, string>} messages */
  function translate(stand, messages) {
    document.documentElement.lang = spoken;
    for (const part of stand.querySelectorAll("h1, p, a")) {
      part.textContent = messages[part.textContent ?? ""] || part.textContent;
    }
  }

  async function show() {
    const stand = document.getElementById("undrawn");
    if (!stand || document.getElementById("root")?.childElementCount) return;
    stand.classList.add("now");
    // The English of the document stays when its translation cannot be had either.
    const found = await fetch(new URL(`../translations/${spoken}.json`, here)).then((answer) => answer.json()).catch(() => null);
    if (found) translate(stand, found.messages);
  }

  window.addEventListener("error", (event) => {
    if (event.target instanceof HTMLScriptElement && event.target.type === "module") void show();
  }, true);
  setTimeout(show, 10000);
})();
