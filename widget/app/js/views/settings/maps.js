// @ts-check
/** Which tax, account, status and currency of Xero stands for which in CRM; proposals and gaps. */
import { html } from "./hooks.js";
import { t } from "../../i18n.js";
import { moment } from "../../format.js";
import { ORDER } from "../../modules.js";
import { same } from "../../state/documents.js";
import { accountName, archiveRules, customerRules, invoiceStatuses, roundingRules } from "../../words/maps.js";
import { moduleName } from "../../words/modules.js";
import { Banner } from "../parts.js";
import * as icon from "../icons.js";
import { Field, Frame, Head, Select } from "./parts.js";
import { ProductPicker } from "./productpicker.js";
import { Meanwhile, SaveBar } from "./savebar.js";
import { Taxes } from "./taxes.js";

/** @param {{ state: any, does: any }} props */
export function Maps({ state, does }) {
  const { maps: slice, configured, shell } = state;
  const locked = !shell.admin || !shell.online || shell.ended || Boolean(configured.busy);
  const part = { slice, configured, locked, edit: does.views.configured.edit };
  const asOf = slice.choices?.as_of ? t("As Xero had them {time}.", { time: moment(slice.choices.as_of) }) : "";
  return html`<${Head} title=${t("Tax and accounts")} text=${`${t("Which value of CRM stands for which in Xero. A document whose tax has no partner waits; all others go.")} ${asOf}`}/>
    <${Meanwhile} configured=${configured} does=${does}/>
    <${Frame} slice=${slice} again=${does.views.maps.load}><${Frame} slice=${configured} again=${does.views.configured.load}>
      <${Gaps} gaps=${slice.told?.gaps ?? []}/><${Taxes} ...${part}/><div class="two-cards"><${Accounts} ...${part}/><${Documents} ...${part} products=${state.products} does=${does}/></div>
      <${Statuses} ...${part}/><${Currencies} told=${slice.told}/><//><//><${SaveBar} state=${state} does=${does}/>`;
}

/** What is missing by name, with its remedy. @param {{ gaps: any[] }} props */
function Gaps({ gaps }) {
  if (!gaps.length) return null;
  return html`<div class="notices">${gaps.map((gap, index) => html`<${Banner} key=${index} Icon=${icon.Triangle} strong=${gap.text} text=${gap.fix ?? ""}/>`)}</div>`;
}

/** @param {any} part */
function Accounts({ slice, configured, locked, edit }) {
  const accounts = slice.choices?.accounts ?? [];
  const { draft, stored, fields } = configured;
  const active = accounts.filter((/** @type {any} */ one) => one.active !== false);
  const rows = /** @type {[string, string, string, any[]][]} */ ([
    ["sales_account", t("Sales account"), t("For lines whose item has no account of its own."), active.filter((/** @type {any} */ one) => one.code && one.type !== "BANK")],
    ["purchases_account", t("Purchases account"), t("For the lines of purchase orders."), active.filter((/** @type {any} */ one) => one.code && one.type !== "BANK")],
    ["payment_account", t("Bank account for payments"), t("Where an invoice marked paid in CRM is paid in Xero."), active.filter((/** @type {any} */ one) => one.takes_payments)],
  ]);
  return html`<section class="card part" aria-labelledby="accounts-title"><h2 id="accounts-title">${t("Accounts in Xero")}</h2>${rows.map(([name, label, hint, offered]) => {
    const value = draft[name] ?? "";
    const known = offered.some((one) => [one.code, one.id].includes(value));
    return html`<${Field} key=${name} label=${label} hint=${hint} error=${fields[name] ?? ""}><${Select} label=${label} value=${value} invalid=${Boolean(fields[name])} changed=${!same(draft[name], stored[name])} disabled=${locked}
      options=${[["", t("None chosen")], ...offered.map((one) => [one.code || one.id, accountName(one)]), ...(value && !known ? [[value, value]] : [])]} onChange=${(/** @type {string} */ code) => edit([name], code || null)}/><//>`;
  })}${!accounts.length && html`<p class="caption">${t("The accounts of Xero have not been read yet.")}</p>`}</section>`;
}

/** @param {any} part */
function Documents({ configured, locked, edit, products, does }) {
  const { draft, stored, fields } = configured;
  const rows = /** @type {[string, string, [string, string][], string][]} */ ([
    ["customers", t("Who the customers are"), customerRules(), t("What becomes the customer contact in Xero.")],
    ["invoice_status_on_create", t("Status of new invoices in Xero"), invoiceStatuses(), ""],
    ["rounding", t("When totals differ by a cent"), roundingRules(), t("Xero rounds tax on each line, CRM may round on the whole.")],
    ["unarchive", t("Archived contacts"), archiveRules(), t("When a document needs a contact that is archived in Xero.")],
  ]);
  return html`<section class="card part" aria-labelledby="documents-title"><h2 id="documents-title">${t("Documents")}</h2>${rows.map(([name, label, options, hint]) => html`<${Field} key=${name} label=${label} hint=${hint} error=${fields[name] ?? ""}>
    <${Select} label=${label} value=${draft[name]} options=${options} changed=${!same(draft[name], stored[name])} disabled=${locked} onChange=${(/** @type {string} */ value) => edit([name], value)}/><//>`)}
    <${Field} label=${t("Product for lines without an item")} hint=${t("CRM needs a product on every line, Xero does not.")} error=${fields.fallback_product ?? ""}><${ProductPicker} label=${t("Product for lines without an item")} value=${draft.fallback_product} products=${products} does=${does}
      disabled=${locked} invalid=${Boolean(fields.fallback_product)} changed=${!same(draft.fallback_product, stored.fallback_product)} onChoose=${(/** @type {string | null} */ id) => edit(["fallback_product"], id)}/><//></section>`;
}

