// @ts-check
/** The dashboard: records by state, money due, who is needed, modules, days, budget, runs, audit. */
import { html, useState } from "../vendor/htm-preact-standalone.js";
import { t } from "../i18n.js";
import { count, moment } from "../format.js";
import { firstSyncsDue } from "../state/firstsync.js";
import { meterName } from "../words/health.js";
import { firstSyncText } from "../words/shell.js";
import {
  asOfTime, syncResult, auditResult, auditedAt, budgetLeft, causeTitle, dayName, daysSentence, doneOf, inScope, lastGoodSync,
  moduleSentence, neededBy, nextSync, perModule, runCounts, runLeft, runResult, runTook, runWhat, statesSentence,
} from "../dashboardwords.js";
import { ORDER, moduleName } from "../modules.js";
import { Another } from "./another.js";
import { Bar, Chart, Columns, Legend, ModuleChoice, Table } from "./charts.js";
import { MoneyDue } from "./moneydue.js";
import { OverTime } from "./overtime.js";
import { Banner, Blank, Button, NotLoaded, StopRun, Toast, problemNumber, problemText } from "./parts.js";
import { PopupProblem, waits } from "./popup.js";
import * as icon from "./icons.js";

const WAITING = ["pending"];
const NEEDED = ["conflict", "needs_attention"];
const ICONS = { ok: icon.Agreed, busy: icon.Arrows, decide: icon.Held, blocked: icon.Octagon, quiet: icon.Ring };

/** @param {{ state: import("../dashboard.js").DashboardState, does: any }} props */
export function DashboardPage({ state, does }) {
  const busy = state.stage === "loading" || Boolean(state.busy);
  return html`<div class="dashboard" aria-busy=${busy ? "true" : "false"}><h1 class="unseen">${t("Xero dashboard")}</h1>
    <${Stage} state=${state} does=${does}/></div>
    <div aria-live="polite">${state.result && html`<${Toast} text=${syncResult(state.result)} onClose=${does.dismiss}/>`}</div>`;
}

/** @param {{ state: any, does: any }} props */
function Stage({ state, does }) {
  switch (state.stage) {
    case "ready": return html`<${Board} state=${state} does=${does}/>`;
    case "signed_out": return html`<div class="panel"><${Blank} Icon=${icon.Person} tone="quiet" title=${t("Sign in to see this page")}
      text=${t("A small window asks once; your password stays with Zoho.")}><${Button} label=${waits(state.signingIn, does) ? t("Waiting for the window…") : t("Sign in with Zoho")} primary disabled=${waits(state.signingIn, does)} onClick=${does.signIn}/><//>
      <${PopupProblem} kind=${state.signInProblem} does=${does}/></div>`;
    case "failed": return html`<div class="panel"><${NotLoaded} state=${state} title=${t("The page did not load")} onLoad=${does.open}/></div>`;
    case "outside": return html`<div class="panel"><${Blank} Icon=${icon.Broken} tone="quiet" title=${t("This page belongs inside Zoho CRM")} text=${t("Open it there as a tab.")}/></div>`;
    case "silent": return html`<div class="panel"><${Blank} Icon=${icon.Broken} tone="decide" title=${t("Zoho CRM does not answer this page")} text=${t("Nothing is lost. Load the page again.")}>
      <${Button} label=${t("Load again")} Icon=${icon.Arrows} primary onClick=${does.reload}/><//></div>`;
    default: return state.ghost ? html`<${BoardGhost}/>` : null;
  }
}

/** The page's shape before its content. */
function BoardGhost() {
  return html`<div role="status"><span class="unseen">${t("Loading")}</span><div class="board-ghost" aria-hidden="true">
    ${["low", "low", "high wide", "high", "mid", "mid", "mid"].map((name) => html`<i class=${`bone ${name}`}></i>`)}</div></div>`;
}

/** @param {{ state: any, does: any }} props */
function Board({ state, does }) {
  const { board, health } = state;
  return html`<${Top} state=${state} does=${does}/><${Another} person=${state.another} does=${does}/><${Troubles} state=${state} does=${does}/>
    ${state.run && html`<${Running} state=${state} does=${does}/>`}
    <${States} states=${board.by_state}/>
    <div class="wide"><${MoneyDue} money=${board.money} onOpen=${does.openRecord}/>
      <div class="stacked"><${Needs} needs=${board.needs} onOpen=${does.openRecord}/><${Budget} budget=${health?.budget}/></div></div>
    <div class="halves"><${Modules} modules=${board.by_module}/><${Days} days=${board.days}/></div>
    <${OverTime} days=${board.over_time ?? []}/>
    ${board.audit?.last && html`<${Audit} audit=${board.audit.last}/>`}
    <${Runs} runs=${board.runs} log=${does.logAddress()}/>`;
}

