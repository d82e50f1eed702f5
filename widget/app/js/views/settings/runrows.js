// @ts-check
/** The rows of a run or preview: filtered, paged, each with what changes and why it is held. */
import { html } from "./hooks.js";
import { t } from "../../i18n.js";
import { count, money } from "../../format.js";
import { moduleName } from "../../words/modules.js";
import { operationName } from "../../words/runs.js";
import { Blank, OutLink, Unread } from "../parts.js";
import * as icon from "../icons.js";
import { Changes } from "./logdetail.js";

/** Operation, status, words, how many; what a run has nothing of is left out. @param {any} run @returns {[string, string, string, number][]} */
function tabs(run) {
  const of = (/** @type {string} */ name) => Number(run[name] ?? 0);
  const some = /** @type {[string, string, string, number][]} */ ([
    ["create", "", t("Create"), of("created")], ["update", "", t("Updates"), of("updated")], ["delete", "", t("Delete"), of("deleted")], ["link", "", t("Links"), of("linked")],
    ["", "held", t("Held"), of("held")], ["", "failed", run.kind === "preview" ? t("Several partners") : t("Failed"), of("failed")], ["", "skipped", t("Out of scope"), of("skipped")],
  ]);
  return [["", "", t("All"), some.reduce((sum, [, , , many]) => sum + many, 0)], ...some.filter(([, , , many]) => many > 0)];
}

/** @param {any} props */
export function RunRows({ run, state, does }) {
  const { runs } = state;
  return html`<section class="card run-rows" id="rows" aria-label=${t("Planned changes")}><div class="tabs" role="group" aria-label=${t("Show")}>${tabs(run).map(([operation, status, text, many]) => {
    const pressed = runs.operation === operation && runs.status === status;
    return html`<button type="button" class="tab" key=${operation + status} aria-pressed=${pressed ? "true" : "false"} onClick=${() => does.views.runs.filter(operation, status)}>${text} <span class="tab-count figure">${count(many)}</span></button>`;
  })}<span class="tabs-end"><button type="button" class="icon-button" aria-label=${t("Previous page")} disabled=${!runs.from.length || runs.rowsBusy} onClick=${does.views.runs.back}><${icon.Chevron} size=${14} class="turned"/></button>
      <button type="button" class="icon-button" aria-label=${t("Next page")} disabled=${!runs.cursor || runs.rowsBusy} onClick=${does.views.runs.next}><${icon.Chevron} size=${14}/></button></span></div>
    ${runs.rows.length > 0 && html`<div class="run-row run-heads" aria-hidden="true"><span>${t("Record")}</span><span class="row-sums">${runs.rows.some((/** @type {any} */ row) => row.totals && Object.keys(row.totals).length) && html`<span>${t("Total in CRM")}</span><span>${t("Total in Xero")}</span>`}</span><span>${t("What happens")}</span><span>${t("Check")}</span><span></span></div>`}
    ${runs.rows.length ? html`<ul class=${runs.rowsBusy ? "rows-list busy" : "rows-list"}>${runs.rows.map((/** @type {any} */ row) => html`<li key=${row.id} class=${row.status === "held" ? "held" : ""}><${Row} row=${row} run=${run} open=${runs.open === row.id} onOpen=${() => does.views.runs.open(row.id)}/></li>`)}</ul>`
      : runs.unread ? html`<div class="part"><${Unread} problem=${runs.unread} what=${t("The rows could not be read.")} again=${does.views.runs.again}/></div>`
        : runs.rowsRead && html`<${Blank} Icon=${icon.Ring} tone="quiet" title=${t("No rows of this kind")}/>`}</section>`;
}

/** @param {any} props */
function Row({ row, run, open, onOpen }) {
  const totals = row.totals ?? {};
  const [crm, xero, currency] = [totals.zoho ?? totals.crm ?? totals.crm_total ?? null, totals.xero ?? totals.xero_total ?? null, totals.currency ?? null];
  const opens = Boolean(row.changes?.length || row.candidates?.length || row.message);
  const held = row.status === "held" || row.status === "failed";
  const what = held || row.status === "skipped" ? operationName("none", row.direction) : operationName(row.operation, row.direction);
  const content = html`<span class="row-name"><strong dir="auto">${row.label || "–"}</strong><span class="caption">${moduleName(row.module)}${row.moved ? html` · ${t("changed since the preview")}` : ""}</span></span>
    <span class="row-sums figure">${crm !== null && html`<span><span class="unseen">CRM </span>${money(String(crm), currency)}</span>`}${xero !== null && html`<span><span class="unseen">Xero </span>${money(String(xero), currency)}</span>`}</span>
    <span class="row-what"><${icon.Way} direction=${held ? "none" : row.operation === "link" ? "both" : row.direction}/>${what}</span><${Verdict} row=${row} run=${run}/>`;
  if (!opens) return html`<div class="run-row">${content}<span></span></div>`;
  return html`<button type="button" class="run-row" aria-expanded=${open ? "true" : "false"} onClick=${onOpen}>${content}<${icon.Chevron} size=${14} class=${open ? "down" : ""}/></button>
    ${open && html`<div class="run-more">${row.message?.text && html`<p><strong>${row.message.text}</strong> ${row.message.fix ?? ""}</p>`}
      ${row.candidates?.length > 0 && html`<ul>${row.candidates.map((/** @type {any} */ one) => html`<li key=${one.id ?? one.xero_id}><${icon.Disc}/> <${OutLink} url=${one.url}><bdi>${one.label ?? one.name ?? one.number}</bdi><//></li>`)}</ul>`}
      ${row.changes?.length > 0 && html`<${Changes} changes=${row.changes} currency=${currency}/>`}</div>`}`;
}

/** @param {any} props */
function Verdict({ row, run }) {
  if (row.status === "held") return html`<span class="verdict decide"><${icon.Held} size=${14} class="tone-decide"/>${t("Held")}</span>`;
  if (row.status === "failed") return html`<span class="verdict blocked"><${row.candidates?.length ? icon.Triangle : icon.Octagon} size=${14} class="tone-blocked"/>${row.candidates?.length ? t("Several partners") : t("Failed")}</span>`;
  if (row.status === "skipped") return html`<span class="verdict"><${icon.Ring} size=${14} class="tone-quiet"/>${t("Out of scope")}</span>`;
  return html`<span class="verdict ok"><${icon.Agreed} size=${14} class="tone-ok"/>${run.kind === "preview" ? t("Agrees") : t("Done")}</span>`;
}
