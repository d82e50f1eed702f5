// @ts-check
/** Icons as inline SVG, each status with a silhouette of its own. Words stand beside them. */
import { html } from "../vendor/htm-preact-standalone.js";

const line = { fill: "none", stroke: "currentColor", "stroke-width": "1.5", "stroke-linecap": "round", "stroke-linejoin": "round" };

/** @param {{ size?: number, class?: string, children?: unknown }} props */
function Svg({ size = 16, class: name = "", children }) {
  return html`<svg class=${name} width=${size} height=${size} viewBox="0 0 20 20" aria-hidden="true"
    focusable="false">${children}</svg>`;
}

/** ✓ disc */
export const Agreed = (/** @type {any} */ p) => html`<${Svg} ...${p}>
  <circle cx="10" cy="10" r="10" fill="currentColor"/>
  <path d="M5.8 10.4l2.9 2.8 5.6-6" fill="none" stroke="var(--surface)" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/><//>`;
/** Clock disc */
export const Clock = (/** @type {any} */ p) => html`<${Svg} ...${p}>
  <circle cx="10" cy="10" r="10" fill="currentColor"/>
  <path d="M10 4.8V10l3.4 2.2" fill="none" stroke="var(--surface)" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/><//>`;
/** Clock outline, for remarks */
export const Since = (/** @type {any} */ p) => html`<${Svg} ...${p}>
  <circle cx="10" cy="10" r="8" ...${line}/><path d="M10 5.5V10l3 1.8" ...${line}/><//>`;
/** Two arrows; they turn while something is under way */
export const Arrows = (/** @type {any} */ { turning = false, ...p }) => html`<${Svg} ...${p} class=${`${p.class ?? ""}${turning ? " turning" : ""}`}>
  <path d="M16.6 8.2A7 7 0 0 0 4 6.2M3.4 11.8A7 7 0 0 0 16 13.8" ...${line} stroke-width="1.9"/>
  <path d="M3.6 2.6v4h4M16.4 17.4v-4h-4" ...${line} stroke-width="1.9"/><//>`;
/** Diamond with ≠ */
export const Diamond = (/** @type {any} */ p) => html`<${Svg} ...${p}>
  <path d="M9 .6a1.4 1.4 0 0 1 2 0L19.4 9a1.4 1.4 0 0 1 0 2L11 19.4a1.4 1.4 0 0 1-2 0L.6 11a1.4 1.4 0 0 1 0-2z" fill="currentColor"/>
  <path d="M6.4 8.4h7.2M6.4 11.6h7.2M11.6 6l-3.2 8" fill="none" stroke="var(--surface)" stroke-width="1.6" stroke-linecap="round"/><//>`;
/** Pause disc */
export const Held = (/** @type {any} */ p) => html`<${Svg} ...${p}>
  <circle cx="10" cy="10" r="10" fill="currentColor"/>
  <path d="M7.6 6.4v7.2M12.4 6.4v7.2" fill="none" stroke="var(--surface)" stroke-width="2.2" stroke-linecap="round"/><//>`;
/** Triangle with ! */
export const Triangle = (/** @type {any} */ p) => html`<${Svg} ...${p}>
  <path d="M8.5 2a1.8 1.8 0 0 1 3 0l8 14.2a1.8 1.8 0 0 1-1.5 2.7H2A1.8 1.8 0 0 1 .5 16.2z" fill="currentColor"/>
  <path d="M10 7.4v4.4" fill="none" stroke="var(--surface)" stroke-width="2" stroke-linecap="round"/><circle cx="10" cy="15" r="1.2" fill="var(--surface)"/><//>`;
/** Octagon with × */
export const Octagon = (/** @type {any} */ p) => html`<${Svg} ...${p}>
  <path d="M6 .6h8L19.4 6v8L14 19.4H6L.6 14V6z" fill="currentColor"/>
  <path d="M7 7l6 6M13 7l-6 6" fill="none" stroke="var(--surface)" stroke-width="2" stroke-linecap="round"/><//>`;
/** Broken link */
export const Broken = (/** @type {any} */ p) => html`<${Svg} ...${p}>
  <path d="M8.2 13.8l-2 2a3 3 0 0 1-4.2-4.2l2-2M11.8 6.2l2-2a3 3 0 0 1 4.2 4.2l-2 2" ...${line} stroke-width="1.7"/>
  <path d="M6.2 2.2v2.6M2.2 6.2h2.6M13.8 17.8v-2.6M17.8 13.8h-2.6" ...${line} stroke-width="1.7"/><//>`;
