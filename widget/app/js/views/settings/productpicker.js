// @ts-check
/** One product of CRM out of thousands: typed, looked for, chosen. */
import { html, useEffect, useId, useRef, useState } from "./hooks.js";
import { t } from "../../i18n.js";
import { SHORTEST } from "../../state/products.js";
import { productName } from "../../words/maps.js";
import { problemText } from "../parts.js";
import * as icon from "../icons.js";

const MOVES = Object.freeze({ ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 });

/** @param {{ label: string, value: string | null, products: any, does: any, onChoose: (id: string | null) => void, disabled?: boolean, invalid?: boolean, changed?: boolean }} props */
export function ProductPicker({ label, value, products, does, onChoose, disabled = false, invalid = false, changed = false }) {
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  const box = useRef(/** @type {any} */ (null));
  useEffect(() => { if (value) void does.views.products.name(value); }, [value]);
  const named = value ? products.named[value] ?? { stage: "asking" } : null;
  const shown = named?.product ? productName(named.product) : named?.stage === "asking" ? "" : value ?? "";
  const close = () => setTyped(null);
  const write = (/** @type {string} */ text) => { setTyped(text); does.views.products.search(text); };
  const choose = (/** @type {any} */ product) => { does.views.products.know(product); onChoose(product.id); close(); };
  const none = () => { close(); onChoose(null); box.current?.querySelector("input")?.focus(); };
  return html`<div class="picker-line"><div class=${changed ? "picker changed" : "picker"} ref=${box} onFocusOut=${(/** @type {FocusEvent} */ event) => { if (!box.current?.contains(/** @type {Node} */ (event.relatedTarget))) close(); }}>
      <${Box} label=${label} typed=${typed} shown=${shown} empty=${named?.stage === "asking" ? t("Loading") : t("None chosen")} products=${products} value=${value} disabled=${disabled} invalid=${invalid} write=${write} choose=${choose} close=${close}/>
      ${typed !== null && products.stage === "failed" && html`<${Again} text=${problemText(products.trouble)} onClick=${() => does.views.products.again()}/>`}</div>
    ${value && html`<button type="button" class="link" disabled=${disabled} onClick=${none}>${t("Choose none")}</button>`}</div>
    ${named?.stage === "gone" && html`<span class="wrong" role="alert"><${icon.Triangle} size=${12}/>${t("CRM no longer has this product. Choose another one.")}</span>`}
    ${value && named?.stage === "failed" && html`<${Again} text=${t("What this product is called could not be read.")} onClick=${() => does.views.products.name(value)}/>`}`;
}

/** The field with what was found below it. @param {any} props */
function Box({ label, typed, shown, empty, products, value, disabled, invalid, write, choose, close }) {
  const [at, setAt] = useState(0);
  const id = useId();
  const open = typed !== null && products.stage !== "failed";
  const rows = open && products.stage !== "idle" ? products.rows : [];
  const says = open ? stateOf(products) : "";
  useEffect(() => { setAt(0); }, [products.rows]);
  useEffect(() => { if (open) document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: "nearest" }); }, [at, open]);
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const step = MOVES[/** @type {keyof typeof MOVES} */ (event.key)];
    if (step && typed === null) write("");
    else if (step) setAt(Math.min(rows.length - 1, Math.max(0, at + step)));
    else if (event.key === "Enter" && typed !== null) { if (rows[at] && products.stage === "ready") choose(rows[at]); }
    else if (event.key === "Escape" && typed !== null) { event.stopPropagation(); close(); } else return;
    event.preventDefault();
  };
  return html`<input type="text" class="plain-input" role="combobox" autocomplete="off" spellcheck=${false} dir="auto" aria-label=${label} aria-expanded=${open ? "true" : "false"} aria-controls=${`${id}-list`} aria-autocomplete="list"
      aria-invalid=${invalid ? "true" : undefined} aria-activedescendant=${rows.length ? `${id}-${at}` : undefined} disabled=${disabled} placeholder=${empty}
      value=${typed ?? shown} onClick=${() => { if (typed === null) write(""); }} onInput=${(/** @type {any} */ event) => write(event.target.value)} onKeyDown=${onKey}/>
    <span class="unseen" role="status">${says}</span>
    ${open && html`<ul class="picker-list" role="listbox" id=${`${id}-list`} aria-label=${label}>${rows.map((/** @type {any} */ row, /** @type {number} */ index) => html`<li key=${row.id} role="option" id=${`${id}-${index}`} tabIndex="-1" aria-selected=${index === at ? "true" : "false"}
        onMouseDown=${(/** @type {Event} */ event) => event.preventDefault()} onClick=${() => choose(row)}><span dir="auto">${row.label}</span><span class="caption">${row.number ?? ""}</span>${row.id === value && html`<${icon.Agreed} size=${14} class="tone-ok"/>`}</li>`)}
      ${says && html`<li class="caption" role="option" aria-selected="false" aria-disabled="true">${says}</li>`}</ul>`}`;
}

/** What stands in the list in place of products. @param {any} products */
function stateOf({ stage, q, rows }) {
  if (stage === "asking") return t("Searching");
  if (stage === "ready") return rows.length ? "" : t("CRM has no product by this name or code.");
  return q.trim().length < SHORTEST ? t("Type two letters or more of its name or code.") : "";
}

/** What could not be read, and the way to ask again. @param {{ text: string, onClick: () => void }} props */
function Again({ text, onClick }) {
  return html`<span class="wrong" role="alert"><${icon.Triangle} size=${12}/><span>${text} <button type="button" class="link" onClick=${onClick}>${t("Try again")}</button></span></span>`;
}
