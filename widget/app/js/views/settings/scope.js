// @ts-check
/** What of a module is in scope: a start date, conditions on CRM fields, and how many records that is. */
import { html, useModal, useRef } from "./hooks.js";
import { n, t } from "../../i18n.js";
import { count } from "../../format.js";
import { moduleOf } from "../../modules.js";
import { moduleName, operators } from "../../words/modules.js";
import { Button, Unread } from "../parts.js";
import * as icon from "../icons.js";
import * as rail from "../railicons.js";
import { Field, Select } from "./parts.js";

const WITHOUT_VALUE = Object.freeze(["empty", "not_empty"]);
const LISTS = Object.freeze(["in", "not_in"]);

/** @param {any} props */
export function Scope({ module, state, does, locked }) {
  const box = useRef(/** @type {any} */ (null));
  const held = state.configured.draft.modules[module];
  const told = state.modules.offers[module];
  const offers = told?.fields ?? [];
  const again = () => void does.views.modules.openScope(module);
  const edit = (/** @type {string} */ part, /** @type {any} */ value) => { does.views.configured.edit(["modules", module, part], value); };
  useModal(box, () => does.go({ view: "modules" }));
  const title = t("{module}: what is in scope", { module: moduleName(module) });
  const says = html`<h2 id="scope-title">${title}</h2><p class="caption">${t("Records outside are left alone on both sides, and say so.")}</p>`;
  return html`<dialog class="dialog wide" ref=${box} aria-labelledby="scope-title">
    <div class="dialog-body">${says}
      <${Field} label=${t("Not before")} hint=${moduleOf(module)?.dated ? t("By the date of the document. Earlier ones stay as they are.") : t("By the day the record was created.")} error=${state.configured.fields[`modules.${module}.start_date`] ?? ""}>
        <div class="with-button"><input type="date" aria-label=${t("Not before")} value=${held.start_date ?? ""} disabled=${locked} max="2100-12-31" onChange=${(/** @type {any} */ event) => edit("start_date", event.target.value || null)}/>
          ${held.start_date && html`<button type="button" class="link" disabled=${locked} onClick=${() => edit("start_date", null)}>${t("From the beginning")}</button>`}</div><//>
      <div class="field"><span class="label">${t("All of these must be true")}</span>
        ${held.filter.map((/** @type {any} */ row, /** @type {number} */ index) => html`<${Condition} key=${index} row=${row} index=${index} offers=${offers} locked=${locked}
          error=${Object.entries(state.configured.fields).find(([path]) => path.startsWith(`modules.${module}.filter.${index}`))?.[1]}
          onChange=${(/** @type {any} */ next) => edit("filter", next ? held.filter.map((/** @type {any} */ one, /** @type {number} */ at) => (at === index ? next : one)) : held.filter.filter((/** @type {any} */ _, /** @type {number} */ at) => at !== index))}/>`)}
        ${!held.filter.length && html`<p class="caption">${t("No condition: every record is in scope.")}</p>`}
        <div><${Button} label=${t("Add a condition")} Icon=${rail.Plus} busy=${!told} disabled=${locked || !offers.length} onClick=${() => edit("filter", [...held.filter, { field: offers[0].path, op: "eq", value: "" }])}/></div>
        ${told?.problem && html`<${Unread} problem=${told.problem} what=${t("The fields of CRM could not be read.")} again=${again}/>`}</div>
      <${Count} counted=${state.modules.counts[module]} again=${again}/></div>
    <div class="dialog-foot"><${Button} label=${t("Close")} primary onClick=${() => box.current?.close()}/></div></dialog>`;
}