/** What keeps the figures from being current. @param {{ state: any, does: any }} props */
function Troubles({ state, does }) {
  const { trouble, actProblem, health, loadedAt } = state;
  if (!state.online) {
    return html`<${Banner} Icon=${icon.Broken} strong=${t("You are offline.")} text=${`${asOfTime(loadedAt)}. ${t("Buttons work again when the connection is back.")}`}/>`;
  }
  if (trouble?.kind === "signed_out") {
    return html`<${Banner} Icon=${icon.Person} strong=${t("Your session has ended.")} text=${t("Nothing is lost; sign in to go on.")}>
      <button type="button" class="link" disabled=${waits(state.signingIn, does)} onClick=${does.signIn}>${t("Sign in with Zoho")}</button><//>
      <${PopupProblem} kind=${state.signInProblem} does=${does}/>`;
  }
  return html`${trouble && html`<${Banner} Icon=${icon.Triangle} tone="blocked" strong=${problemText(trouble)}
      text=${`${asOfTime(loadedAt)}. ${problemNumber(trouble)}`}><button type="button" class="link" onClick=${does.load}>${t("Load again")}</button><//>`}
    ${actProblem && html`<${Banner} Icon=${icon.Triangle} tone="blocked" strong=${problemText(actProblem)} text=${problemNumber(actProblem)}/>`}
    ${health?.pause?.reason && html`<${Banner} Icon=${icon.Held} strong=${health.pause.reason.text} text=${health.pause.reason.fix ?? ""}/>`}`;
}

/** Both organisations, whether they hold together, last and next sync, and one click for everything. @param {{ state: any, does: any }} props */
function Top({ state, does }) {
  const { me, connections, health, admin, busy } = state;
  const { zoho, xero } = connections ?? {};
  const together = xero?.state === "connected" && zoho?.state === "connected";
  const tone = together ? "tone-ok" : "tone-blocked";
  const due = busy ? 0 : firstSyncsDue(health);
  return html`<header class="board-top"><div class="who"><span class="side"><${icon.Square}/>CRM</span><strong><bdi>${me?.org?.name ?? "–"}</bdi></strong></div>
    <span class=${`board-wire ${tone}${together ? "" : " apart"}`}><${together ? icon.Agreed : icon.Broken} size=${20}/></span>
    <span class="unseen">${together ? t("Connected") : t("Not connected")}</span>
    <div class="who"><span class="side"><${icon.Disc}/>Xero</span><span><strong><bdi>${xero?.organisation?.name ?? "–"}</bdi></strong> <span class="caption">${xero?.organisation?.base_currency}</span></span></div>
    <div class="times caption figure"><span>${lastGoodSync(health)}</span><span>${nextSync(health)}</span></div>
    ${together && due > 0 && html`<p class="first caption">${firstSyncText(due)} ${t("An administrator starts it in the set-up guide of the Xero settings.")}</p>`}
    ${admin && together && !due && html`<${Button} label=${busy ? t("Synchronising…") : t("Sync now")} Icon=${icon.Arrows} busy=${Boolean(busy)} describedBy="sync-means"
      disabled=${Boolean(busy) || !state.online || Boolean(state.trouble)} onClick=${does.syncNow}/>
      <span class="unseen" id="sync-means">${t("Looks at both sides now, by the rules of the schedule.")}</span>`}</header>`;
}

/** A bulk run under way. @param {{ state: any, does: any }} props */
function Running({ state: { run, admin, stopping }, does }) {
  const [done, total] = [run.done ?? 0, run.total ?? 0];
  const share = total ? Math.min(100, Math.round((done / total) * 100)) : 0;
  return html`<section class="panel card progress" aria-label=${runWhat(run)}><div class="top"><h2>${runWhat(run)}</h2><strong class="figure">${doneOf(done, total)}</strong></div>
    <div class="bar wide" role="progressbar" aria-label=${runWhat(run)} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${share}
      aria-valuetext=${doneOf(done, total)}><svg preserveAspectRatio="none" viewBox="0 0 100 8"><rect width=${share} height="8"/></svg></div>
    <p class="caption">${runLeft(run)}</p>
    <p class="tallies figure">${runCounts(run).map(([name, text]) => html`<span class=${name}>${text}</span> `)}</p>
    ${admin && html`<${StopRun} stopping=${stopping} onClick=${does.stopRun}/>`}</section>`;
}

/** All records in one bar. @param {{ states: Record<string, number> }} props */
function States({ states }) {
  const scope = states.in_sync + states.pending + states.conflict + states.needs_attention;
  const figures = /** @type {[string, any, string, number][]} */ ([
    [t("Waiting"), icon.Clock, "busy", states.pending], [t("Conflicts"), icon.Diamond, "decide", states.conflict],
    [t("Attention"), icon.Triangle, "blocked", states.needs_attention], [t("Out of scope"), icon.Ring, "quiet", states.excluded],
  ]);
  return html`<section class="panel card states" aria-label=${t("Records by state")}>
    <div class="heads"><div class="main"><span class="name"><${icon.Agreed} size=${16} class="tone-ok"/>${t("In sync")}</span>
        <p><strong class="big figure">${count(states.in_sync)}</strong> <span class="caption">${inScope(states.in_sync, scope)}</span></p></div>
      <dl>${figures.map(([name, Icon, tone, value]) => html`<div><dt class="name"><${Icon} size=${14} class=${`tone-${tone}`}/>${name}</dt>
        <dd class="big figure">${count(value)}</dd></div>`)}</dl></div>
    <${Bar} slices=${stateSlices(states)} whole=${scope} height=${12} least=${1.8} label=${statesSentence(states)}/></section>`;
}

/** @param {Record<string, number>} states */
function stateSlices(states) {
  return [
    { value: states.in_sync, tone: "ok" }, { value: states.pending, tone: "busy" },
    { value: states.conflict, tone: "decide" }, { value: states.needs_attention, tone: "blocked", hatched: true },
  ];
}

/** @param {{ needs: any, onOpen: any }} props */
function Needs({ needs, onOpen }) {
  const records = needs.rows.reduce((/** @type {number} */ sum, /** @type {any} */ row) => sum + row.count, 0);
  return html`<section class="panel card needs" aria-labelledby="needs-title"><div class="top"><h2 id="needs-title">${t("Needs you")}</h2>
      ${needs.rows.length > 0 && html`<span class="caption figure">${neededBy(records, needs.causes)}</span>`}</div>
    ${needs.rows.length === 0 ? html`<p class="none"><${icon.Agreed} size=${18} class="tone-ok"/>${t("Nothing waits for a person.")}</p>`
      : html`<ul>${needs.rows.map((/** @type {any} */ cause) => html`<${Cause} key=${`${cause.state} ${cause.message_key}`} cause=${cause} onOpen=${onOpen}/>`)}</ul>`}</section>`;
}

/** @param {{ cause: any, onOpen: any }} props */
function Cause({ cause, onOpen }) {
  const [shown, setShown] = useState(false);
  const conflict = cause.state === "conflict";
  const [only] = cause.records;
  const single = cause.count === 1 && only?.zoho_id;
  const label = conflict ? t("Decide") : t("Open");
  return html`<li><${conflict ? icon.Diamond : icon.Triangle} size=${18} class=${conflict ? "tone-decide" : "tone-blocked"}/>
    <div class="what"><h3>${causeTitle(cause)}</h3><p class="caption figure">${perModule(cause.modules)}</p>
      ${shown && html`${cause.message?.fix && html`<p class="fix">${cause.message.fix}</p>`}<ul class="examples">${cause.records.map((/** @type {any} */ one) => html`<li>
        ${one.zoho_id ? html`<button type="button" class="link" onClick=${() => onOpen(one.module, one.zoho_id)}><bdi>${one.label || one.zoho_id}</bdi></button>`
          : html`<bdi>${one.label || "–"}</bdi> <span class="caption">${t("only in Xero")}</span>`}</li>`)}</ul>`}</div>
    ${single ? html`<${Button} label=${label} onClick=${() => onOpen(only.module, only.zoho_id)}/>`
      : html`<button type="button" class="button" aria-expanded=${shown ? "true" : "false"} aria-label=${`${shown ? t("Close") : label}: ${causeTitle(cause)}`}
        onClick=${() => setShown(!shown)}>${shown ? t("Close") : label}</button>`}</li>`;
}

/** @param {{ modules: Record<string, any> }} props */
function Modules({ modules }) {
  const rows = Object.entries(modules).sort(([one], [other]) => ORDER.indexOf(one) - ORDER.indexOf(other));
  const sums = rows.map(([, one]) => one.in_sync + one.pending + one.conflict + one.needs_attention);
  const most = Math.max(1, ...sums);
  const heads = [t("Module"), t("In sync"), t("Waiting"), t("Conflicts"), t("Needs attention"), t("Out of scope")];
  const table = html`<${Table} heads=${heads} rows=${rows.map(([key, one]) => [moduleName(key), one.in_sync, one.pending, one.conflict, one.needs_attention, one.excluded])}/>`;
  return html`<${Chart} id="modules-title" title=${t("Records by module")} table=${rows.length > 0 && table}>
    ${rows.length === 0 ? html`<p class="none">${t("No module is switched on.")}</p>` : html`<ul class="bars">${rows.map(([key, one], index) => html`<li><span class="name">${moduleName(key)}</span>
      <${Bar} slices=${moduleSlices(one)} whole=${most} least=${2.6} label=${moduleSentence(key, one)}/><span class="figure">${count(sums[index])}</span></li>`)}</ul>
    <${Legend} entries=${[["ok", t("In sync")], ["busy", t("Waiting")], ["blocked", t("Needs you"), true]]}/>`}<//>`;
}