/** Which CRM status a state of Xero sets. @param {any} part */
function Statuses({ slice, configured, locked, edit }) {
  const modules = Object.entries(slice.told?.status ?? {}).filter(([, rows]) => /** @type {any[]} */ (rows).length)
    .sort(([one], [other]) => ORDER.indexOf(one) - ORDER.indexOf(other));
  if (!modules.length) return null;
  const map = configured.draft.status_map ?? {};
  const put = (/** @type {string} */ module, /** @type {string} */ xero, /** @type {string} */ value) => {
    const { [xero]: _, ...rest } = map[module] ?? {};
    const { [module]: __, ...others } = map;
    const held = value ? { ...rest, [xero]: value } : rest;
    edit(["status_map"], Object.keys(held).length ? { ...others, [module]: held } : others);
  };
  return html`<section class="card" aria-labelledby="status-title"><h2 class="card-title" id="status-title">${t("Statuses")}</h2><div class="statuses">${modules.map(([module, rows]) => html`<div key=${module}><h3 class="group-title">${moduleName(module)}</h3><ul class="pairs-list">${/** @type {any[]} */ (rows).map((row) => {
    const value = map[module]?.[row.xero] ?? "";
    const usual = row.zoho ?? row.proposal;
    const label = `${moduleName(module)}, ${row.label ?? row.xero}`;
    const standard = usual ? t("As usual: {status}", { status: usual }) : t("Left as it is");
    return html`<li key=${row.xero}><span class="pairs-crm"><${icon.Disc}/><span>${row.label ?? row.xero}</span></span><${icon.Way} direction="to_zoho"/><${Select} label=${label} value=${value} options=${[["", standard], ...(row.choices ?? []).map((/** @type {any} */ one) => (typeof one === "object" ? [one.value, one.label ?? one.value] : [one, one]))]} disabled=${locked}
      changed=${value !== (configured.stored.status_map?.[module]?.[row.xero] ?? "")} onChange=${(/** @type {string} */ chosen) => put(module, row.xero, chosen)}/><span></span></li>`;
  })}</ul></div>`)}</div></section>`;
}

/** @param {{ told: any }} props */
function Currencies({ told }) {
  const rows = told?.currencies ?? [];
  const terms = told?.terms ?? [];
  return html`<section class="card part" aria-labelledby="currency-title"><h2 id="currency-title">${t("Currencies and terms")}</h2>
    ${rows.length ? html`<ul class="currency-list">${rows.map((/** @type {any} */ row) => html`<li key=${row.code}><${row.xero ? icon.Agreed : icon.Triangle} size=${14} class=${row.xero ? "tone-ok" : "tone-decide"}/><strong>${row.code}</strong> <span class="caption">${row.xero && row.crm ? t("on both sides") : row.xero ? t("only in Xero") : t("not enabled in Xero")}</span></li>`)}</ul>` : html`<p class="caption">${t("CRM uses one currency only; it is the one of Xero.")}</p>`}
    ${terms.length > 0 && html`<dl class="pairs">${terms.map((/** @type {any} */ row) => html`<div key=${`${row.module}${row.zoho}`}><dt dir="auto">${row.zoho}</dt><dd>${row.proposal ?? row.why}</dd></div>`)}</dl>`}</section>`;
}
