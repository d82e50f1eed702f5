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
  const [choices, setChoices] = useState(/** @type {Record<string, Choice>} */ ({}));
  const [remember, setRemember] = useState(false);
  const { valid, overtaken } = stillMeant(fields, choices);
  const count = Object.keys(valid).length;
  const chosen = (/** @type {any} */ field, /** @type {string} */ side) => ({ [field.field]: { side, seen: seenOf(field) } });
  const choose = (/** @type {string} */ name, /** @type {string} */ side) => setChoices({
    ...choices, ...chosen(fields.find((/** @type {any} */ field) => field.field === name), side),
  });
  const apply = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (count && !disabled) onApply(valid, remember);
  };
  return html`<form class="part" aria-label=${t("Choose a value for each field")} onSubmit=${apply}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => onKey(event, fields, choose)}>
    ${fields.map((/** @type {any} */ field) => html`<${Field} key=${field.field} field=${field} currency=${record.money?.currency}
      chosen=${valid[field.field]} overtaken=${overtaken.includes(field.field)} onChoose=${choose}/>`)}
    ${admin && html`<label class="tick"><input type="checkbox" checked=${remember} onChange=${(/** @type {any} */ event) => setRemember(event.target.checked)}/>
      <span>${alwaysDecide(record.module)}</span></label>`}
    <p class="writes" aria-live="polite">${whatIsWritten(fields, valid)}</p>
    <div class="ways">
      <button type="button" class="link" disabled=${disabled}
        onClick=${() => setChoices(Object.assign({}, ...fields.map((/** @type {any} */ field) => chosen(field, "xero"))))}>${t("Use Xero for all")}</button>
      <button type="submit" class=${count ? "button primary" : "button"} disabled=${disabled || !count} aria-busy=${busy ? "true" : undefined}>
        ${count ? n("Apply 1 choice", "Apply {n} choices", count) : t("Choose a value first")}</button></div>
    <p class="caption keys"><kbd>J</kbd> <kbd>K</kbd> ${t("next and previous field")} · <kbd>C</kbd> <kbd>X</kbd> ${t("CRM or Xero")} · <kbd>↵</kbd> ${t("apply")}</p>
  </form>`;
}

/** @typedef {{ side: string, seen: string }} Choice */

/** What a person had before the eyes when choosing. @param {any} field */
export const seenOf = (field) => JSON.stringify([field.zoho, field.xero, Boolean(field.locked)]);

/** The choices made between the values that stand there now, and the fields whose values changed under a choice. @param {any[]} fields @param {Record<string, Choice>} choices */
export function stillMeant(fields, choices) {
  const made = fields.filter((field) => choices[field.field]);
  const holds = (/** @type {any} */ field) => choices[field.field].seen === seenOf(field);
  return {
    valid: Object.fromEntries(made.filter(holds).map((field) => [field.field, choices[field.field].side])),
    overtaken: made.filter((field) => !holds(field)).map((field) => field.field),
  };
}

/** @param {{ field: any, currency: string | null, chosen: string | undefined, overtaken: boolean, onChoose: (field: string, side: string) => void }} props */
function Field({ field, currency, chosen, overtaken, onChoose }) {
  const agreed = valueText(field.base, field.type, currency);
  return html`<fieldset class="choice" data-field=${field.field}>
    <legend><span class="name">${field.label}</span>
      <span class="caption">${lastAgreed(agreed)}</span></legend>
    <div class="sides">
      <${Option} field=${field} side="zoho" currency=${currency} chosen=${chosen} onChoose=${onChoose}/>
      <${Option} field=${field} side="xero" currency=${currency} chosen=${chosen} onChoose=${onChoose}/></div>
    ${overtaken && html`<p class="note" role="alert"><${icon.Triangle} size=${14} class="tone-decide"/><span>${t("A value changed after you had chosen. Choose again.")}</span></p>`}</fieldset>`;
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
