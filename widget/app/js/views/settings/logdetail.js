// @ts-check
/** One attempt: cause, remedy, amounts, changes, how it came to this, and the API's own words. */
import { html, useEffect, useRef } from "./hooks.js";
import { t } from "../../i18n.js";
import { moment, money } from "../../format.js";
import { valueText } from "../../words.js";
import { storyOf } from "../../words/log.js";
import { moduleName } from "../../words/modules.js";
import { Button, OutLink } from "../parts.js";
import * as icon from "../icons.js";
import * as rail from "../railicons.js";
import { LOOKS, Outcome } from "./log.js";
import { OpenInCrm } from "./parts.js";

const STORY = Object.freeze({ hand: rail.Hand, start: rail.History, link: icon.Linked, swap: rail.Swap, again: icon.Arrows, success: icon.Agreed, held: icon.Held, failed: icon.Octagon, skipped: icon.Ring, clock: icon.Since });

/** @param {{ row: any, state: any, does: any, onClose: () => void }} props */
export function Detail({ row, state, does, onClose }) {
  const title = useRef(/** @type {any} */ (null));
  useEffect(() => title.current?.focus({ preventScroll: true }), []);
  const currency = row.message?.params?.currency ?? null;
  return html`<section class="log-detail" aria-labelledby="detail-title" onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && onClose()}>
    <header><h2 id="detail-title" tabIndex="-1" ref=${title}><bdi>${row.label || moduleName(row.module)}</bdi></h2><${Outcome} status=${row.status}/>
      <button type="button" class="icon-button" aria-label=${t("Close")} onClick=${onClose}><${icon.Cross} size=${16}/></button></header>
    <p class="caption figure">${moduleName(row.module)} · ${moment(row.at)}</p>
    <${Cause} row=${row}/><${Amounts} params=${row.message?.params} currency=${currency}/>
    <${Ways} row=${row} state=${state} does=${does}/>
    ${row.changes?.length > 0 && html`<h3>${row.status === "success" ? t("What changed") : t("What would have changed")}</h3><${Changes} changes=${row.changes} currency=${currency}/>`}
    <h3>${t("How it came to this")}</h3><ol class="story">${storyOf(row).map(([kind, text], index) => html`<li key=${index}><${STORY[/** @type {keyof typeof STORY} */ (kind)] ?? icon.Ring} size=${16}/><span>${text}</span></li>`)}</ol>
    <h3>${t("Answer of the API")}</h3><p class="api-words" dir="auto">${row.words || (row.status === "success" ? t("Accepted.") : t("None: the record was held before any call."))}</p>
    ${row.remote_request && html`<p class="caption">${t("Request at the other side: {request}", { request: row.remote_request })}</p>`}</section>`;
}

/** @param {{ row: any }} props */
function Cause({ row }) {
  if (!row.message?.text || row.status === "success") return null;
  const [Icon, tone] = LOOKS[/** @type {keyof typeof LOOKS} */ (row.status)] ?? LOOKS.skipped;
  return html`<div class=${`cause ${tone}`}><p><${Icon} size=${14} class=${`tone-${tone}`}/><strong>${row.message.text}</strong></p>${row.message.fix && html`<p>${row.message.fix}</p>`}</div>`;
}

/** Both totals where they differ. @param {{ params: any, currency: string | null }} props */
function Amounts({ params, currency }) {
  const rows = [["net", t("Net")], ["tax", t("Tax")], ["total", t("Total")]].map(([name, label]) => ({ label, crm: params?.[`crm_${name}`] ?? (name === "total" ? params?.crm : null), xero: params?.[`xero_${name}`] ?? (name === "total" ? params?.xero : null) }))
    .filter(({ crm, xero }) => /^-?\d+(\.\d+)?$/.test(crm ?? "") && /^-?\d+(\.\d+)?$/.test(xero ?? ""));
  if (!rows.length) return null;
  return html`<table class="plain figures"><thead><tr><td></td><th scope="col">CRM</th><th scope="col">${t("Xero would say")}</th></tr></thead>
    <tbody>${rows.map(({ label, crm, xero }) => html`<tr key=${label} class=${crm === xero ? "" : "differs"}><th scope="row">${label}</th><td class="figure">${money(crm, currency)}</td><td class="figure">${money(xero, currency)}</td></tr>`)}</tbody></table>`;
}

/** @param {{ row: any, state: any, does: any }} props */
function Ways({ row, state, does }) {
  const { log, shell } = state;
  const frozen = !shell.online || shell.ended || Boolean(log.busy);
  const open = row.status === "held" || row.status === "failed";
  if (!open) return html`<div class="ways"><${OpenInCrm} row=${row} does=${does}/></div>`;
  return html`<div class="ways">${row.message?.act?.url && html`<${OutLink} class="button primary" url=${row.message.act.url}>${row.message.act.label}<//>`}
    <${OpenInCrm} row=${row} does=${does} primary=${!row.message?.act?.url}/>
    <${Button} label=${t("Try again")} Icon=${icon.Arrows} busy=${log.busy === `retry-${row.id}`} disabled=${frozen} onClick=${() => does.views.log.retry(row)}/>
    ${shell.admin && row.message?.key && html`<button type="button" class="link" disabled=${frozen} onClick=${() => does.views.log.retryAll(row)}>${t("Retry all with this cause")}</button>`}
    ${row.message?.key && html`<a href=${does.link({ view: "log", query: { message_key: row.message.key, days: "400" } })}>${t("Show all with this cause")}</a>`}</div>`;
}

/** Fields before and after. @param {{ changes: any[], currency: string | null }} props */
export function Changes({ changes, currency }) {
  const empty = html`<i>${t("(empty)")}</i>`;
  const anew = changes.every((change) => valueText(change.before, change.type, currency) === null);
  return html`<table class="plain changes-table"><thead><tr><th scope="col">${t("Field")}</th>${!anew && html`<th scope="col">${t("Before")}</th>`}<th scope="col">${anew ? t("Value") : t("After")}</th></tr></thead>
    <tbody>${changes.map((change) => html`<tr key=${`${change.side ?? ""}${change.field}`}><th scope="row" dir="auto">${change.label ?? change.field}</th>
      ${!anew && html`<td><del><bdi>${valueText(change.before, change.type, currency) ?? empty}</bdi></del></td>`}<td><ins><bdi>${valueText(change.after, change.type, currency) ?? empty}</bdi></ins></td></tr>`)}</tbody></table>`;
}
