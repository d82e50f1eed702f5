// @ts-check
/** Every attempt, with its reason: filtered, searched, and one row opened beside the list. */
import { html, useEffect, useMemo, useNear } from "./hooks.js";
import { t } from "../../i18n.js";
import { time } from "../../format.js";
import { SPANS, STATUSES } from "../../state/log.js";
import { dayName, reasonLine, spanName, statusName } from "../../words/log.js";
import { keysOf } from "../../state/modules.js";
import { moduleName } from "../../words/modules.js";
import { Blank, Button, Unread } from "../parts.js";
import * as icon from "../icons.js";
import * as rail from "../railicons.js";
import { Detail } from "./logdetail.js";
import { Chip, Frame, Head, Select, useWide } from "./parts.js";
import { Windowed } from "./windowed.js";

/** Icon and tone of each outcome. */
export const LOOKS = Object.freeze({
  success: [icon.Agreed, "ok"], held: [icon.Held, "decide"], failed: [icon.Octagon, "blocked"], skipped: [icon.Ring, "quiet"],
});

/** @param {{ status: string }} props */
export function Outcome({ status }) {
  const [Icon, tone] = LOOKS[/** @type {keyof typeof LOOKS} */ (status)] ?? LOOKS.skipped;
  return html`<span class=${`pill ${tone}`}><${Icon} size=${14} class=${`tone-${tone}`}/>${statusName(status)}</span>`;
}

/** @param {{ state: any, does: any }} props */
export function Log({ state, does }) {
  const { log, shell } = state;
  const wide = useWide(960);
  const open = log.rows.find((/** @type {any} */ row) => row.id === shell.route.id) ?? null;
  const alone = open && !wide;
  const show = (/** @type {any} */ row) => does.go({ view: "log", id: row?.id ?? "", query: log.query }, Boolean(open) || !wide ? false : true);
  return html`<${Head} title=${t("Log")} text=${t("Every attempt, with its reason.")}>
      <${Button} label=${t("Export CSV")} Icon=${rail.Down} busy=${log.busy === "csv"} disabled=${!shell.online || log.stage !== "ready"} onClick=${does.views.log.exportCsv}/><//>
    ${!alone && html`<${Filters} log=${log} does=${does} modules=${keysOf(state.configured.stored)}/>`}
    <${Frame} slice=${log} again=${does.views.log.load} rows=${10}>${log.rows.length ? html`<div class=${open && wide ? "card log with-detail" : "card log"}>
      ${!alone && html`<${Rows} log=${log} does=${does} open=${open} onOpen=${show}/>`}
      ${open && html`<${Detail} key=${open.id} row=${open} state=${state} does=${does} onClose=${() => { show(null); focusRow(open.id); }}/>`}</div>`
      : html`<${Nothing} log=${log} does=${does}/>`}<//>`;
}

/** @param {string} id */
function focusRow(id) {
  requestAnimationFrame(() => document.getElementById(`log-${id}`)?.focus());
}

/** @param {{ log: any, does: any }} props */
function Nothing({ log, does }) {
  const filtered = Object.keys(log.query).some((name) => name !== "days");
  return html`<div class="card"><${Blank} Icon=${rail.Lines} tone="quiet" title=${filtered ? t("Nothing matches this filter") : t("Nothing has happened yet")}
    text=${filtered ? t("Widen the time or take a filter away.") : t("Every attempt appears here, also those that change nothing.")}>
    ${filtered && html`<${Button} label=${t("Show everything")} onClick=${() => does.go({ view: "log", query: { days: "400" } })}/>`}<//></div>`;
}