/** @param {any} props */
function Condition({ row, index, offers, locked, error, onChange }) {
  const field = offers.find((/** @type {any} */ one) => one.path === row.field);
  const options = offers.map((/** @type {any} */ one) => [one.path, one.label]);
  const known = field ? options : [[row.field, row.field], ...options];
  const valueOf = (/** @type {string} */ op, /** @type {any} */ value) => {
    if (WITHOUT_VALUE.includes(op)) return null;
    if (LISTS.includes(op)) return Array.isArray(value) ? value : value === null || value === "" ? [] : [String(value)];
    return Array.isArray(value) ? value[0] ?? "" : value ?? "";
  };
  const name = t("Condition {number}", { number: index + 1 });
  const remove = t("Remove condition {number}", { number: index + 1 });
  return html`<div class="condition" role="group" aria-label=${name}>
    <${Select} label=${t("Field")} value=${row.field} options=${known} disabled=${locked} invalid=${Boolean(error)} onChange=${(/** @type {string} */ path) => onChange({ ...row, field: path, value: valueOf(row.op, "") })}/>
    <${Select} label=${t("Comparison")} value=${row.op} options=${operators()} disabled=${locked} onChange=${(/** @type {string} */ op) => onChange({ ...row, op, value: valueOf(op, row.value) })}/>
    <${Value} row=${row} field=${field} locked=${locked} onChange=${(/** @type {any} */ value) => onChange({ ...row, value })}/>
    <button type="button" class="icon-button" disabled=${locked} aria-label=${remove} onClick=${() => onChange(null)}><${icon.Cross} size=${14}/></button>
    ${error && html`<span class="wrong" role="alert"><${icon.Triangle} size=${12}/>${error}</span>`}</div>`;
}

/** @param {any} props */
function Value({ row, field, locked, onChange }) {
  if (WITHOUT_VALUE.includes(row.op)) return html`<span></span>`;
  const choices = (field?.choices ?? []).map((/** @type {any} */ one) => (typeof one === "object" ? [String(one.value), one.label ?? one.value] : [String(one), String(one)]));
  if (LISTS.includes(row.op)) {
    const held = Array.isArray(row.value) ? row.value : [];
    if (!choices.length) return html`<input type="text" aria-label=${t("Values, separated by commas")} value=${held.join(", ")} disabled=${locked} onChange=${(/** @type {any} */ event) => onChange(event.target.value.split(",").map((/** @type {string} */ one) => one.trim()).filter(Boolean))}/>`;
    return html`<fieldset class="pick-list"><legend class="unseen">${t("Values")}</legend>${choices.map((/** @type {[string, string]} */ [value, text]) => html`<label class="check" key=${value}><input type="checkbox" checked=${held.includes(value)} disabled=${locked}
      onChange=${(/** @type {any} */ event) => onChange(event.target.checked ? [...held, value] : held.filter((/** @type {string} */ one) => one !== value))}/><span class="says" dir="auto">${text}</span></label>`)}</fieldset>`;
  }
  if (field?.type === "boolean") return html`<${Select} label=${t("Value")} value=${String(row.value)} options=${[["", "–"], ["true", t("Yes")], ["false", t("No")]]} disabled=${locked} onChange=${(/** @type {string} */ value) => onChange(value === "true")}/>`;
  if (choices.length) return html`<${Select} label=${t("Value")} value=${String(row.value ?? "")} options=${[["", "–"], ...choices]} disabled=${locked} onChange=${onChange}/>`;
  const kind = field?.type === "date" ? "date" : "text";
  return html`<input type=${kind} aria-label=${t("Value")} value=${row.value ?? ""} disabled=${locked} onChange=${(/** @type {any} */ event) => onChange(event.target.value)}/>`;
}

/** @param {any} props */
function Count({ counted, again }) {
  if (counted?.problem) return html`<${Unread} problem=${counted.problem} what=${t("How many records that is could not be counted.")} again=${again}/>`;
  if (!counted || counted.total === null || counted.total === undefined) return null;
  const included = Number(counted.included ?? 0);
  const total = count(Number(counted.total ?? 0));
  const text = counted.complete ? n("1 of {total} records is in scope.", "{n} of {total} records are in scope.", included, { total }) : n("1 of {total} records known so far is in scope.", "{n} of {total} records known so far are in scope.", included, { total });
  return html`<p class="scope-count figure" role="status">${text} <button type="button" class="link" onClick=${again}>${t("Count again")}</button></p>`;
}