/** @param {Record<string, number>} one */
function moduleSlices(one) {
  const sum = (/** @type {string[]} */ names) => names.reduce((all, name) => all + one[name], 0);
  return [{ value: one.in_sync, tone: "ok" }, { value: sum(WAITING), tone: "busy" }, { value: sum(NEEDED), tone: "blocked", hatched: true }];
}

/** @param {{ days: any[] }} props */
function Days({ days }) {
  const [module, setModule] = useState("all");
  const there = ORDER.filter((key) => days.some((day) => day.modules[key]));
  const nothing = { done: 0, held: 0, failed: 0 };
  const shown = days.map((day) => ({ day: day.day, ...(module === "all" ? day : day.modules[module] ?? nothing) }));
  const choice = html`<${ModuleChoice} keys=${there} chosen=${module} onChoose=${setModule}/>`;
  const table = html`<${Table} heads=${[t("Day"), t("Done"), t("Held"), t("Failed")]} rows=${shown.map((day) => [dayName(day.day), day.done, day.held, day.failed])}/>`;
  return html`<${Chart} id="days-title" title=${t("Last 14 days")} choice=${choice} table=${table}>
    <${Columns} label=${daysSentence(shown)} count=${count} columns=${shown.map((day) => ({ name: String(Number(day.day.slice(8))), slices: [
      { value: day.done, tone: "ok" }, { value: day.held, tone: "decide" }, { value: day.failed, tone: "blocked", hatched: true }] }))}/>
    <${Legend} entries=${[["ok", t("Done")], ["decide", t("Held")], ["blocked", t("Failed"), true]]}/><//>`;
}

