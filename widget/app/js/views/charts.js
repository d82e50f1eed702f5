// @ts-check
/**
 * Charts as inline SVG: drawn in per cent without a viewBox, so that hatching and gaps keep their
 * size at every width. What needs a person is hatched, never only coloured.
 */
import { html, useState } from "../vendor/htm-preact-standalone.js";
import { count } from "../format.js";
import { t } from "../i18n.js";
import { moduleName } from "../modules.js";

let drawings = 0;

/** @typedef {{ value: number, tone: string, hatched?: boolean }} Slice */

/**
 * Where each slice of a bar begins and ends, in per cent of `whole`; what is there is seen, however small.
 * @param {Slice[]} slices @param {number} whole @param {number} [least]
 */
export function placed(slices, whole, least = 0.8) {
  const there = slices.filter((slice) => slice.value > 0);
  if (!there.length || whole <= 0) return [];
  const wide = there.map((slice) => Math.max(least, (slice.value / whole) * 100));
  const most = (there.reduce((sum, slice) => sum + slice.value, 0) / whole) * 100;
  const over = wide.reduce((sum, width) => sum + width, 0) - Math.max(most, least * there.length);
  const widest = wide.indexOf(Math.max(...wide));
  wide[widest] = Math.max(least, wide[widest] - over);
  let x = 0;
  return there.map((slice, index) => {
    const begins = x;
    x += wide[index];
    return { ...slice, x: begins, width: wide[index] };
  });
}

/** The hatching of one tone, to be named in `fill`. @param {{ id: string, tone: string }} props */
function Hatch({ id, tone }) {
  return html`<pattern id=${id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <rect width="5" height="5" class="hatch-back"/><rect width="2.6" height="5" class=${`mark-${tone}`}/></pattern>`;
}

/** One bar of slices with gaps of two pixels. @param {{ slices: Slice[], whole: number, height?: number, least?: number, label?: string }} props */
export function Bar({ slices, whole, height = 10, least = 1.2, label }) {
  const [name] = useState(() => `h${++drawings}`);
  const parts = placed(slices, whole, least);
  const hatched = [...new Set(parts.filter((part) => part.hatched).map((part) => part.tone))];
  return html`<svg class="stack" width="100%" height=${height} role=${label ? "img" : undefined} aria-label=${label}
      aria-hidden=${label ? undefined : "true"}>
    <defs>${hatched.map((tone) => html`<${Hatch} id=${`${name}-${tone}`} tone=${tone}/>`)}</defs>
    ${parts.map((part) => html`<rect x=${`${part.x}%`} width=${`${part.width}%`} height=${height} rx="2"
      class=${part.hatched ? undefined : `mark-${part.tone}`} fill=${part.hatched ? `url(#${name}-${part.tone})` : undefined}/>`)}
    ${parts.slice(1).map((part) => html`<rect class="gap" x=${`${part.x}%`} width="2" height=${height} transform="translate(-1 0)"/>`)}</svg>`;
}

/** Round numbers up to the highest column, three at most above nothing. @param {number} highest */
export function stepsTo(highest) {
  if (highest < 1) return [0];
  const size = 10 ** Math.floor(Math.log10(highest));
  const step = Math.max(1, [0.2, 0.5, 1, 2, 5].map((one) => one * size).find((one) => highest / one < 4) ?? size);
  return Array.from({ length: Math.floor(highest / step) + 1 }, (_, index) => index * step);
}

const PLOT = 128;
const LEAST = 4;
const AT = { start: 0.16, middle: 0.5, end: 1 };

/**
 * Columns of slices, from below. A name stands in the middle under its column, or begins or ends with it at an
 * `edge` of the drawing; a `spare` one gives way where there is little room.
 * @param {{
 *   columns: { name: string, edge?: "start" | "end", spare?: boolean, slices: Slice[] }[], label: string, count: (value: number) => string, plot?: number,
 * }} props
 */