/** @param {{ log: any, does: any, modules: string[] }} props */
function Filters({ log, does, modules }) {
  const set = (/** @type {Record<string, string>} */ more) => does.go({ view: "log", query: { ...log.query, ...more } });
  const { query } = log;
  return html`<div class="filters" role="search"><label class="search"><span class="unseen">${t("Search the log")}</span><${rail.Search} size=${16}/>
      <input type="search" placeholder=${t("Number, name or text")} value=${log.typed ?? query.q ?? ""} onInput=${(/** @type {any} */ event) => does.views.log.type(event.target.value)}/></label>
    <${Select} label=${t("Module")} value=${query.module ?? ""} options=${[["", t("All modules")], ...modules.map((key) => [key, moduleName(key)])]} onChange=${(/** @type {string} */ module) => set({ module })}/>
    <div class="filters-rest"><div class="chips" role="group" aria-label=${t("Result")}><${Chip} label=${t("All")} pressed=${!query.status} onClick=${() => set({ status: "" })}/>
      ${STATUSES.map((status) => html`<${Chip} key=${status} label=${statusName(status)} Icon=${LOOKS[/** @type {keyof typeof LOOKS} */ (status)][0]} tone=${LOOKS[/** @type {keyof typeof LOOKS} */ (status)][1]}
        count=${status === "held" || status === "failed" ? log.counts?.[status] ?? null : null} pressed=${query.status === status} onClick=${() => set({ status: query.status === status ? "" : status })}/>`)}</div>
    <${Select} label=${t("Time")} value=${query.days ?? "7"} options=${SPANS.map((days) => [days, spanName(days)])} onChange=${(/** @type {string} */ days) => set({ days })}/>
    ${(query.message_key || query.record) && html`<button type="button" class="chip" onClick=${() => set({ message_key: "", record: "" })}>${query.record ? t("One record") : t("One cause")}<${icon.Cross} size=${12}/><span class="unseen">${t("take this filter away")}</span></button>`}</div></div>`;
}

/** Rows with a heading before each day; ten minutes never lie on two days. @param {any[]} rows */
function withDays(rows) {
  let day = "";
  const names = new Map();
  return rows.flatMap((row) => {
    const key = row.at.slice(0, 15);
    const name = names.get(key) ?? dayName(row.at);
    names.set(key, name);
    if (name === day) return [{ row }];
    day = name;
    return [{ day: name, id: `day-${row.id}` }, { row }];
  });
}

/** @param {any} props */
function Rows({ log, does, open, onOpen }) {
  const rows = useMemo(() => withDays(log.rows), [log.rows]);
  const end = useNear(() => void does.views.log.more(), [log.cursor]);
  useEffect(() => { if (open) document.getElementById(`log-${open.id}`)?.scrollIntoView({ block: "nearest" }); }, [open?.id]);
  const draw = (/** @type {any} */ one) => (one.day ? html`<h2 class="day" key=${one.id}>${one.day}</h2>`
    : html`<${Row} key=${one.row.id} row=${one.row} selected=${open?.id === one.row.id} onOpen=${onOpen}/>`);
  return html`<div class="log-rows" onKeyDown=${onArrow}><${Windowed} rows=${rows} draw=${draw} guess=${54} watch=${open?.id}/>
    <div ref=${end} class="log-end">${log.unread ? html`<${Unread} problem=${log.unread} what=${t("Earlier attempts could not be read.")} again=${does.views.log.more}/>` : log.cursor ? html`<${Button} label=${t("Show earlier")} busy=${log.more} onClick=${does.views.log.more}/>` : html`<span class="caption">${t("That is all in this time.")}</span>`}</div></div>`;
}

/** Arrows move between rows. @param {KeyboardEvent} event */
function onArrow(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const rows = [.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll(".log-row")];
  const at = rows.indexOf(/** @type {Element} */ (document.activeElement));
  if (at < 0) return;
  event.preventDefault();
  /** @type {HTMLElement | undefined} */ (rows[at + (event.key === "ArrowDown" ? 1 : -1)])?.focus();
}

/** @param {any} props */
function Row({ row, selected, onOpen }) {
  return html`<button type="button" id=${`log-${row.id}`} class="log-row" aria-pressed=${selected ? "true" : "false"} onClick=${() => onOpen(selected ? null : row)}>
    <time class="figure" dateTime=${row.at}>${time(row.at)}</time><${icon.Way} direction=${row.operation === "none" && row.status !== "success" ? "none" : row.direction}/><span class="unseen">${row.direction_text}</span>
    <span class="log-what"><span class="log-name"><strong dir="auto">${row.label || moduleName(row.module)}</strong> <span class="quiet">${moduleName(row.module)}</span></span><span class="caption" dir="auto">${reasonLine(row)}</span></span>
    <${Outcome} status=${row.status}/></button>`;
}
