// @ts-check
/** How it is going: modules, the next run, what may still be asked of both sides, channels, the audit. */
import { html, useEffect } from "./hooks.js";
import { t } from "../../i18n.js";
import { ORDER } from "../../modules.js";
import { count, moment, money, seconds } from "../../format.js";
import { channelState, findingText, idleCalls, leftOf, meterName, perDay, resetAt, scheduleFinds, stateName } from "../../words/health.js";
import { moduleName } from "../../words/modules.js";
import { lastGoodSync, nextRun } from "../../words/shell.js";
import { Blank, Button, Unread } from "../parts.js";
import * as icon from "../icons.js";
import { Frame, Go, Head, useWide } from "./parts.js";

const COLUMNS = /** @type {const} */ ([
  ["in_sync", icon.Agreed, "ok"], ["pending", icon.Clock, "busy"], ["conflict", icon.Diamond, "decide"], ["failing", icon.Triangle, "blocked"], ["excluded", icon.Ring, "quiet"],
]);
const number = (/** @type {any} */ value) => (value === null || value === undefined ? "–" : count(Number(value)));

/** @param {{ state: any, does: any }} props */
export function Health({ state, does }) {
  const slice = state.health;
  return html`<${Head} title=${t("Health")} text=${`${lastGoodSync(slice.health)}. ${nextRun(slice.health)}`}>
      <${Button} label=${t("Load again")} Icon=${icon.Arrows} disabled=${!state.shell.online} onClick=${() => { void does.views.health.load(); void does.views.health.loadAudit(); }}/><//>
    <${Frame} slice=${slice} again=${does.views.health.load}><div class="health"><${ByModule} health=${slice.health} does=${does}/>
      <${Budget} budget=${slice.health?.budget} hooks=${slice.health?.webhooks}/><${Channels} health=${slice.health}/><${Audit} slice=${slice} state=${state} does=${does}/></div><//>`;
}

/** @param {{ health: any, does: any }} props */
function ByModule({ health, does }) {
  const wide = useWide(720);
  const keys = ORDER.filter((key) => health?.modules?.[key] && health.modules[key].enabled !== false);
  if (!keys.length) return html`<section class="card span"><${Blank} Icon=${icon.Ring} tone="quiet" title=${t("No module is on")} text=${t("Switch one on to see how its records stand.")}><${Go} to=${{ view: "modules" }} does=${does} class="button">${t("Choose modules")}<//><//></section>`;
  const to = { conflict: "conflicts", failing: "attention" };
  const cell = (/** @type {string} */ key, /** @type {string} */ name) => {
    const value = health.modules[key][name] ?? 0;
    const view = to[/** @type {"conflict"} */ (name)];
    return value && view ? html`<${Go} to=${{ view }} does=${does}>${number(value)}<//>` : number(value);
  };
  if (!wide) {
    return html`<section class="card span" aria-labelledby="by-module"><h2 class="card-title" id="by-module">${t("Records by module")}</h2>${keys.map((key) => html`<dl class="stacked" key=${key}><div class="stacked-head"><dt>${moduleName(key)}</dt><dd class="caption figure">${moment(health.modules[key].last_good_sync_at)}</dd></div>
      ${COLUMNS.map(([name, Icon, tone]) => html`<div key=${name}><dt><${Icon} size=${14} class=${`tone-${tone}`}/>${stateName(name)}</dt><dd class="figure">${cell(key, name)}</dd></div>`)}</dl>`)}</section>`;
  }
  return html`<section class="card span" aria-labelledby="by-module"><h2 class="card-title" id="by-module">${t("Records by module")}</h2><table class="plain figures"><thead><tr><th scope="col">${t("Module")}</th>
    ${COLUMNS.map(([name, Icon, tone]) => html`<th scope="col" key=${name}><span class="th"><${Icon} size=${14} class=${`tone-${tone}`}/>${stateName(name)}</span></th>`)}<th scope="col">${t("Last good sync")}</th><th scope="col">${t("Next run")}</th></tr></thead>
    <tbody>${keys.map((key) => html`<tr key=${key}><th scope="row">${moduleName(key)}</th>${COLUMNS.map(([name]) => html`<td class="figure" key=${name}>${cell(key, name)}</td>`)}
      <td class="figure">${moment(health.modules[key].last_good_sync_at)}</td><td class="figure">${health.modules[key].next_run_at ? moment(health.modules[key].next_run_at) : t("by click")}</td></tr>`)}</tbody></table></section>`;
}

/** What may still be asked of both sides; the mark is kept for clicks. @param {{ budget: any, hooks: any }} props */
function Budget({ budget, hooks }) {
  const [xero, zoho] = [budget?.xero, budget?.zoho];
  const idle = idleCalls(xero?.bill, hooks);
  const meters = [["xero", "day", xero?.day], ["xero", "minute", xero?.minute], ["zoho", "credits", zoho?.credits], ["zoho", "day", zoho?.day]]
    .filter(([, , held]) => Number(held?.limit) > 0);
  return html`<section class="card part" aria-labelledby="budget-title"><h2 id="budget-title">${t("API budget")}</h2>
    ${meters.length ? meters.map(([side, span, held]) => html`<${Meter} key=${`${side}${span}`} name=${meterName(side, span)} held=${held} reserve=${side === "xero" && span === "day" ? Number(xero?.reserve ?? 0) : 0}/>`)
      : html`<p class="caption">${t("Known after the first call to each side.")}</p>`}
    ${Number(xero?.reserve) > 0 && html`<p class="caption">${t("The mark shows the reserve that is kept for clicks.")}</p>`}
    ${idle !== null && html`<p class="caption figure">${perDay(idle)}</p>`}</section>`;
}