export function Columns({ columns, label, count, plot = PLOT }) {
  const [name] = useState(() => `h${++drawings}`);
  const sums = columns.map((column) => column.slices.reduce((sum, slice) => sum + slice.value, 0));
  const highest = Math.max(1, ...sums);
  const step = 100 / Math.max(1, columns.length);
  const scale = (plot - 12) / highest;
  return html`<${Plot} steps=${stepsTo(Math.max(...sums))} scale=${scale} plot=${plot} foot=${36} label=${label} count=${count}>
      <defs><${Hatch} id=${`${name}-blocked`} tone="blocked"/></defs>
      ${columns.map((column, index) => html`<g>${rising(column.slices, scale).map((slice) => html`<rect x=${`${index * step + step * 0.16}%`}
          width=${`${step * 0.68}%`} y=${10 + plot - slice.to} height=${slice.to - slice.from} rx="2"
          class=${slice.hatched ? undefined : `mark-${slice.tone}`} fill=${slice.hatched ? `url(#${name}-${slice.tone})` : undefined}/>`)}
        ${column.name && html`<text class=${column.spare ? "spare" : undefined} x=${`${(index + AT[column.edge ?? "middle"]) * step}%`} y=${plot + 28}
          text-anchor=${column.edge ?? "middle"}>${column.name}</text>`}</g>`)}<//>`;
}

/**
 * A line over as many places as there are columns below it; null is a place nothing is known of.
 * @param {{ points: (number | null)[], label: string, count: (value: number) => string, plot?: number }} props
 */
export function Trend({ points, label, count, plot = 64 }) {
  const highest = Math.max(1, ...points.map((point) => point ?? 0));
  const scale = (plot - 8) / highest;
  const y = (/** @type {number} */ value) => 10 + plot - value * scale;
  const x = (/** @type {number} */ index) => `${((index + 0.5) * 100) / points.length}%`;
  return html`<${Plot} steps=${stepsTo(highest)} scale=${scale} plot=${plot} foot=${16} label=${label} count=${count}>
    ${strokes(points).map(([from, to]) => html`<line class="trend" x1=${x(from)} x2=${x(to)}
      y1=${y(/** @type {number} */ (points[from]))} y2=${y(/** @type {number} */ (points[to]))}/>`)}
    ${ends(points).map((index) => html`<circle class="mark-ok" cx=${x(index)} cy=${y(/** @type {number} */ (points[index]))} r="3"/>`)}<//>`;
}

/** Pairs of neighbours that are both known. @param {(number | null)[]} points @returns {[number, number][]} */
export function strokes(points) {
  return points.flatMap((point, index) => (index && point !== null && points[index - 1] !== null ? [/** @type {[number, number]} */ ([index - 1, index])] : []));
}

/** Where a line begins or ends. @param {(number | null)[]} points @returns {number[]} */
export function ends(points) {
  return points.flatMap((point, index) => (point !== null && ((points[index - 1] ?? null) === null || (points[index + 1] ?? null) === null) ? [index] : []));
}

/** What charts with an upright axis share: figures at its left, a rule for each. @param {any} props */
function Plot({ steps, scale, plot, foot, label, count, children }) {
  const y = (/** @type {number} */ value) => 10 + plot - value * scale;
  return html`<div class="columns"><svg class="axis" width="42" height=${plot + foot} aria-hidden="true">
      ${steps.map((/** @type {number} */ value) => html`<text x="36" y=${y(value) + 4} text-anchor="end">${count(value)}</text>`)}</svg>
    <svg width="100%" height=${plot + foot} role="img" aria-label=${label}>
      ${steps.map((/** @type {number} */ value) => html`<line class="rule" x1="0" x2="100%" y1=${y(value)} y2=${y(value)}/>`)}${children}</svg></div>`;
}

/** Where each slice begins and ends, in pixels: two apart, and seen however small. @param {Slice[]} slices @param {number} scale */
export function rising(slices, scale) {
  let from = 0;
  return slices.filter((slice) => slice.value > 0).map((slice) => {
    const begins = from;
    const to = begins + Math.max(LEAST, slice.value * scale);
    from = to + 2;
    return { ...slice, from: begins, to };
  });
}

/** What the colours mean. @param {{ entries: [string, string, boolean?][] }} props */
export function Legend({ entries }) {
  return html`<ul class="legend">${entries.map(([tone, text, hatched]) => html`<li><span class="key"><${Bar}
    slices=${[{ value: 1, tone, hatched }]} whole=${1}/></span>${text}</li>`)}</ul>`;
}

/** A chart with its heading, and the same figures as a table. @param {any} props */
export function Chart({ id, title, caption, choice, table, children }) {
  const [asTable, setAsTable] = useState(false);
  return html`<section class="panel card" aria-labelledby=${id}><div class="top"><h2 id=${id}>${title}</h2>
      ${caption && html`<span class="caption">${caption}</span>`}${choice}
      ${table && html`<button type="button" class="link" aria-pressed=${asTable ? "true" : "false"} onClick=${() => setAsTable(!asTable)}>
        ${asTable ? t("Show as chart") : t("Show as table")}<span class="unseen">: ${title}</span></button>`}</div>
    ${asTable ? html`<div class="scroll" tabIndex="0" role="group" aria-labelledby=${id}>${table}</div>` : children}</section>`;
}

/** Figures in rows. @param {{ heads: string[], rows: unknown[][] }} props */
export function Table({ heads, rows }) {
  return html`<table class="figures"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${rows.map(([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td class="figure">${typeof cell === "number" ? count(cell) : cell}</td>`)}</tr>`)}</tbody></table>`;
}

/** Everything, or one of the modules there are; nothing to choose among fewer than two. @param {{ keys: string[], chosen: string, onChoose: (key: string) => void }} props */
export function ModuleChoice({ keys, chosen, onChoose }) {
  if (keys.length < 2) return null;
  return html`<label class="pick"><span class="unseen">${t("Module")}</span><select value=${chosen} onChange=${(/** @type {any} */ event) => onChoose(event.target.value)}>
    <option value="all">${t("All modules")}</option>${keys.map((key) => html`<option value=${key}>${moduleName(key)}</option>`)}</select></label>`;
}
