// @ts-check
/** The same field edited on both sides: base, CRM and Xero beside each other, one click per field. */
import { html } from "./hooks.js";
import { n, t } from "../../i18n.js";
import { list, moment, stamp } from "../../format.js";
import { alwaysDecide, valueText } from "../../words.js";
import { conflictAbout, conflictTotal, dueText, fieldCount, recordCount } from "../../words/inbox.js";
import { keysOf } from "../../state/modules.js";
import { moduleName } from "../../words/modules.js";
import { changedParts } from "../../diff.js";
import { Blank, OutLink } from "../parts.js";
import * as icon from "../icons.js";
import { Frame, Head, OpenInCrm, Select } from "./parts.js";
import { InboxList } from "./inboxlist.js";

/** @param {{ state: any, does: any }} props */
export function Conflicts({ state, does }) {
  const slice = state.conflicts;
  const fields = slice.fields.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.count, 0);
  const modules = keysOf(state.configured.stored);
  return html`<${Head} title=${t("Conflicts")} text=${t("The same field was edited in CRM and in Xero. These fields wait for you; all others are in sync.")}>
      <p class="keys caption"><kbd>J</kbd> <kbd>K</kbd> ${t("record")} <kbd>C</kbd> CRM <kbd>X</kbd> Xero <kbd>↵</kbd> ${t("apply")}</p><//>
    <div class="filters"><${Select} label=${t("Module")} value=${slice.module} options=${[["", t("All modules")], ...modules.map((key) => [key, moduleName(key)])]} onChange=${(/** @type {string} */ key) => does.views.conflicts.filter("module", key)}/>
      ${(slice.fields.length > 1 || slice.field) && html`<${Select} label=${t("Field")} value=${slice.field} options=${[["", t("All fields")], ...fieldOptions(slice.fields)]} onChange=${(/** @type {string} */ name) => does.views.conflicts.filter("field", name)}/>`}
      <${Select} label=${t("Order")} value=${slice.sort} options=${[["", t("Oldest first")], ["newest", t("Newest first")]]} onChange=${(/** @type {string} */ sort) => does.views.conflicts.filter("sort", sort)}/>
      ${slice.rows.length > 0 && html`<span class="caption figure filters-end">${slice.field || !fields ? recordCount(slice.total) : conflictTotal(slice.total, fields)}</span>`}</div>
    <${Frame} slice=${slice} again=${does.views.conflicts.load}>${slice.rows.length
      ? html`<${InboxList} name="conflicts" slice=${slice} does=${does} side=${(/** @type {any} */ row) => fieldCount(row.conflict?.fields?.length ?? 0)}
        about=${(/** @type {any} */ row) => html`<${icon.Diamond} size=${14} class="tone-decide"/><span dir="auto">${conflictAbout(row)}</span>`}
        card=${(/** @type {any} */ row) => html`<${Card} row=${row} state=${state} does=${does}/>`}/>`
      : html`<${None} at=${slice.at}/>`}<//>`;
}

/** A field of several modules is one choice. @param {any[]} fields @returns {[string, string][]} */
function fieldOptions(fields) {
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const { field, label } of fields) names.set(field, names.has(field) && names.get(field) !== label ? `${names.get(field)}, ${label}` : label);
  return [...names];
}

/** @param {{ at: string }} props */
function None({ at }) {
  const title = t("No conflicts. Checked {time}.", { time: moment(at) });
  return html`<div class="card"><${Blank} Icon=${icon.Agreed} tone="ok" title=${title} text=${t("When both sides edit the same field, it waits here for you and nothing is overwritten.")}/></div>`;
}

