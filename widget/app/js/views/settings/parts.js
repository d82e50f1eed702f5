// @ts-check
/** Parts that the views of the settings page share. */
import { html, useEffect, useId, useState } from "./hooks.js";
import { t } from "../../i18n.js";
import { Banner, Blank, Button, problemNumber, problemText } from "../parts.js";
import * as icon from "../icons.js";

/** Whether the page is at least so wide, also while it changes. @param {number} width */
export function useWide(width) {
  const query = window.matchMedia(`(min-width: ${width}px)`);
  const [, again] = useState(0);
  useEffect(() => {
    const hear = () => again((/** @type {number} */ count) => count + 1);
    query.addEventListener("change", hear);
    return () => query.removeEventListener("change", hear);
  }, [width]);
  return query.matches;
}

/** Title, one sentence, and what can be done with the whole view. @param {any} props */
export function Head({ title, text, back = null, children }) {
  return html`<header class="view-head"><div>${back}<h1 tabIndex="-1" id="view-title">${title}</h1>${text && html`<p>${text}</p>`}</div>
    ${children && html`<div class="view-ways">${children}</div>`}</header>`;
}

/** The shape of a list before it is there. @param {{ rows?: number }} props */
export function Bones({ rows = 6 }) {
  return html`<div class="card bones" role="status"><span class="unseen">${t("Loading")}</span>
    ${Array.from({ length: rows }, (_, index) => html`<div class="bone-row" aria-hidden="true" key=${index}><i class="bone w20"></i><i class="bone w30"></i><i class="bone w15"></i></div>`)}</div>`;
}

/** What a view shows while its data is not there; its content once it is. @param {any} props */
export function Frame({ slice, again, rows, children }) {
  if (slice.stage === "ready") return html`<${Trouble} slice=${slice}/>${children}`;
  if (slice.stage === "missing") {
    return html`<div class="card"><${Blank} Icon=${icon.Ring} tone="quiet" title=${t("This version of the sync service does not offer this")}
      text=${t("Everything else works. It appears here after the next update of the service.")}/></div>`;
  }
  if (slice.stage === "failed") {
    return html`<div class="card"><${Blank} Icon=${icon.Triangle} tone="blocked" title=${t("This did not load")}
      text=${html`${problemText(slice.trouble)} ${t("Sync itself goes on.")} ${problemNumber(slice.trouble)}`}>
      <${Button} label=${t("Load again")} Icon=${icon.Arrows} onClick=${again}/><//></div>`;
  }
  return slice.ghost ? html`<${Bones} rows=${rows}/>` : html`<div class="unseen" role="status"></div>`;
}

/** What did not work, where it was tried. @param {{ slice: any }} props */
export function Trouble({ slice }) {
  if (!slice.trouble) return null;
  return html`<div class="trouble"><${Banner} Icon=${icon.Triangle} tone="blocked" strong=${problemText(slice.trouble)} text=${problemNumber(slice.trouble)}/></div>`;
}

/** @param {any} props */
export function Switch({ label, checked, disabled = false, changed = false, onChange, says = null }) {
  return html`<label class=${changed ? "switch changed" : "switch"}><input type="checkbox" role="switch" checked=${checked} disabled=${disabled}
    onChange=${(/** @type {any} */ event) => onChange(event.target.checked)}/><span class=${says ? "says" : "unseen"}>${says ?? label}</span></label>`;
}

/** @param {any} props */
export function Check({ label, checked, disabled = false, changed = false, onChange, says = null }) {
  return html`<label class=${changed ? "check changed" : "check"}><input type="checkbox" checked=${checked} disabled=${disabled}
    onChange=${(/** @type {any} */ event) => onChange(event.target.checked)}/><span class=${says ? "says" : "unseen"}>${says ?? label}</span></label>`;
}

/** A native choice. @param {any} props options: [value, text][] */
export function Select({ label, value, options, onChange, disabled = false, bare = false, hidden = true, describedBy = undefined, invalid = false, changed = false }) {
  return html`<label class=${`select${bare ? " bare" : ""}${changed ? " changed" : ""}`}><span class=${hidden ? "unseen" : "label"}>${label}</span>
    <select value=${value} disabled=${disabled} aria-describedby=${describedBy} aria-invalid=${invalid ? "true" : undefined}
      onChange=${(/** @type {any} */ event) => onChange(event.target.value)}>
      ${options.map((/** @type {[string, string]} */ [key, text]) => html`<option key=${key} value=${key} selected=${key === value}>${text}</option>`)}</select></label>`;
}

/** A labelled line of a form with its complaint. @param {any} props */
export function Field({ label, hint = "", error = "", children }) {
  const id = useId();
  return html`<div class="field"><span class="label" id=${id}>${label}</span>${children}
    ${hint && html`<span class="caption">${hint}</span>`}${error && html`<span class="wrong" role="alert"><${icon.Triangle} size=${12}/>${error}</span>`}</div>`;
}

/** One of several filters, pressed or not. @param {any} props */
export function Chip({ label, count = null, Icon = null, tone = "", pressed, onClick }) {
  return html`<button type="button" class="chip" aria-pressed=${pressed ? "true" : "false"} onClick=${onClick}>
    ${Icon && html`<${Icon} size=${14} class=${`tone-${tone}`}/>`}<span>${label}</span>${count !== null && html`<span class="figure">${count}</span>`}</button>`;
}

/** CRM shows the record itself. @param {{ row: any, does: any, primary?: boolean }} props */
export function OpenInCrm({ row, does, primary = false }) {
  if (!row.zoho_id) return null;
  return html`<button type="button" class=${primary ? "button primary" : "button"} onClick=${() => void does.openRecord(row.module, row.zoho_id)}><span>${t("Open in CRM")}</span><${icon.Out} size=${14}/></button>`;
}

/** A way in the page that also works as an address. @param {any} props */
export function Go({ to, does, class: name = "link", children, current = false, label = undefined }) {
  return html`<a class=${name} href=${does.link(to)} aria-current=${current ? "page" : undefined} aria-label=${label}>${children}</a>`;
}