/** Calls left on both sides, and what is kept back for clicks. @param {{ budget: any }} props */
function Budget({ budget }) {
  const rows = budgetRows(budget);
  const table = html`<${Table} heads=${[t("Budget"), t("Left"), t("Limit")]} rows=${rows.map((row) => [row.name, count(row.left), row.limit === null ? "–" : count(row.limit)])}/>`;
  return html`<${Chart} id="budget-title" title=${t("API budget")} table=${rows.length > 0 && table}>
    ${rows.length === 0 ? html`<p class="none">${t("Known once both sides are connected.")}</p>` : html`<ul class="budget">${rows.map((row) => html`<li>
      <span class="name">${row.name}</span><span class="figure">${budgetLeft(row)}</span>
      ${row.limit !== null && html`<span class="track"><${Bar} slices=${[{ value: row.limit - row.left, tone: "quiet" }]} whole=${row.limit} height=${7}/>
        ${row.reserve > 0 && html`<svg class="reserve" width="100%" height="11" aria-hidden="true"><rect x=${`${100 - (row.reserve / row.limit) * 100}%`} width="2" height="11"/></svg>`}</span>`}</li>`)}</ul>
    ${rows.some((row) => row.reserve > 0) && html`<p class="caption">${t("The mark shows the reserve that is kept for clicks.")}</p>`}`}<//>`;
}

