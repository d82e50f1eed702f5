// @ts-check
/** A preview before anything is written, the sync that follows from it, and how far it is. */
import { html } from "./hooks.js";
import { n, t } from "../../i18n.js";
import { count, isToday, moment, money, subtract, isZero, time } from "../../format.js";
import { changesOf, isOver } from "../../state/runs.js";
import { ambiguousText, callsText, deletionsText, endText, endedTitle, heldText, minutesText, movedText, operationName, previewTitle, runTitle, startLabel, tallies } from "../../words/runs.js";
import { moduleName } from "../../words/modules.js";
import { Banner, Blank, Button } from "../parts.js";
import * as icon from "../icons.js";
import * as rail from "../railicons.js";
import { Frame, Go, Head } from "./parts.js";
import { Progress } from "./progress.js";
import { RunRows } from "./runrows.js";

/** @param {{ state: any, does: any }} props */
export function Preview({ state, does }) {
  const { runs, shell } = state;
  if (!shell.route.id) return html`<${Newest} state=${state} does=${does}/>`;
  const { run } = runs;
  const back = html`<p class="crumbs"><${Go} to=${{ view: "modules" }} does=${does}>${t("Modules")}<//> › ${moduleName(run?.module ?? "all")}</p>`;
  const title = !run ? t("Preview") : run.kind !== "preview" ? (isOver(run) ? endedTitle(run) : runTitle(run)) : firstOf(run, state) ? t("Preview of the first sync") : t("Preview");
  return html`<${Head} title=${title} back=${back}/><${Frame} slice=${runs} again=${() => does.views.runs.show(shell.route.id)} rows=${8}>
    ${run && html`<${Body} run=${run} state=${state} does=${does}/>`}<//>`;
}

/** @param {any} run @param {any} state */
function firstOf(run, state) {
  const modules = state.health.health?.modules ?? {};
  return run.module === "all" ? !Object.values(modules).some((one) => /** @type {any} */ (one).accepted) : !modules[run.module]?.accepted;
}

/** Without an address the newest runs are on offer. @param {{ state: any, does: any }} props */
function Newest({ state, does }) {
  const { runs } = state;
  return html`<${Head} title=${t("Previews and runs")} text=${t("The newest first. Each can be looked at again.")}/><${Frame} slice=${runs} again=${does.views.runs.load}>
    ${runs.list.length ? html`<ul class="card run-list">${runs.list.map((/** @type {any} */ run) => html`<li key=${run.id}><${Go} to=${{ view: "preview", id: run.id }} does=${does}>${isOver(run) ? endedTitle(run) : runTitle(run)}<//><span class="caption figure">${moment(run.created_at)}</span><span class="caption">${run.by ?? ""}</span><span class="caption figure">${tallies(run).map(([, text]) => text).join(" · ")}</span></li>`)}</ul>`
      : html`<div class="card"><${Blank} Icon=${rail.Search} tone="quiet" title=${t("No preview yet")} text=${t("A preview shows everything that would happen, and writes nothing.")}><${Button} label=${t("Start preview")} primary disabled=${Boolean(runs.busy) || !state.shell.admin || !state.shell.online} onClick=${() => does.views.runs.start("preview", "all")}/><//></div>`}<//>`;
}

/** @param {any} props */
function Body({ run, state, does }) {
  const preview = run.kind === "preview";
  if (!isOver(run)) return html`${preview && html`<${Unwritten} run=${run}/>`}<div class="card part">${run.confirm ? html`<${Confirm} run=${run} state=${state} does=${does}/>` : html`<${Progress} run=${run} state=${state} does=${does}/>`}</div>`;
  if (preview && ["done", "finished"].includes(run.state)) return html`${!acceptedFrom(run, state) && html`<${Unwritten} run=${run}/>`}<${Planned} run=${run} state=${state}/><${RunRows} run=${run} state=${state} does=${does}/><${StartBar} run=${run} state=${state} does=${does}/>`;
  const moved = state.runs.rows.filter((/** @type {any} */ row) => row.moved).length;
  return html`<div class="card part run-end"><div class="row-ends"><p><${run.state === "failed" ? icon.Octagon : icon.Agreed} size=${18} class=${run.state === "failed" ? "tone-blocked" : "tone-ok"}/><strong>${endText(run)}</strong> <span class="caption figure">${moment(run.finished_at)}</span></p>
      ${run.kind === "sync" && state.shell.admin && html`<${Button} label=${t("Undo this run")} Icon=${rail.Undo} busy=${state.runs.busy === "undo"} disabled=${Boolean(state.runs.busy) || !state.shell.online} onClick=${does.views.runs.undo}/>`}</div>
      <p class="tallies figure">${tallies(run).map(([name, text]) => html`<span class=${name} key=${name}>${text}</span> `)}</p>${moved > 0 && html`<p>${movedText(moved)}</p>`}
      ${run.kind === "sync" && html`<p class="caption">${t("Undo restores what Xero still allows and lists what it does not.")}</p>`}</div><${RunRows} run=${run} state=${state} does=${does}/>`;
}

