// @ts-check
/** A customer's balance, overdue, last payment and open invoices, as Xero states them. */
import { html } from "../vendor/htm-preact-standalone.js";
import { t } from "../i18n.js";
import { count, isZero, money } from "../format.js";
import { dueOn, lastPayment, moreOpen, overdueSince } from "../words.js";
import * as icon from "./icons.js";
import { Sum } from "./money.js";

/** @param {{ record: any, onOpen?: (module: string, id: string) => void }} props */
export function AccountFigures({ record: { account }, onOpen }) {
  const { currencies, last_payment: paid, open_invoices: rows, open_count: open } = account;
  const nothing = !currencies.length;
  if (nothing && !paid) return null;
  return html`<section class="part" aria-label=${t("What the customer owes")}>
    ${nothing ? html`<p class="note"><${icon.Agreed} size=${14} class="tone-ok"/><span>${t("No invoice is open.")}</span></p>`
      : currencies.map((/** @type {any} */ one) => html`<${Balance} key=${one.currency} one=${one}/>`)}
    ${paid && html`<p class="note paid-last"><${icon.Since} size=${14}/><span>${lastPayment(paid, money(paid.amount, paid.currency))}${paid.label && html` · <bdi>${paid.label}</bdi>`}</span></p>`}
    ${rows.length > 0 && html`<ul class="opened" aria-label=${t("Open invoices")}>${rows.map((/** @type {any} */ row) => html`<${Open} key=${row.label} row=${row} onOpen=${onOpen}/>`)}</ul>`}
    ${open > rows.length && html`<p class="caption">${moreOpen(open - rows.length)}</p>`}</section>`;
}

/** One currency; currencies are never added. @param {{ one: any }} props */
function Balance({ one }) {
  const late = !isZero(one.overdue);
  return html`<dl class="triple">
    <div class="sum"><dt>${t("Open invoices")}</dt><dd class="figure">${count(one.documents)}</dd></div>
    <div class="sum"><dt>${t("Overdue")}</dt><${Sum} amount=${money(one.overdue, one.currency)} late=${late}/></div>
    <div class="sum due"><dt>${t("Balance")}</dt><${Sum} amount=${money(one.balance, one.currency)}/></div></dl>`;
}

/** @param {{ row: any, onOpen?: (module: string, id: string) => void }} props */
function Open({ row, onOpen }) {
  const name = html`<bdi>${row.label || "–"}</bdi>`;
  const when = !row.due_date ? "" : row.overdue ? overdueSince(row.due_date) : dueOn(row.due_date);
  return html`<li><div>${row.zoho_id && onOpen ? html`<button type="button" class="link" onClick=${() => onOpen(row.module, row.zoho_id)}>${name}</button>` : name}
    <span class=${row.overdue ? "caption overdue" : "caption"}>${when}</span></div><span class="figure">${money(row.due, row.currency)}</span></li>`;
}