/** @param {any} props */
function Meter({ name, held, reserve }) {
  const [left, limit] = [Number(held.left ?? 0), Number(held.limit)];
  const used = Math.min(100, Math.max(0, ((limit - left) / limit) * 100));
  const words = leftOf(number(left), number(limit));
  const sentence = `${name}: ${words}`;
  return html`<div class="meter"><p><strong>${name}</strong><span class="figure">${words}</span></p><div class="bar" role="img" aria-label=${sentence}><svg viewBox="0 0 100 6" preserveAspectRatio="none"><rect width=${used} height="6"/>
    ${reserve > 0 && html`<rect class="reserve" x=${Math.max(0, 100 - (reserve / limit) * 100)} width="0.6" height="6"/>`}</svg></div>${held.reset_at && html`<p class="caption figure">${resetAt(held.reset_at)}</p>`}</div>`;
}

/** @param {{ health: any }} props */
function Channels({ health }) {
  const channels = health?.channels ?? [];
  const hooks = health?.webhooks;
  return html`<section class="card part" aria-labelledby="channels-title"><h2 id="channels-title">${t("Who tells us of changes")}</h2>
    <dl class="pairs"><div><dt>${t("Xero, last message")}</dt><dd class="figure">${hooks?.last_at ? moment(hooks.last_at) : "–"}</dd></div>
      ${hooks?.lag_seconds !== undefined && hooks?.lag_seconds !== null && html`<div><dt>${t("Delay")}</dt><dd class="figure">${seconds(hooks.lag_seconds)}</dd></div>`}
      ${hooks?.gaps !== undefined && hooks?.gaps !== null && html`<div><dt>${t("Messages lost, found by the schedule")}</dt><dd class="figure">${number(hooks.gaps)}</dd></div>`}
      ${channels.map((/** @type {any} */ one) => html`<div key=${one.module}><dt>CRM, ${moduleName(one.module)}</dt><dd>${channelState(one.state)}${one.expires_at && html` <span class="caption figure">${until(one.expires_at)}</span>`}</dd></div>`)}</dl>
    <p class="caption">${scheduleFinds(health?.schedule?.minutes)}</p></section>`;
}

/** @param {string} at */
const until = (at) => t("until {time}", { time: moment(at) });

/** Counts and sums of both sides beside each other. @param {{ slice: any, state: any, does: any }} props */
function Audit({ slice, state, does }) {
  useEffect(() => { if (slice.audit === undefined) void does.views.health.loadAudit(); }, []);
  const { audit } = slice;
  const frozen = !state.shell.admin || !state.shell.online || Boolean(slice.busy) || Boolean(slice.auditRun);
  if (audit === undefined && !slice.auditUnread) return null;
  const good = audit?.state === "ok" || audit?.state === "agrees" || (audit && !audit.findings?.length && (audit.modules ?? []).every((/** @type {any} */ one) => !one.differences?.length));
  return html`<section class="card part span" aria-labelledby="audit-title"><div class="row-ends"><div><h2 id="audit-title">${t("Audit")}</h2><p class="caption">${t("Counts and sums both sides once a day. It only reads.")}</p></div>
      <${Button} label=${t("Compare now")} Icon=${icon.Arrows} busy=${slice.busy === "audit" || Boolean(slice.auditRun)} disabled=${frozen} onClick=${does.views.health.audit}/></div>
    ${slice.auditUnread && html`<${Unread} problem=${slice.auditUnread} what=${t("What the last audit found could not be read.")} again=${() => void does.views.health.loadAudit()}/>`}
    ${slice.auditFailed && html`<p role="alert"><${icon.Octagon} size=${16} class="tone-blocked"/> ${t("The comparison did not come to an end.")} ${slice.auditFailed.message?.text ?? ""} ${slice.auditFailed.message?.fix ?? ""}</p>`}
    ${audit ? html`<p class="audit-verdict" role="status">${good ? html`<${icon.Agreed} size=${16} class="tone-ok"/>${t("Both sides agree.")}` : html`<${icon.Triangle} size=${16} class="tone-blocked"/>${t("Both sides differ.")}`} <span class="caption figure">${moment(audit.at)}</span></p><${AuditTable} audit=${audit}/>`
      : !slice.auditUnread && html`<p class="caption">${t("No audit has run yet.")}</p>`}</section>`;
}

/** @param {{ audit: any }} props */
function AuditTable({ audit }) {
  const sums = (/** @type {any} */ held) => Object.entries(held?.sums ?? {}).map(([currency, amount]) => (typeof amount === "object" ? "" : money(String(amount), currency))).filter(Boolean).join(" · ") || "–";
  return html`<div class="scroll" tabIndex="0" role="group" aria-labelledby="audit-title"><table class="plain figures"><thead><tr><th scope="col">${t("Module")}</th><th scope="col">CRM</th><th scope="col">Xero</th><th scope="col">${t("CRM, sums")}</th><th scope="col">${t("Xero, sums")}</th></tr></thead>
    <tbody>${(audit.modules ?? []).map((/** @type {any} */ one) => html`<tr key=${one.module} class=${one.differences?.length ? "differs" : ""}><th scope="row">${moduleName(one.module)}</th><td class="figure">${number(one.zoho?.count)}</td><td class="figure">${number(one.xero?.count)}</td><td class="figure">${sums(one.zoho)}</td><td class="figure">${sums(one.xero)}</td></tr>`)}</tbody></table></div>
    ${(audit.findings ?? []).length > 0 && html`<ul class="findings">${audit.findings.slice(0, 20).map((/** @type {any} */ one, /** @type {number} */ index) => html`<li key=${index}><${icon.Triangle} size=${14} class="tone-blocked"/><span dir="auto">${findingText(one)}</span></li>`)}</ul>`}`;
}