/** @param {{ run: any }} props */
function Unwritten({ run }) {
  const at = run.finished_at;
  const text = at ? t("Both sides were read at {time}. Anything edited since is read again before it is sent.", { time: isToday(at) ? time(at) : moment(at) }) : t("Both sides are being read.");
  return html`<div class="notice-line"><${rail.Info} size=${18} class="tone-busy"/><p><strong>${t("Nothing has been written yet.")}</strong> ${text}</p></div>`;
}

/** What the run would do: one bar per operation and direction. @param {{ run: any, state: any }} props */
function Planned({ run, state }) {
  const rows = operationsOf(run);
  const most = Math.max(1, ...rows.map((row) => row.count));
  const { summary } = run;
  const [calls, minutes] = [summary?.calls ?? run.figures?.calls_needed, summary?.minutes ?? run.figures?.minutes_needed];
  const day = state.health.health?.budget?.xero?.day;
  const title = previewTitle(run.total ?? 0, changesOf(run));
  return html`<div class="planned"><section class="card part" aria-labelledby="planned-title"><h2 id="planned-title">${title}</h2><p class="caption">${t("Matched before anything is created.")}</p>
    ${rows.length ? html`<table class="bars"><tbody>${rows.map((row) => html`<tr key=${row.key}><td class="bars-way">${row.Icon ? html`<${row.Icon} size=${18} class=${`tone-${row.tone}`}/>` : html`<${icon.Way} direction=${row.direction}/>`}</td><th scope="row">${row.label}</th><td class="figure"><strong>${count(row.count)}</strong></td>
      <td class="bars-bar" aria-hidden="true"><svg viewBox="0 0 100 10" preserveAspectRatio="none" class=${`bar-${row.tone}`}><rect width=${Math.max(1, (row.count / most) * 100)} height="10" rx="1"/></svg></td></tr>`)}</tbody></table>` : html`<p>${t("Nothing would change. Both sides agree.")}</p>`}</section>
    <section class="card" aria-labelledby="money-title"><div class="part"><h2 id="money-title">${t("Money on both sides")}</h2><${Sums} money=${summary?.money}/></div><ul class="part remarks">
      ${Number(run.held) > 0 && html`<li><${icon.Held} size=${16} class="tone-decide"/><span>${heldText(Number(run.held))}</span></li>`}
      ${minutes !== undefined && html`<li><${icon.Since} size=${16}/><span>${minutesText(Number(minutes))}</span></li>`}
      ${calls !== undefined && html`<li><${rail.Gauge} size=${16}/><span>${callsText(Number(calls))} ${day?.limit ? leftToday(day) : ""}</span></li>`}
      <li><${rail.Undo} size=${16}/><span>${t("The run can be undone where Xero still allows it.")}</span></li></ul></section></div>`;
}

/** @param {any} day */
const leftToday = (day) => t("{left} of {limit} are left today.", { left: count(day.left), limit: count(day.limit) });

/** @param {any} run */
function operationsOf(run) {
  const { summary, figures } = run;
  /** @type {any[]} */
  const rows = [];
  const by = summary?.by_direction ?? figures?.by ?? {};
  for (const direction of ["to_xero", "to_zoho", "both"]) {
    const held = by[direction];
    for (const [operation, count] of Object.entries(typeof held === "object" && held ? held : {})) {
      if (Number(count) > 0 && operation !== "none" && operation !== "link") rows.push({ key: `${operation}-${direction}`, direction, label: operationName(operation, direction), count: Number(count), tone: "busy" });
    }
  }
  if (!rows.length) for (const operation of ["create", "update", "delete"]) {
    const count = Number(summary?.by_operation?.[operation] ?? run[{ create: "created", update: "updated", delete: "deleted" }[operation] ?? ""] ?? 0);
    if (count) rows.push({ key: operation, direction: "both", label: { create: t("Create"), update: t("Update"), delete: t("Delete") }[operation], count, tone: "busy" });
  }
  rows.sort((a, b) => b.count - a.count);
  const linked = Number(summary?.by_operation?.link ?? run.linked ?? 0);
  if (linked) rows.unshift({ key: "link", direction: "both", label: operationName("link", "both"), count: linked, tone: "ok" });
  const ambiguous = Number(run.failed ?? 0) + Number(summary?.ambiguous ?? 0);
  if (ambiguous) rows.push({ key: "ambiguous", Icon: icon.Triangle, label: t("Need attention"), count: ambiguous, tone: "blocked" });
  if (Number(run.held)) rows.push({ key: "held", Icon: icon.Held, label: t("Held"), count: Number(run.held), tone: "decide" });
  if (Number(run.skipped)) rows.push({ key: "skipped", Icon: icon.Ring, label: t("Out of scope"), count: Number(run.skipped), tone: "quiet" });
  return rows;
}

