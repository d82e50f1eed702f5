// @ts-check
/** Several records in Xero could be this one: a person chooses, nothing is created meanwhile. */
import { html } from "../vendor/htm-preact-standalone.js";
import { t } from "../i18n.js";
import { isOfPeople } from "../modules.js";
import { evidence } from "../words.js";
import { Button } from "./parts.js";
import * as icon from "./icons.js";

/** @param {{ record: any, disabled: boolean, onLink: (id: string | null) => void }} props */
export function Candidates({ record, disabled, onLink }) {
  const { candidates } = record;
  const strong = candidates.filter((/** @type {any} */ row) => row.strong).length === 1;
  const question = isOfPeople(record.module)
    ? t("Which contact is {name}?", { name: record.label }) : t("Which record in Xero is {name}?", { name: record.label });
  return html`<section class="part" aria-labelledby="partners-title"><h2 id="partners-title" class="name">${question}</h2>
    <div class="partners">${candidates.map((/** @type {any} */ row) => html`<article class="partner" key=${row.xero_id}>
      <h3><bdi>${row.name || row.number}</bdi>${row.archived && html`<span class="pill">${t("Archived")}</span>`}</h3>
      <ul>${(row.evidence ?? []).map((/** @type {any} */ proof) => html`<li><${Evidence} proof=${proof}/></li>`)}</ul>
      ${row.uses?.text && html`<p class="caption">${row.uses.text}</p>`}
      <${Button} label=${linkLabel(record.module, row.archived)} Icon=${icon.Linked} primary=${row.strong && strong} disabled=${disabled}
        onClick=${() => onLink(row.xero_id)}/></article>`)}</div>
    <div class="ways neither"><${Button} label=${neitherLabel(record.module)} disabled=${disabled} onClick=${() => onLink(null)}/></div></section>`;
}

/** @param {string} module */
function neitherLabel(module) {
  return isOfPeople(module)
    ? t("None of these: create a new contact") : t("None of these: create a new record");
}

/** Only a contact can be restored. @param {string} module @param {boolean} archived */
function linkLabel(module, archived) {
  const person = isOfPeople(module);
  if (archived && person) return t("Link and restore");
  return person ? t("Link to this contact") : t("Link to this record");
}

/** @param {{ proof: any }} props */
function Evidence({ proof }) {
  const words = evidence(proof);
  if (proof.verdict === "same") return html`<${icon.Agreed} size=${14} class="tone-ok"/><span>${words}</span>`;
  const other = proof.verdict === "other" && proof.xero;
  return html`<${icon.Ring} size=${14} class="tone-quiet"/><span>${words}${other && html` <bdi>${other}</bdi>`}</span>`;
}
