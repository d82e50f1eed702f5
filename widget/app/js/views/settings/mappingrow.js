// @ts-check
/** One pair of fields: what it is, which way it goes, whether it fits; more below when it is opened. */
import { html } from "./hooks.js";
import { t } from "../../i18n.js";
import { mapsValues } from "../../state/mapping.js";
import { conflictRule } from "../../words/modules.js";
import { flowNames, ownerNames, sampleText, typeText, valuesOpen, whenNames } from "../../words/mapping.js";
import * as icon from "../icons.js";
import * as rail from "../railicons.js";
import { MappingMore } from "./mappingmore.js";
import { Select } from "./parts.js";

const KINDS = Object.freeze({
  text: rail.Text, textarea: rail.Text, string: rail.Text, date: rail.Calendar, datetime: rail.Calendar, money: rail.Coin, currency: rail.Coin, number: rail.Hash, double: rail.Hash, decimal: rail.Hash,
  integer: rail.Hash, bigint: rail.Hash, percent: rail.Hash, picklist: rail.List, choice: rail.List, multiselectpicklist: rail.List, tracking: rail.Tag, link: rail.People, lookup: rail.People, boolean: icon.Tick, lines: rail.Lines,
});

/** @param {any} props */
export function MappingRow({ one, slice, locked, rule, wide, full, changed, open, does }) {
  const { row, crm, books, wrong, open: values, sure } = one;
  const name = crm?.label ?? row.label ?? row.zoho ?? books?.label ?? row.name;
  const edit = (/** @type {Record<string, any>} */ patch) => does.views.mapping.edit(row.name, patch);
  const shut = Boolean(row.locked);
  const off = row.flow === "off";
  const byValue = mapsValues(row, crm, values);
  const more = open || values.length > 0 || slice.choosing === row.name;
  const owner = html`<${Select} bare label=${`${name}: ${t("Edited on both")}`} value=${row.owner} options=${ownerNames(conflictRule(rule))} disabled=${locked} onChange=${(/** @type {string} */ value) => edit({ owner: value })}/>`;
  const when = html`<${Select} bare label=${`${name}: ${t("When")}`} value=${row.on} options=${whenNames()} disabled=${locked} onChange=${(/** @type {string} */ value) => edit({ on: value })}/>`;
  return html`<div role="listitem" class=${`map-row${shut ? " locked" : ""}${off ? " off" : ""}${values.length || wrong.length ? " open-value" : ""}${changed ? " changed" : ""}`}>
    <div class="map-line"><${Side} field=${crm} path=${row.zoho} fixed=${row.fixed} side="CRM" wide=${wide}/>
      <div class="map-flow">${shut ? html`<${icon.Way} direction=${off ? "none" : row.flow}/><span class="unseen">${flowNames().find(([key]) => key === row.flow)?.[1]}</span>` : html`<${Flow} row=${row} name=${name} locked=${locked} onChange=${(/** @type {string} */ flow) => edit({ flow })}/>`}
        ${!wide && !shut && !off && html`<span class="map-rules">${when}${owner}</span>`}</div>
      <${Side} field=${books} path=${row.xero} side="Xero" wide=${wide}/>
      ${wide && shut && html`<span class="map-why caption">${short(row.locked.text) ? "" : row.locked.text}</span>`}
      ${wide && !shut && html`<span class="map-when">${!off && when}</span>`}${full && !shut && html`<span class="map-owner">${!off && owner}</span>`}
      <div class="map-check"><${Check} row=${row} wrong=${wrong} values=${values} sure=${sure}/>${!shut && html`<button type="button" class="icon-button" aria-expanded=${more ? "true" : "false"} aria-label=${`${name}: ${t("more")}`} onClick=${() => does.views.mapping.open(row.name)}><${icon.Chevron} size=${14} class=${open ? "down" : ""}/></button>`}</div></div>
    ${!wide && shut && !short(row.locked.text) && row.locked.text && html`<p class="map-why caption">${row.locked.text}</p>`}
    ${more && !shut && html`<${MappingMore} byValue=${byValue} row=${row} crm=${crm} books=${books} wrong=${wrong} slice=${slice} locked=${locked} owner=${!full && wide ? owner : null} open=${open} name=${name} edit=${edit} does=${does}/>`}</div>`;
}

/** A field with its type and what the sample record holds. @param {any} props */
function Side({ field, path, fixed, side, wide }) {
  const Kind = KINDS[/** @type {keyof typeof KINDS} */ (field?.type)] ?? rail.Text;
  const constant = t("Always: {value}", { value: fixed ?? "" });
  if (!path && !field) return html`<div class="map-side none"><span class="map-kind"></span><span class="quiet" dir="auto">${fixed ? constant : t("Not synced")}</span></div>`;
  return html`<div class="map-side"><span class="map-kind"><${Kind} size=${14}/></span><span class="map-name"><span><strong dir="auto">${field?.label ?? path}</strong> <span class="caption">${typeText(field)}</span>${field?.required && html`<span class="caption"> · ${t("required")}</span>`}</span>${sampleText(field) && html`<span class="caption sample" dir="auto">${sampleText(field)}</span>`}</span>
    ${!wide && html`<span class="side">${side === "CRM" ? html`<${icon.Square}/>` : html`<${icon.Disc}/>`}${side}</span>`}</div>`;
}

/** The direction as its picture; underneath lies a choice. @param {any} props */
function Flow({ row, name, locked, onChange }) {
  return html`<label class="flow"><span class="unseen"><bdi>${name}</bdi>: ${t("Direction")}</span><${icon.Way} direction=${row.flow === "off" ? "none" : row.flow}/><${icon.Chevron} size=${10} class="down"/>
    <select value=${row.flow} disabled=${locked} onChange=${(/** @type {any} */ event) => onChange(event.target.value)}>${flowNames().map(([key, text]) => html`<option key=${key} value=${key} selected=${key === row.flow}>${text}</option>`)}</select></label>`;
}

/** @param {any} text */
const short = (text) => (text && text.length <= 26 ? text.replace(/\.$/, "") : "");

/** Whether the pair fits, in one word; it does once that was looked at. @param {any} props */
function Check({ row, wrong, values, sure }) {
  if (row.locked) return html`<span class="verdict"><${rail.Lock} size=${14}/>${short(row.locked.text) || t("Fixed")}</span>`;
  if (row.flow === "off") return html`<span class="verdict"><${icon.Ring} size=${14} class="tone-quiet"/>${t("Off")}</span>`;
  if (values.length) return html`<span class="verdict decide"><${icon.Triangle} size=${14} class="tone-decide"/>${valuesOpen(values.length)}</span>`;
  if (wrong.length) return html`<span class="verdict blocked"><${icon.Triangle} size=${14} class="tone-blocked"/>${t("Does not fit")}</span>`;
  if (sure) return html`<span class="verdict"><${icon.Ring} size=${14} class="tone-quiet"/>${sure === "checking" ? t("Checking…") : t("Not checked")}</span>`;
  return html`<span class="verdict ok"><${icon.Agreed} size=${14} class="tone-ok"/>${t("Fits")}</span>`;
}
