// @ts-check
/** One field out of hundreds: typed or chosen, with its type and what the sample record holds. */
import { html, useEffect, useId, useMemo, useRef, useState } from "./hooks.js";
import { n, t } from "../../i18n.js";
import { sampleText, typeText } from "../../words/mapping.js";
import * as icon from "../icons.js";

const SHOWN = 40;

/** @param {{ label: string, fields: any[], value: string | null, onChoose: (path: string) => void, disabled?: boolean, invalid?: boolean }} props */
export function FieldPicker({ label, fields, value, onChoose, disabled = false, invalid = false }) {
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  const [at, setAt] = useState(0);
  const id = useId();
  const box = useRef(/** @type {any} */ (null));
  const held = fields.find((field) => field.path === value);
  const open = typed !== null;
  const found = useMemo(() => (open ? matching(fields, typed ?? "") : []), [fields, typed]);
  const shown = found.slice(0, SHOWN);
  useEffect(() => { if (open) document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: "nearest" }); }, [at, open]);
  const close = () => { setTyped(null); setAt(0); };
  const choose = (/** @type {any} */ field) => { if (field) onChoose(field.path); close(); };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
    const step = moves[/** @type {keyof typeof moves} */ (event.key)];
    if (step && open) setAt(Math.min(shown.length - 1, Math.max(0, at + step)));
    else if (step) setTyped("");
    else if (event.key === "Enter" && open) choose(shown[at]);
    else if (event.key === "Escape" && open) { event.stopPropagation(); close(); } else return;
    event.preventDefault();
  };
  const more = found.length - shown.length;
  return html`<div class="picker" ref=${box} onFocusOut=${(/** @type {FocusEvent} */ event) => { if (!box.current?.contains(/** @type {Node} */ (event.relatedTarget))) close(); }}>
    <input type="text" class="plain-input" role="combobox" autocomplete="off" spellcheck=${false} dir="auto" aria-label=${label} aria-expanded=${open ? "true" : "false"} aria-controls=${`${id}-list`} aria-autocomplete="list"
      aria-invalid=${invalid ? "true" : undefined} aria-activedescendant=${open && shown.length ? `${id}-${at}` : undefined} disabled=${disabled} placeholder=${t("Choose a field")}
      value=${typed ?? held?.label ?? value ?? ""} onClick=${() => setTyped(typed ?? "")} onInput=${(/** @type {any} */ event) => { setTyped(event.target.value); setAt(0); }} onKeyDown=${onKey}/>
    ${open && html`<ul class="picker-list" role="listbox" id=${`${id}-list`} aria-label=${label}>${shown.map((/** @type {any} */ field, /** @type {number} */ index) => html`<li key=${field.path} role="option" id=${`${id}-${index}`} tabIndex="-1" aria-selected=${index === at ? "true" : "false"}
        onMouseDown=${(/** @type {Event} */ event) => event.preventDefault()} onClick=${() => choose(field)}><span dir="auto">${field.label}</span><span class="caption">${[typeText(field), sampleText(field)].filter(Boolean).join(" · ")}</span>${field.path === value && html`<${icon.Agreed} size=${14} class="tone-ok"/>`}</li>`)}
      ${!shown.length && html`<li class="caption" role="option" aria-selected="false" aria-disabled="true">${t("No field by this name")}</li>`}${more > 0 && html`<li class="caption" role="option" aria-selected="false" aria-disabled="true">${n("1 more; type to find it.", "{n} more; type to find them.", more)}</li>`}</ul>`}</div>`;
}

/** Fields whose label or API name has what was typed, those that begin with it first. @param {any[]} fields @param {string} typed */
function matching(fields, typed) {
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return fields;
  const place = (/** @type {any} */ field) => Math.min(...[field.label, field.path].map((text) => { const at = String(text).toLowerCase().indexOf(wanted); return at < 0 ? Infinity : at; }));
  return fields.map((field) => ({ field, at: place(field) })).filter(({ at }) => at !== Infinity).sort((a, b) => a.at - b.at).map(({ field }) => field);
}
