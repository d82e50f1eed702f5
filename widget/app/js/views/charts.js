// @ts-check
/**
 * Charts as inline SVG: drawn in per cent without a viewBox, so that hatching and gaps keep their
 * size at every width. What needs a person is hatched, never only coloured.
 */
import { html, useState } from "../vendor/htm-preact-standalone.js";
import { t } from "../i18n.js";

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

/**
 * Columns of slices, from below.
 * @param {{ columns: { name: string, slices: Slice[] }[], label: string, count: (value: number) => string }} props
 */
export function Columns({ columns, label, count }) {
  const [name] = useState(() => `h${++drawings}`);
  const sums = columns.map((column) => column.slices.reduce((sum, slice) => sum + slice.value, 0));
  const highest = Math.max(1, ...sums);
  const step = 100 / Math.max(1, columns.length);
  const scale = (PLOT - 12) / highest;
  const y = (/** @type {number} */ value) => 10 + PLOT - value * scale;
  return html`<div class="columns"><svg class="axis" width="42" height=${PLOT + 36} aria-hidden="true">
      ${stepsTo(Math.max(...sums)).map((value) => html`<text x="36" y=${y(value) + 4} text-anchor="end">${count(value)}</text>`)}</svg>
    <svg width="100%" height=${PLOT + 36} role="img" aria-label=${label}>
      <defs><${Hatch} id=${`${name}-blocked`} tone="blocked"/></defs>
      ${stepsTo(Math.max(...sums)).map((value) => html`<line class="rule" x1="0" x2="100%" y1=${y(value)} y2=${y(value)}/>`)}
      ${columns.map((column, index) => html`<g>${rising(column.slices, scale).map((slice) => html`<rect x=${`${index * step + step * 0.16}%`}
          width=${`${step * 0.68}%`} y=${10 + PLOT - slice.to} height=${slice.to - slice.from} rx="2"
          class=${slice.hatched ? undefined : `mark-${slice.tone}`} fill=${slice.hatched ? `url(#${name}-${slice.tone})` : undefined}/>`)}
        <text x=${`${(index + 0.5) * step}%`} y=${PLOT + 28} text-anchor="middle">${column.name}</text></g>`)}</svg></div>`;
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
    ${asTable ? html`<div class="scroll" tabIndex="0" role="region" aria-label=${title}>${table}</div>` : children}</section>`;
}

/** Figures in rows. @param {{ heads: string[], rows: unknown[][] }} props */
export function Table({ heads, rows }) {
  return html`<table class="figures"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${rows.map(([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td class="figure">${cell}</td>`)}</tr>`)}</tbody></table>`;
}