/** Sums per currency, never added across. @param {{ money: any }} props */
function Sums({ money: held }) {
  const rows = Array.isArray(held) ? held : Object.entries(held ?? {}).map(([currency, sums]) => ({ currency, .../** @type {any} */ (sums) }));
  if (!rows.length) return html`<p class="caption">${t("No documents in this preview.")}</p>`;
  return html`<div class="scroll" tabIndex="0" role="group" aria-labelledby="money-title"><table class="plain figures sums"><thead><tr><th scope="col">${t("Currency")}</th><th scope="col">CRM</th><th scope="col">Xero</th><th scope="col">${t("Apart")}</th></tr></thead><tbody>${rows.map((row) => {
    const [crm, xero] = [row.zoho ?? row.crm, row.xero];
    const apart = subtract(crm, xero);
    return html`<tr key=${row.currency} class=${apart === null || isZero(apart) ? "" : "differs"}><th scope="row">${row.currency}</th><td class="figure">${money(crm, null)}</td><td class="figure">${money(xero, null)}</td><td class="figure">${money(apart?.replace("-", "") ?? null, null)}</td></tr>`;
  })}</tbody></table></div>`;
}

/** Whether a run was started from this preview. @param {any} run @param {any} state */
const acceptedFrom = (run, state) => state.runs.list.some((/** @type {any} */ one) => one.preview === run.id);

/** @param {any} props */
function StartBar({ run, state, does }) {
  const { shell, runs } = state;
  const changes = changesOf(run);
  const ambiguous = Number(run.failed ?? 0) + Number(run.held ?? 0);
  const used = acceptedFrom(run, state);
  const frozen = !shell.admin || !shell.online || shell.ended || Boolean(runs.busy);
  const unread = !used && Boolean(runs.unread);
  const says = unread ? t("The rows could not be read. Look through them before you start.") : used ? t("This preview was accepted.") : ambiguous ? ambiguousText(ambiguous) : changes ? t("Look through the rows; then start.") : t("Nothing would change.");
  return html`<div class="savebar" role="region" aria-label=${t("Start")}><${rail.Info} size=${18} class="tone-busy"/><div class="savebar-says"><p><strong>${says}</strong></p>${ambiguous > 0 && !used && !unread && html`<p class="caption">${t("They stay untouched until you choose. Nothing is created for them.")}</p>`}</div>
    <div class="savebar-ways">${!used && html`<${Go} to=${{ view: "modules" }} does=${does}>${t("Discard preview")}<//>`}${ambiguous > 0 && html`<${Button} label=${t("Show them")} onClick=${() => { void does.views.runs.filter("", Number(run.held) ? "held" : "failed"); document.getElementById("rows")?.scrollIntoView(); }}/>`}
      ${!used && html`<${Button} label=${startLabel(changes, Number(run.summary?.by_operation?.link ?? run.linked ?? 0))} primary busy=${runs.busy === "sync"} disabled=${frozen || unread} onClick=${() => does.views.runs.start("sync", run.module, { direction: run.direction ?? "both", preview: run.id })}/>`}</div></div>`;
}

/** More deletions than the limit wait for a yes. @param {any} props */
function Confirm({ run, state, does }) {
  const frozen = !state.shell.admin || !state.shell.online || Boolean(state.runs.busy);
  const yes = n("Delete 1 record", "Delete {n} records", Number(run.confirm.deletions ?? 0));
  return html`<${Banner} Icon=${icon.Triangle} tone="blocked" strong=${run.confirm.text ?? deletionsText(run.confirm)} text=${t("All other changes of the run are done.")}/>
    <div class="ways"><${Button} label=${t("Stop here")} busy=${state.runs.busy === "cancel"} disabled=${frozen} onClick=${does.views.runs.cancel}/><button type="button" class="button danger" disabled=${frozen} onClick=${does.views.runs.confirm}>${yes}</button></div>`;
}
