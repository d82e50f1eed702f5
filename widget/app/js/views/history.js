// @ts-check
/** What happened to this record, newest first; a row with field changes opens. */
import { html, useState } from "../vendor/htm-preact-standalone.js";
import { n, t } from "../i18n.js";
import { moment, stamp } from "../format.js";
import { eventTitle, startedBy, valueText } from "../words.js";
import { Button, problemNumber, problemText } from "./parts.js";
import * as icon from "./icons.js";

const FIRST = 3;
/** As many rows as the record brings when there may be more. */
const FULL = 10;

/** @param {{ rows: any[], earlier: any, onEarlier: () => void, currency: string | null }} props */
export function History({ rows: newest, earlier, onEarlier, currency }) {
  const [all, setAll] = useState(false);
  if (!newest.length) return null;
  const rows = [...newest, ...earlier.rows];
  const shown = all ? rows : rows.slice(0, FIRST);
  return html`<section class="part" aria-labelledby="history-title">
    <div class="head"><h2 id="history-title">${t("History")}</h2>
      ${rows.length > FIRST && html`<button type="button" class="link" aria-expanded=${all ? "true" : "false"}
        onClick=${() => setAll(!all)}>${all ? t("Show fewer") : n("Show 1 more", "Show {n} more", rows.length - FIRST)}</button>`}</div>
    <ol class="history">${shown.map((row) => html`<li key=${row.id}><${Event} row=${row} currency=${currency}/></li>`)}</ol>
    ${all && newest.length >= FULL && !earlier.done && html`<div class="ways">${earlier.problem && html`<span class="caption" role="alert">${problemText(earlier.problem)} ${problemNumber(earlier.problem)}</span>`}
      <${Button} label=${t("Show earlier")} busy=${earlier.busy} disabled=${earlier.busy} onClick=${onEarlier}/></div>`}</section>`;
}

/** @param {{ row: any, currency: string | null }} props */
function Event({ row, currency }) {
  const opens = Boolean(row.changes?.length || row.message?.fix);
  if (!opens) return html`<div class="event"><${Line} row=${row}/></div>`;
  return html`<details class="event-detail"><summary class="event"><${Line} row=${row} opens/></summary>
    <div class="changes">${row.message?.fix && html`<p>${row.message.fix}</p>`}
      ${row.changes?.length > 0 && html`<dl>${row.changes.map((/** @type {any} */ change) => html`<${Change} change=${change} currency=${currency}/>`)}</dl>`}</div></details>`;
}

/** @param {{ row: any, opens?: boolean }} props */
function Line({ row, opens = false }) {
  const failed = row.status === "failed";
  const held = row.status === "held";
  return html`<${icon.Way} direction=${row.operation === "none" && failed ? "none" : row.direction}/>
    <div class="what"><span class="unseen">${row.direction_text}: </span>
      ${failed && html`<${icon.Octagon} size=${12} class="tone-blocked"/><span class="unseen">${t("Failed")}: </span>`}
      ${held && html`<${icon.Held} size=${12} class="tone-decide"/><span class="unseen">${t("Held")}: </span>`}
      <span>${eventTitle(row)}</span>${opens && html`<${icon.Chevron} size=${12}/>`}</div>
    <time class="at figure" dateTime=${row.at} aria-label=${moment(row.at)}>${stamp(row.at)}</time>
    <div class="by">${startedBy(row)}</div>`;
}

/** @param {{ change: any, currency: string | null }} props */
function Change({ change, currency }) {
  const empty = html`<i>${t("(empty)")}</i>`;
  const [before, after] = [change.before, change.after].map((value) => valueText(value, change.type, currency) ?? empty);
  return html`<dt>${change.label ?? change.field}</dt>
    <dd><del><bdi>${before}</bdi></del> → <ins><bdi>${after}</bdi></ins></dd>`;
}