/** @param {{ row: any, state: any, does: any }} props */
function Card({ row, state, does }) {
  const slice = state.conflicts;
  const inbox = does.views.conflicts;
  const fields = row.conflict?.fields ?? [];
  const chosen = slice.choices[row.id] ?? {};
  const count = fields.filter((/** @type {any} */ field) => chosen[field.field]).length;
  const frozen = !state.shell.online || state.shell.ended || Boolean(slice.busy);
  const currency = row.money?.currency ?? null;
  const all = (/** @type {string} */ side) => inbox.choose(row.id, Object.fromEntries(fields.map((/** @type {any} */ field) => [field.field, side === "zoho" && field.locked ? "xero" : side])));
  const submit = (/** @type {Event} */ event) => { event.preventDefault(); if (count && !frozen) void inbox.apply(row); };
  const agreedAt = fields.filter((/** @type {any} */ field) => field.base !== null).map((/** @type {any} */ field) => field.agreed_at).filter(Boolean).sort().at(-1);
  return html`<form class="conflict" aria-label=${t("Choose a value for each field")} onSubmit=${submit} onKeyDown=${(/** @type {KeyboardEvent} */ event) => onKey(event, row, fields, inbox)}>
    <header class="card-head"><div><h2 tabIndex="-1"><bdi>${row.label}</bdi> <span class="quiet">${moduleName(row.module)}</span></h2>${row.money && html`<p class="agrees"><${icon.Agreed} size=${14} class="tone-ok"/>${t("Amounts agree")} <span class="figure quiet">${dueText(row.money)}</span></p>`}</div>
      <div class="head-ways"><${OpenInCrm} row=${row} does=${does}/>${row.url && html`<${OutLink} class="button" url=${row.url}>${t("Open in Xero")}<//>`}</div></header>
    <div class="conflict-table" role="presentation"><div class="conflict-head" aria-hidden="true"><span>${t("Field")}</span><span>${agreedAt ? agreedHead(agreedAt) : t("Last agreed")}</span><span><${icon.Square}/> CRM</span><span><${icon.Disc}/> Xero</span></div>
      ${fields.map((/** @type {any} */ field) => html`<${Line} key=${field.field} row=${row} field=${field} currency=${currency} chosen=${chosen[field.field]} onChoose=${(/** @type {string} */ side) => inbox.choose(row.id, { ...inbox.chosen(row.id), [field.field]: side })}/>`)}</div>
    ${state.shell.admin && html`<label class="check card-part"><input type="checkbox" checked=${Boolean(slice.remember[row.id])} onChange=${(/** @type {any} */ event) => inbox.remember(row.id, event.target.checked)}/><span class="says">${alwaysDecide(row.module)}</span></label>`}
    <footer class="card-foot"><p class="caption" aria-live="polite">${written(fields, chosen)}</p><div class="ways">
      <button type="button" class="link" disabled=${frozen} onClick=${() => all("zoho")}>${t("CRM for all")}</button><button type="button" class="link" disabled=${frozen} onClick=${() => all("xero")}>${t("Xero for all")}</button>
      <button type="submit" class="button primary" disabled=${frozen || !count} aria-busy=${slice.busy === "apply" ? "true" : undefined}>${count ? n("Apply 1 choice", "Apply {n} choices", count) : t("Choose a value first")}</button></div></footer></form>`;
}

/** @param {string} at */
const agreedHead = (at) => t("Agreed {date}", { date: stamp(at) });

/** @param {any} props */
function Line({ row, field, currency, chosen, onChoose }) {
  const agreed = valueText(field.base, field.type, currency) ?? "–";
  return html`<fieldset class="conflict-line" data-field=${field.field}><legend class="unseen">${field.label}</legend><span class="conflict-field" aria-hidden="true" dir="auto">${field.label}</span>
    <span class="conflict-base"><span class="unseen-wide">${t("Last agreed")}: </span><bdi>${agreed}</bdi></span>
    ${["zoho", "xero"].map((side) => html`<${Side} key=${side} row=${row} field=${field} side=${side} currency=${currency} chosen=${chosen} onChoose=${onChoose}/>`)}</fieldset>`;
}

/** @param {any} props */
function Side({ row, field, side, currency, chosen, onChoose }) {
  const value = valueText(field[side], field.type, currency);
  const closed = side === "zoho" && field.locked;
  const who = [field[`${side}_by`], field[`${side}_at`] && moment(field[`${side}_at`])].filter(Boolean).join(", ");
  const other = String(field.base ?? field[side === "zoho" ? "xero" : "zoho"] ?? "");
  const parts = value !== null && field.type === "text" ? changedParts(value, other).map((part) => (part.changed ? html`<ins>${part.text}</ins>` : part.text)) : value;
  return html`<label class="option"><input type="radio" name=${`${row.id}-${field.field}`} value=${side} checked=${chosen === side} disabled=${closed} onChange=${() => onChoose(side)}/>
    <span class=${value === null ? "value none" : "value"}><bdi>${value === null ? t("(empty)") : parts}</bdi></span>
    <span class="side">${side === "zoho" ? html`<${icon.Square}/>CRM` : html`<${icon.Disc}/>Xero`}</span><span class="who">${closed ? t("Xero no longer lets this change.") : who || t("Time not known")}</span></label>`;
}

/** @param {any[]} fields @param {Record<string, string>} chosen */
function written(fields, chosen) {
  const labels = (/** @type {string} */ side) => fields.filter((field) => chosen[field.field] === side).map((field) => field.label);
  const [toXero, toCrm] = [labels("zoho"), labels("xero")];
  if (toXero.length && toCrm.length) return t("Writes {fields} to Xero and {others} to CRM.", { fields: list(toXero), others: list(toCrm) });
  if (toXero.length) return t("Writes {fields} to Xero.", { fields: list(toXero) });
  return toCrm.length ? t("Writes {fields} to CRM.", { fields: list(toCrm) }) : t("Nothing has been written yet.");
}

/** C and X choose a side for the field in focus, else for the first that is open. @param {KeyboardEvent} event @param {any} row @param {any[]} fields @param {any} inbox */
function onKey(event, row, fields, inbox) {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey || event.altKey || !["c", "x", "enter"].includes(key)) return;
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  if (key === "enter") {
    if (/** @type {any} */ (event.target).matches("button, a")) return;
    event.preventDefault();
    return void form.requestSubmit();
  }
  const chosen = inbox.chosen(row.id);
  const inside = /** @type {any} */ (event.target).closest?.("[data-field]")?.dataset.field;
  const field = fields.find((one) => one.field === inside) ?? fields.find((one) => !chosen[one.field]) ?? fields[0];
  const side = key === "c" ? "zoho" : "xero";
  if (!field || (side === "zoho" && field.locked)) return;
  event.preventDefault();
  inbox.choose(row.id, { ...chosen, [field.field]: side });
}