/** The budgets whose figures are known, in the shape they are drawn. @param {any} budget */
export function budgetRows(budget) {
  const { xero, zoho } = budget ?? {};
  const wanted = /** @type {[string, any, number][]} */ ([
    [meterName("xero", "day"), xero?.day, Number(xero?.reserve?.day ?? xero?.reserve ?? 0) || 0],
    [meterName("xero", "minute"), xero?.minute, Number(xero?.reserve?.minute ?? 0) || 0],
    [meterName("zoho", zoho?.credits ? "credits" : "day"), zoho?.credits ?? zoho?.day, 0],
  ]);
  return wanted.flatMap(([name, held, reserve]) => {
    const left = typeof held === "number" ? held : held?.left;
    if (typeof left !== "number") return [];
    const limit = typeof held?.limit === "number" && held.limit > 0 ? held.limit : null;
    return [{ name, left: Math.max(0, left), limit, reserve: limit !== null && reserve < limit ? reserve : 0 }];
  });
}

/** @param {{ audit: any }} props */
function Audit({ audit }) {
  const rows = audit.modules ?? [];
  const all = rows.reduce((/** @type {number} */ sum, /** @type {any} */ row) => sum + differences(row), 0);
  return html`<section class="panel card" aria-labelledby="audit-title"><div class="top"><h2 id="audit-title">${t("Drift audit")}</h2>
      <span class="caption figure">${auditedAt(audit.at)}</span><span class=${`pill ${all ? "blocked" : "ok"}`}>${all ? html`<${icon.Octagon} size=${14}/>` : html`<${icon.Agreed} size=${14}/>`}${auditResult(all)}</span></div>
    <div class="scroll" tabIndex="0" role="region" aria-labelledby="audit-title"><${Table} heads=${[t("Module"), t("In CRM"), t("In Xero"), t("Differences")]}
      rows=${rows.map((/** @type {any} */ row) => [moduleName(row.module), row.zoho?.count ?? "–", row.xero?.count ?? "–", differences(row)])}/></div></section>`;
}

/** @param {any} row */
function differences(row) {
  return Array.isArray(row.differences) ? row.differences.length : Number(row.differences ?? 0) || 0;
}

const COUNTS = /** @type {const} */ (["total", "created", "updated", "held", "failed", "calls"]);

/** @param {{ runs: any[], log: string }} props */
function Runs({ runs, log }) {
  const names = { total: t("Looked at"), created: t("Created"), updated: t("Updated"), held: t("Held"), failed: t("Failed"), calls: t("Calls") };
  const right = [...COUNTS.map((name) => names[name]), t("Took")];
  return html`<section class="panel card" aria-labelledby="runs-title"><div class="top"><h2 id="runs-title">${t("Last runs")}</h2>
      <a class="link" href=${log}>${t("Open log")}</a></div>
    ${runs.length === 0 ? html`<p class="none">${t("No run yet.")}</p>` : html`<div class="runs" role="table" aria-labelledby="runs-title">
      <div role="row" class="heads"><span role="columnheader">${t("Started")}</span><span role="columnheader">${t("What")}</span><span role="columnheader">${t("Result")}</span>
        ${right.map((name) => html`<span role="columnheader" class="figure">${name}</span>`)}</div>
      ${runs.map((run) => html`<${RunRow} key=${run.id} run=${run} names=${names}/>`)}</div>`}</section>`;
}

/** @param {{ run: any, names: Record<string, string> }} props */
function RunRow({ run, names }) {
  const [tone, words] = runResult(run);
  const Icon = ICONS[/** @type {keyof typeof ICONS} */ (tone)];
  return html`<div role="row"><span role="cell" class="at figure">${moment(run.started_at ?? run.created_at)}</span>
    <span role="cell" class="what"><bdi>${runWhat(run)}</bdi>${run.state === "failed" && run.message && html`<span class="caption">${run.message.text}</span>`}</span><span role="cell" class="result"><span class=${`pill ${tone}`}><${Icon} size=${14}/>${words}</span></span>
    ${COUNTS.map((name) => html`<span role="cell" class=${`figure count${run[name] ? "" : " zero"}`} data-label=${names[name]}>${count(run[name] ?? 0)}</span>`)}
    <span role="cell" class="figure count" data-label=${t("Took")}>${runTook(run)}</span></div>`;
}
