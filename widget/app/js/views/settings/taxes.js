// @ts-check
/** Which tax rate of Xero stands for a tax of CRM: on what is sold, and on what is bought. */
import { html } from "./hooks.js";
import { t } from "../../i18n.js";
import { boughtAnyway, chosenFor, proposals, showsBought, taxKey, taxesOf, waiting, withTax } from "../../state/maps.js";
import { anywayText, openTaxes, proposedText, rateName, takeAll, taxName } from "../../words/maps.js";
import { Button } from "../parts.js";
import * as icon from "../icons.js";
import { Select } from "./parts.js";

/** @param {any} part */
export function Taxes({ slice, configured, locked, edit }) {
  const map = configured.draft.tax_map ?? [];
  const stored = configured.stored.tax_map ?? [];
  const rates = slice.choices?.tax_rates ?? [];
  const rows = taxesOf(slice.told, map);
  const open = rows.filter((row) => Object.values(waiting(slice.told, row, map, rates)).includes(true)).length;
  const offered = proposals(slice.told, map, rates);
  const take = () => edit(["tax_map"], offered.reduce((held, { zoho, xero, bought }) => withTax(held, zoho, xero, bought, rates), map));
  const part = { told: slice.told, map, stored, rates, locked, edit };
  return html`<section class="card" aria-labelledby="tax-title"><div class="row-ends card-title"><div><h2 id="tax-title">${t("Tax rates")}</h2>${open > 0 && html`<p class="caption">${openTaxes(open)}</p>`}</div>
      ${offered.length > 0 && html`<${Button} label=${takeAll(offered.length)} disabled=${locked} onClick=${take}/>`}</div>
    ${rows.length ? html`<ul class="pairs-list">${rows.map((row) => html`<${Sold} key=${taxKey(row.zoho)} row=${row} ...${part}/>
      ${showsBought(slice.told, row, map, rates) && html`<${Bought} key=${`${taxKey(row.zoho)} bought`} row=${row} ...${part}/>`}`)}</ul>` : html`<p class="part caption">${t("CRM has no taxes. Lines without tax go as they are.")}</p>`}</section>`;
}

/** @param {any} props */
function Sold({ row, told, map, rates, ...part }) {
  const code = chosenFor(map, row.zoho, false, rates);
  const proposed = row.proposal ? proposedText(nameOf(rates, row.proposal)) : "";
  const says = code ? (row.why && code === row.proposal ? row.why : "") : [proposed, row.why].filter(Boolean).join(" · ") || t("Documents with this tax wait.");
  return html`<li class=${waiting(told, row, map, rates).sold ? "waits" : ""}><span class="pairs-crm"><${icon.Square}/><span dir="auto">${taxName(row.zoho)}</span>${row.gone && html`<span class="caption">${t("no longer in CRM")}</span>`}</span><${icon.Way} direction=${code ? "both" : "none"}/>
    <${Choice} label=${taxName(row.zoho)} none=${t("Choose a tax rate")} row=${row} bought=${false} map=${map} rates=${rates} ...${part}/><span class="caption">${says}</span></li>`;
}

/** The same tax on what is bought, where another rate may stand for it. @param {any} props */
function Bought({ row, told, map, rates, ...part }) {
  const waits = waiting(told, row, map, rates).bought;
  const anyway = boughtAnyway(row, map, rates);
  const none = anyway ? anywayText(nameOf(rates, anyway.code), anyway.asSold) : t("Choose a tax rate");
  const proposed = row.bought?.proposal ? proposedText(nameOf(rates, row.bought.proposal)) : "";
  return html`<li class=${waits ? "bought waits" : "bought"}><span class="pairs-crm"><span class="caption">${t("on purchases")}</span></span><${icon.Way} direction=${waits ? "none" : "both"}/>
    <${Choice} label=${`${taxName(row.zoho)}, ${t("on purchases")}`} none=${none} row=${row} bought=${true} map=${map} rates=${rates} ...${part}/><span class="caption">${waits ? proposed || t("Orders to suppliers with this tax wait.") : ""}</span></li>`;
}

/** @param {any} props */
function Choice({ label, none, row, bought, map, stored, rates, locked, edit }) {
  const code = chosenFor(map, row.zoho, bought, rates);
  const usable = rates.filter((/** @type {any} */ rate) => rate.active !== false && rate[bought ? "purchases" : "sales"] !== false);
  const kept = code && !usable.some((/** @type {any} */ rate) => rate.code === code) ? [[code, nameOf(rates, code)]] : [];
  const options = [["", none], ...usable.map((/** @type {any} */ rate) => [rate.code, rateName(rate)]), ...kept];
  return html`<${Select} label=${label} value=${code} options=${options} disabled=${locked} changed=${code !== chosenFor(stored, row.zoho, bought, rates)}
    onChange=${(/** @type {string} */ xero) => edit(["tax_map"], withTax(map, row.zoho, xero, bought, rates))}/>`;
}

/** @param {any[]} rates @param {string} code */
function nameOf(rates, code) {
  const rate = rates.find((one) => one.code === code);
  return rate ? rateName(rate) : code;
}