/** Chain */
export const Linked = (/** @type {any} */ p) => html`<${Svg} ...${p}>
  <path d="M8.4 11.6a3.6 3.6 0 0 0 5.4.4l2.6-2.6a3.6 3.6 0 0 0-5.1-5.1L9.8 5.8" ...${line} stroke-width="1.7"/>
  <path d="M11.6 8.4a3.6 3.6 0 0 0-5.4-.4l-2.6 2.6a3.6 3.6 0 0 0 5.1 5.1l1.5-1.5" ...${line} stroke-width="1.7"/><//>`;
/** Ring with – */
export const Ring = (/** @type {any} */ p) => html`<${Svg} ...${p}>
  <circle cx="10" cy="10" r="8.6" ...${line} stroke-width="1.9"/><path d="M6 10h8" ...${line} stroke-width="1.9"/><//>`;
/** Dashed ring */
export const Dashed = (/** @type {any} */ p) => html`<${Svg} ...${p}>
  <circle cx="10" cy="10" r="8.4" ...${line} stroke-width="1.9" stroke-dasharray="4.4 4.4" stroke-linecap="butt"/><//>`;
/** Leads out of the page */
export const Out = (/** @type {any} */ p) => html`<${Svg} ...${p}>
  <path d="M8 4H4.5A1.5 1.5 0 0 0 3 5.5v10A1.5 1.5 0 0 0 4.5 17h10a1.5 1.5 0 0 0 1.5-1.5V12M12 3h5v5M17 3l-7.5 7.5" ...${line} stroke-width="1.7"/><//>`;
export const ToRight = (/** @type {any} */ p) => html`<${Svg} ...${p}><path d="M3 10h13.5M11 4.5l5.5 5.5-5.5 5.5" ...${line} stroke-width="1.7"/><//>`;
export const ToLeft = (/** @type {any} */ p) => html`<${Svg} ...${p}><path d="M17 10H3.5M9 4.5L3.5 10 9 15.5" ...${line} stroke-width="1.7"/><//>`;
export const Plug = (/** @type {any} */ p) => html`<${Svg} ...${p}>
  <path d="M7 2.5V6M13 2.5V6M5 6.5h10V9a5 5 0 0 1-10 0zM10 14v3.5" ...${line} stroke-width="1.7"/><//>`;
export const Tick = (/** @type {any} */ p) => html`<${Svg} ...${p}>
  <rect x="3" y="3" width="14" height="14" rx="2" ...${line}/><path d="M6.8 10.2l2.2 2.2 4.2-4.8" ...${line}/><//>`;
export const Chevron = (/** @type {any} */ p) => html`<${Svg} ...${p}><path d="M7.5 4.5L13 10l-5.5 5.5" ...${line} stroke-width="1.8"/><//>`;
export const Cross = (/** @type {any} */ p) => html`<${Svg} ...${p}><path d="M4.5 4.5l11 11M15.5 4.5l-11 11" ...${line} stroke-width="1.8"/><//>`;
export const Person = (/** @type {any} */ p) => html`<${Svg} ...${p}>
  <circle cx="10" cy="6.5" r="3.6" ...${line} stroke-width="1.6"/><path d="M3 17.5c.6-4 3.4-6 7-6s6.4 2 7 6" ...${line} stroke-width="1.6"/><//>`;

/** ■ stands for CRM, ● for Xero, everywhere. */
export const Square = () => html`<svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true"><rect x="1" y="1" width="8" height="8" rx="1.5" fill="currentColor"/></svg>`;
export const Disc = () => html`<svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="4" fill="currentColor"/></svg>`;

const ARROW = {
  to_xero: "M13 6h8M18.5 3.5L21 6l-2.5 2.5",
  to_zoho: "M21 6h-8M15.5 3.5L13 6l2.5 2.5",
  both: "M13 6h8M18.7 3.7L21 6l-2.3 2.3M15.3 3.7L13 6l2.3 2.3",
  none: "M14.5 3.5l5 5M19.5 3.5l-5 5",
};

/** ■→●, ■←●, ■↔●, ■×●. @param {{ direction: string }} props */
export function Way({ direction }) {
  const path = ARROW[/** @type {keyof typeof ARROW} */ (direction)] ?? ARROW.none;
  return html`<svg class="way" width="34" height="12" viewBox="0 0 34 12" aria-hidden="true">
    <rect x="1" y="1.5" width="9" height="9" rx="1.8" fill="currentColor"/>
    <path d=${path} ...${line} stroke-width="1.4"/>
    <circle cx="28.5" cy="6" r="4.8" fill="currentColor"/></svg>`;
}
