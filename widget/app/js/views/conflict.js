// @ts-check
/** One field, two radio cards, nothing preselected; what Apply writes is said before it is pressed. */
import { html, useState } from "../vendor/htm-preact-standalone.js";
import { n, t } from "../i18n.js";
import { list, moment } from "../format.js";
import { changedParts } from "../diff.js";
import { alwaysDecide, lastAgreed, valueText } from "../words.js";
import * as icon from "./icons.js";

/** @param {{ record: any, admin: boolean, disabled: boolean, busy: boolean, onApply: (choices: Record<string, string>, remember: boolean) => void }} props */
export function Conflict({ record, admin, disabled, busy, onApply }) {
  const { fields } = record.conflict;
  const [choices, setChoices] = useState(/** @type {Record<string, string>} */ ({}));
  const [remember, setRemember] = useState(false);
  const valid = Object.fromEntries(
    Object.entries(choices).filter(([field]) => fields.some((/** @type {any} */ row) => row.field === field)),
  );
  const count = Object.keys(valid).length;
  const choose = (/** @type {string} */ field, /** @type {string} */ side) => setChoices({ ...valid, [field]: side });
  const apply = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (count && !disabled) onApply(valid, remember);
  };
  return html`<form class="part" aria-label=${t("Choose a value for each field")} onSubmit=${apply}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => onKey(event, fields, choose)}>
    ${fields.map((/** @type {any} */ field) => html`<${Field} key=${field.field} field=${field} currency=${record.money?.currency}
      chosen=${valid[field.field]} onChoose=${choose}/>`)}
    ${admin && html`<label class="tick"><input type="checkbox" checked=${remember} onChange=${(/** @type {any} */ event) => setRemember(event.target.checked)}/>
      <span>${alwaysDecide(record.module)}</span></label>`}
    <p class="writes" aria-live="polite">${whatIsWritten(fields, valid)}</p>
    <div class="ways">
      <button type="button" class="link" disabled=${disabled}
        onClick=${() => setChoices(Object.fromEntries(fields.map((/** @type {any} */ field) => [field.field, "xero"])))}>${t("Use Xero for all")}</button>
      <button type="submit" class=${count ? "button primary" : "button"} disabled=${disabled || !count} aria-busy=${busy ? "true" : undefined}>
        ${count ? n("Apply 1 choice", "Apply {n} choices", count) : t("Choose a value first")}</button></div>
    <p class="caption keys"><kbd>J</kbd> <kbd>K</kbd> ${t("next and previous field")} · <kbd>C</kbd> <kbd>X</kbd> ${t("CRM or Xero")} · <kbd>↵</kbd> ${t("apply")}</p>
  </form>`;
}

/** @param {{ field: any, currency: string | null, chosen: string | undefined, onChoose: (field: string, side: string) => void }} props */
function Field({ field, currency, chosen, onChoose }) {
  const agreed = valueText(field.base, field.type, currency);
  return html`<fieldset class="choice" data-field=${field.field}>
    <legend><span class="name">${field.label}</span>
      <span class="caption">${lastAgreed(agreed)}</span></legend>
    <div class="sides">
      <${Option} field=${field} side="zoho" currency=${currency} chosen=${chosen} onChoose=${onChoose}/>
      <${Option} field=${field} side="xero" currency=${currency} chosen=${chosen} onChoose=${onChoose}/></div></fieldset>`;
}

/** @param {any} props */
function Option({ field, side, currency, chosen, onChoose }) {
  const value = valueText(field[side], field.type, currency);
  const by = field[`${side}_by`];
  const at = field[`${side}_at`];
  const who = [by, at && moment(at)].filter(Boolean).join(", ");
  const isCrm = side === "zoho";
  const closed = isCrm && field.locked;
  return html`<label class="option"><input type="radio" name=${`choice-${field.field}`} value=${side} checked=${chosen === side} disabled=${closed}
      onChange=${() => onChoose(field.field, side)}/>
    <span class=${value === null ? "value none" : "value"}><bdi>${value === null ? t("(empty)") : html`<${Changed} field=${field} side=${side} value=${value}/>`}</bdi></span>
    <span class="side">${isCrm ? html`<${icon.Square}/>CRM` : html`<${icon.Disc}/>Xero`}</span>
    <span class="who">${closed ? t("Xero no longer lets this change.") : who || t("Time not known")}</span></label>`;
}

/** Text with the characters underlined that were not there before. @param {any} props */
function Changed({ field, side, value }) {
  if (field.type !== "text") return value;
  const other = field.base ?? field[side === "zoho" ? "xero" : "zoho"] ?? "";
  return changedParts(value, String(other)).map((part) => (part.changed ? html`<ins>${part.text}</ins>` : part.text));
}

/** @param {any[]} fields @param {Record<string, string>} choices */
function whatIsWritten(fields, choices) {
  const labels = (/** @type {string} */ side) => fields.filter((field) => choices[field.field] === side).map((field) => field.label);
  const [toXero, toCrm] = [labels("zoho"), labels("xero")];
  if (toXero.length && toCrm.length) return t("Writes {fields} to Xero and {others} to CRM.", { fields: list(toXero), others: list(toCrm) });
  if (toXero.length) return t("Writes {fields} to Xero.", { fields: list(toXero) });
  return toCrm.length ? t("Writes {fields} to CRM.", { fields: list(toCrm) }) : t("Nothing has been written yet.");
}

/**
 * J and K move between fields, C and X choose a side; they work only while the card has focus.
 * @param {KeyboardEvent} event @param {any[]} fields @param {(field: string, side: string) => void} choose
 */
function onKey(event, fields, choose) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const sets = [.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll("fieldset")];
  const at = sets.findIndex((set) => set.contains(/** @type {Node} */ (event.target)));
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") {
    const next = sets[Math.min(sets.length - 1, Math.max(0, at + (key === "j" ? 1 : -1)))];
    /** @type {HTMLElement} */ (next.querySelector("input:checked") ?? next.querySelector("input:enabled"))?.focus();
  } else if ((key === "c" || key === "x") && at >= 0 && !(key === "c" && fields[at].locked)) {
    choose(fields[at].field, key === "c" ? "zoho" : "xero");
    /** @type {HTMLElement} */ (sets[at].querySelector(`input[value=${key === "c" ? "zoho" : "xero"}]`)).focus();
  } else return;
  event.preventDefault();
}
