// @ts-check
/** What customers owe as Xero states it, one currency at a time, never added. */
import { html, useState } from "../vendor/htm-preact-standalone.js";
import { t } from "../i18n.js";
import { amountsOnly, count, isZero, money, share, subtract } from "../format.js";
import { ageName, ageSentence, daysToPay, otherCustomers, overdueAmount } from "../dashboardwords.js";
import { Bar, Legend, Table } from "./charts.js";

const FEW = 4;

/** @param {{ money: Record<string, any>, onOpen: (module: string, id: string) => void }} props */
export function MoneyDue({ money: per, onOpen }) {
  const codes = Object.keys(per).sort((one, other) => per[other].documents - per[one].documents || one.localeCompare(other));
  const [chosen, setChosen] = useState("");
  const [asTable, setAsTable] = useState(false);
  const code = codes.includes(chosen) ? chosen : codes[0];
  const owed = per[code];
  return html`<section class="panel card money" aria-labelledby="money-title"><div class="top"><h2 id="money-title">${t("Money due")}</h2>
      <span class="caption">${t("as Xero states it, never added across currencies")}</span>
      ${codes.length > 1 && html`<${Currencies} codes=${codes} chosen=${code} onChoose=${setChosen}/>`}</div>
    ${!owed ? html`<p class="none">${t("No invoice is open.")}</p>` : html`<${Sums} owed=${owed} code=${code}/>
      <${Owers} owed=${owed} code=${code} onOpen=${onOpen}/>
      <div class="top second"><h3 id="age-title">${t("How late it is")}</h3>
        <button type="button" class="link" aria-pressed=${asTable ? "true" : "false"} onClick=${() => setAsTable(!asTable)}>
          ${asTable ? t("Show as chart") : t("Show as table")}<span class="unseen">: ${t("How late it is")}</span></button></div>
      ${asTable ? html`<div class="scroll" tabIndex="0" role="region" aria-labelledby="age-title"><${Table} heads=${[t("How late"), t("Due"), t("Invoices")]}
          rows=${owed.ageing.map((/** @type {any} */ age) => [ageName(age), money(age.amount, code), count(age.count)])}/></div>`
        : html`<${Ages} owed=${owed} code=${code}/>`}
      <p class="caption foot-note">${daysToPay(owed)}</p>`}</section>`;
}

/** @param {{ codes: string[], chosen: string, onChoose: (code: string) => void }} props */
function Currencies({ codes, chosen, onChoose }) {
  if (codes.length > FEW) {
    return html`<label class="pick"><span class="unseen">${t("Currency")}</span><select value=${chosen} onChange=${(/** @type {any} */ event) => onChoose(event.target.value)}>
      ${codes.map((code) => html`<option value=${code}>${code || "–"}</option>`)}</select></label>`;
  }
  return html`<fieldset class="segments"><legend class="unseen">${t("Currency")}</legend>${codes.map((code) => html`<label><input type="radio" name="currency"
    value=${code} checked=${code === chosen} onChange=${() => onChoose(code)}/><span>${code || "–"}</span></label>`)}</fieldset>`;
}

/** @param {{ owed: any, code: string }} props */
function Sums({ owed, code }) {
  const late = !isZero(owed.overdue);
  return html`<div class="sums"><dl><div><dt>${t("Due")}</dt><dd class="big figure">${money(owed.due, code)}</dd></div>
      <div><dt>${t("of which overdue")}</dt><dd class=${late ? "big figure late" : "big figure"}>${money(owed.overdue, code)}</dd></div></dl>
    <${Legend} entries=${[["blocked", t("Overdue"), true], ["quiet", t("Not yet due")]]}/></div>`;
}

/** @param {{ owed: any, code: string, onOpen: any }} props */
function Owers({ owed, code, onOpen }) {
  if (!owed.customers.length) return null;
  const rest = owed.others.count > 0 ? [{ label: otherCustomers(owed.others.count), due: owed.others.due, overdue: owed.others.overdue, rest: true }] : [];
  const rows = [...owed.customers, ...rest];
  const most = owed.customers[0].due;
  return html`<div class="owers" role="table" aria-labelledby="money-title"><div role="row" class="heads"><span role="columnheader">${t("Customer")}</span>
      <span role="presentation"></span><span role="columnheader" class="figure">${t("Due")}</span><span role="columnheader" class="figure">${t("Overdue")}</span></div>
    ${rows.map((row) => html`<div role="row"><span role="cell" class=${row.rest ? "who rest" : "who"}>${row.zoho_id
        ? html`<button type="button" class="link name" onClick=${() => onOpen(row.module, row.zoho_id)}><bdi>${row.label || row.zoho_id}</bdi></button>` : html`<bdi>${row.label || "–"}</bdi>`}</span>
      <span class="line" role="presentation">${fits(row, most) && html`<${Bar} slices=${owing(row, most)} whole=${100}/>`}</span>
      <span role="cell" class="figure due">${amountsOnly(row.due, code)}</span>
      <span role="cell" class=${isZero(row.overdue) ? "figure over zero" : "figure over"}><span class="narrow">${overdueAmount(row.overdue, code)}</span><span class="plain">${amountsOnly(row.overdue, code)}</span></span></div>`)}</div>`;
}

/** A rest that is longer than the longest bar has none: it would look as long as a single customer. @param {any} row @param {string} most */
const fits = (row, most) => !row.rest || Boolean(subtract(row.due, most)?.startsWith("-"));

/** A customer's bar against the longest one. @param {any} row @param {string} most */
function owing(row, most) {
  const [late, due] = [share(row.overdue, most) ?? 0, share(row.due, most) ?? 0];
  return [{ value: Math.min(late, 100), tone: "blocked", hatched: true }, { value: Math.max(0, Math.min(due, 100) - late), tone: "quiet" }]
    .map((slice) => ({ ...slice, value: isZero(subtract(row.due, row.overdue)) && slice.tone === "quiet" ? 0 : slice.value }));
}

/** @param {{ owed: any, code: string }} props */
function Ages({ owed, code }) {
  const highest = owed.ageing.reduce((/** @type {string} */ top, /** @type {any} */ age) => (subtract(age.amount, top)?.startsWith("-") ? top : age.amount), "0.00");
  return html`<ul class="bars ages" aria-label=${ageSentence(owed.ageing, code)}>${owed.ageing.map((/** @type {any} */ age, /** @type {number} */ place) => html`<li><span class="name">${ageName(age)}</span>
    <${Bar} slices=${[{ value: share(age.amount, highest) ?? 0, tone: place ? "blocked" : "quiet", hatched: place > 0 }]} whole=${100}/><span class="figure">${money(age.amount, code)}</span></li>`)}</ul>`;
}
