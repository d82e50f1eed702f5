// @ts-check
/**
 * Whether it gets better: records in sync above, those that wait or need a person below on a scale of their own,
 * because what is in sync would dwarf them.
 */
import { html, useState } from "../vendor/htm-preact-standalone.js";
import { t } from "../i18n.js";
import { count } from "../format.js";
import { dayName, inSyncSentence, openSentence } from "../dashboardwords.js";
import { ORDER } from "../modules.js";
import { Chart, Columns, Legend, ModuleChoice, Table, Trend } from "./charts.js";

const LEAST = 14;
const WEEK = 7;
const DAY = 86400000;

/** @typedef {{ day: string, in_sync: number, waiting: number, needed: number } | { day: string, in_sync: null }} Stand */

/**
 * One place for every day up to the last one, two weeks at least; a day nobody counted is known by its name only.
 * @param {any[]} days @param {string} module @returns {Stand[]}
 */
export function standings(days, module) {
  if (!days.length) return [];
  const [first, last] = [days[0], days[days.length - 1]].map(({ day }) => Date.parse(`${day}T00:00:00Z`));
  const span = Math.max(LEAST, Math.round((last - first) / DAY) + 1);
  const held = new Map(days.map((one) => [one.day, stand(one, module)]));
  return Array.from({ length: span }, (_, index) => {
    const day = new Date(last - (span - 1 - index) * DAY).toISOString().slice(0, 10);
    return held.get(day) ?? { day, in_sync: null };
  });
}

/** @param {any} one @param {string} module @returns {Stand} */
function stand({ day, modules }, module) {
  const chosen = module === "all" ? Object.values(modules) : [modules[module]].filter(Boolean);
  const sum = (/** @type {string} */ name) => chosen.reduce((all, each) => all + each[name], 0);
  if (!chosen.length) return { day, in_sync: null };
  return { day, in_sync: sum("in_sync"), waiting: sum("pending"), needed: sum("conflict") + sum("needs_attention") };
}

/** Days that were counted. @param {Stand[]} stands @returns {{ day: string, in_sync: number, waiting: number, needed: number }[]} */
export function counted(stands) {
  return /** @type {any} */ (stands.filter((one) => one.in_sync !== null));
}

/** Whether a day between two that were counted was not. @param {Stand[]} stands */
export function hasGap(stands) {
  const first = stands.findIndex((one) => one.in_sync !== null);
  return first >= 0 && stands.slice(first).some((one) => one.in_sync === null);
}

/** @param {{ days: any[] }} props */
export function OverTime({ days }) {
  const [module, setModule] = useState("all");
  const there = ORDER.filter((key) => days.some((day) => day.modules[key]));
  const stands = standings(days, there.includes(module) ? module : "all");
  const known = counted(stands);
  const enough = known.length > 1;
  const table = html`<${Table} heads=${[t("Day"), t("In sync"), t("Waiting"), t("Needs you")]}
    rows=${stands.map((/** @type {any} */ one) => [dayName(one.day), ...[one.in_sync, one.waiting, one.needed].map((value) => (one.in_sync === null ? "–" : count(value)))])}/>`;
  return html`<${Chart} id="time-title" title=${t("Records over time")} choice=${html`<${ModuleChoice} keys=${there} chosen=${module} onChoose=${setModule}/>`}
    table=${enough && table}>${enough ? html`<${Drawn} stands=${stands} known=${known}/>`
    : html`<p class="none">${t("Counting begins today. From tomorrow on you see here, day by day, how many records wait or need you.")}</p>`}<//>`;
}

/** @param {{ stands: any[], known: any[] }} props */
function Drawn({ stands, known }) {
  const last = known[known.length - 1];
  const columns = stands.map((one, index) => ({
    ...dayMark(stands, index),
    slices: one.in_sync === null ? [] : [{ value: one.waiting, tone: "busy" }, { value: one.needed, tone: "blocked", hatched: true }],
  }));
  return html`<div class="over-time"><div><${Legend} entries=${[["ok", `${t("In sync")} ${count(last.in_sync)}`]]}/>
      <${Trend} points=${stands.map((one) => one.in_sync)} label=${inSyncSentence(known)} count=${count}/></div>
    <div><${Legend} entries=${[["busy", `${t("Waiting")} ${count(last.waiting)}`], ["blocked", `${t("Needs you")} ${count(last.needed)}`, true]]}/>
      <${Columns} columns=${columns} label=${openSentence(known)} count=${count} plot=${96}/></div>
    ${hasGap(stands) && html`<p class="caption">${t("A gap is a day on which nothing was counted.")}</p>`}</div>`;
}

/** The last day has its name, and every seventh before it. @param {any[]} stands @param {number} index */
function dayMark(stands, index) {
  const back = stands.length - 1 - index;
  if (back % WEEK) return { name: "" };
  const edge = /** @type {"start" | "end" | undefined} */ (back === 0 ? "end" : index < 2 ? "start" : undefined);
  return { name: dayName(stands[index].day), edge, spare: (back / WEEK) % 2 === 1 };
}
