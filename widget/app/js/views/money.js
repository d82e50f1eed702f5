// @ts-check
/** Total, paid, due: Xero's figures, and both totals where they differ. */
import { html } from "../vendor/htm-preact-standalone.js";
import { t } from "../i18n.js";
import { date, isZero, money, percent, share, subtract } from "../format.js";
import { amountDue, dueDate, figuresMayHaveChanged, moneyRowKind, viewOf } from "../words.js";
import * as icon from "./icons.js";

/** Whether the same figure would be another sum. @param {any} record */
export function currenciesDiffer({ zoho, money: sums }) {
  return Boolean(zoho?.currency && sums?.currency && zoho.currency !== sums.currency);
}

/** What fits beside nothing in 280 pixels. */
const LARGE_UP_TO = 16;

/** @param {any} record */
export function totalsDiffer(record) {
  if (currenciesDiffer(record)) return true;
  const apart = subtract(record.zoho?.total, record.xero?.total);
  return apart !== null && !isZero(apart);
}

/** @param {{ record: any, children?: unknown }} props */
export function Money({ record, children }) {
  const currency = record.money?.currency ?? null;
  const known = record.money !== null && record.money !== undefined;
  const hasTotal = known || record.zoho?.total != null;
  if (!hasTotal) return children ? html`<section class="part">${children}</section>` : null;
  const differ = totalsDiffer(record) || !known;
  return html`<section class="part" aria-label=${t("Amounts")}>
    ${differ ? html`<${BothTotals} record=${record} currency=${currency}/>` : html`<${Triple} money=${record.money}/>`}
    ${known && html`<${Rows} rows=${record.money.rows ?? []} currency=${currency}/>`}
    ${viewOf(record) === "disconnected" && known && html`<${AsOf} record=${record}/>`}
    ${children}</section>`;
}

/** @param {{ money: any }} props */
function Triple({ money: sums }) {
  const total = html`<div class="sum"><dt>${t("Total")}</dt><${Sum} amount=${money(sums.total, sums.currency)}/></div>`;
  if (sums.due == null) return html`<dl class="triple">${total}</dl>`; // quotes and orders are not paid
  const paid = share(subtract(sums.total, sums.due), sums.total); // credits settle too
  const settled = isZero(sums.due);
  const part = isZero(sums.paid) || settled ? null : share(sums.paid, sums.total);
  return html`<dl class="triple">${total}
      <div class="sum"><dt>${t("Paid")}${part && html`<span class="small figure">${percent(part)}</span>`}</dt>
        <${Sum} amount=${money(sums.paid, sums.currency)}/></div>
      <div class="sum due"><dt>${t("Due")}${!settled && html`<${DueDate} money=${sums}/>`}</dt>
        <${Sum} amount=${money(sums.due, sums.currency)}/></div></dl>
    ${paid !== null && !settled && html`<${Bar} paid=${paid}/>`}`;
}

/** What is due is set large; an amount too long for that is set smaller, never on two lines. @param {{ amount: string, late?: boolean }} props */
export function Sum({ amount, late = false }) {
  return html`<dd class=${["figure", amount.length > LARGE_UP_TO && "long", late && "late"].filter(Boolean).join(" ")}>${amount}</dd>`;
}

/** @param {{ money: any }} props */
function DueDate({ money: { due_date: due, overdue } }) {
  return due ? html`<span class=${overdue ? "small overdue" : "small"}>${dueDate({ due_date: due, overdue })}</span>` : null;
}

/** Drawn beside its own number, so it needs no name. @param {{ paid: number }} props */
function Bar({ paid }) {
  return html`<div class="bar" aria-hidden="true"><svg preserveAspectRatio="none" viewBox="0 0 100 6">
    <rect width=${paid} height="6"/></svg></div>`;
}

/** Before it is in Xero, and when the two do not agree. @param {{ record: any, currency: string | null }} props */
function BothTotals({ record, currency }) {
  const code = currency ?? record.zoho?.currency ?? null;
  const apart = currenciesDiffer(record) ? null : subtract(record.zoho?.total, record.xero?.total);
  const due = record.money?.due;
  return html`<dl class="triple">
    <div class="sum strong"><dt>${t("Total in CRM")}</dt><${Sum} amount=${money(record.zoho?.total, record.zoho?.currency ?? code)}/></div>
    <div class="sum"><dt>${t("Total in Xero")}</dt><${Sum} amount=${money(record.xero?.total, code)}/></div>
    ${apart !== null && !isZero(apart) && html`<div class="sum apart"><dt>${t("Apart")}</dt>
      <${Sum} amount=${money(apart.replace("-", ""), code)}/></div>`}
    ${due != null && html`<div class="sum"><dt>${t("Due")}</dt><${Sum} amount=${money(due, code)}/></div>`}</dl>`;
}

/** What was paid and credited. @param {{ rows: any[], currency: string | null }} props */
function Rows({ rows, currency }) {
  if (!rows.length) return null;
  return html`<ul class="rows" aria-label=${t("Payments and credits")}>${rows.map((row) => html`<li>
    <span>${date(row.date)} · ${moneyRowKind(row.kind)}${row.reference && html` · <bdi>${row.reference}</bdi>`}${" "}</span>
    <span class="figure">${money(row.amount, currency)}</span></li>`)}</ul>`;
}

/** @param {{ record: any }} props */
function AsOf({ record }) {
  const at = record.xero?.at ?? record.last_sync_at;
  if (!at) return null;
  return html`<p class="note"><${icon.Since} size=${14}/>
    <span>${figuresMayHaveChanged(at)}</span></p>`;
}

/** In a conflict the amounts take one line, when they agree. @param {{ record: any }} props */
export function AgreeLine({ record }) {
  const { money: sums } = record;
  if (!sums || totalsDiffer(record)) return html`<${Money} record=${record}/>`;
  return html`<section class="part agreeline" aria-label=${t("Amounts")}>
    <span class="yes"><${icon.Agreed} size=${14}/>${t("Amounts agree")}</span>
    <span class="figure">${sums.due == null ? money(sums.total, sums.currency) : amountDue(sums)}</span></section>`;
}
