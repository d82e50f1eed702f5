// @ts-check
/** Icons of the settings page: one per view, and a few for its buttons. */
import { html } from "../vendor/htm-preact-standalone.js";

const line = { fill: "none", stroke: "currentColor", "stroke-width": "1.6", "stroke-linecap": "round", "stroke-linejoin": "round" };

/** @param {string} path */
const outline = (path) => (/** @type {{ size?: number, class?: string }} */ { size = 16, class: name = "" }) => html`<svg class=${name} width=${size} height=${size}
  viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d=${path} ...${line}/></svg>`;

export const Guide = outline("M3 4.6l1.4 1.4L7 3.4M3 10.4l1.4 1.4L7 9.2M3 16.2l1.4 1.4L7 15M10 5h7.5M10 10.5h7.5M10 16h7.5");
export const Grid = outline("M3 3h5.5v5.5H3zM11.5 3H17v5.5h-5.5zM3 11.5h5.5V17H3zM11.5 11.5H17V17h-5.5z");
export const Swap = outline("M3 7h13M12.5 3.5L16 7l-3.5 3.5M17 13.5H4M7.5 10L4 13.5 7.5 17");
export const Percent = outline("M15.5 4.5l-11 11M6 8.5a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM14 15.9a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z");
export const Lines = outline("M4 2.5h12v15H4zM7 6.5h6M7 10h6M7 13.5h4");
export const Rhomb = outline("M9 2.4a1.4 1.4 0 0 1 2 0L17.6 9a1.4 1.4 0 0 1 0 2L11 17.6a1.4 1.4 0 0 1-2 0L2.4 11a1.4 1.4 0 0 1 0-2zM7.4 8.7h5.2M7.4 11.3h5.2M11.4 7l-2.8 6");
export const Flag = outline("M4.5 18V3M4.5 3.5h11l-2.4 4 2.4 4h-11");
export const Gauge = outline("M4.6 16a8 8 0 1 1 10.8 0M10 11.5L13.2 7M10 13.2a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2z");
export const Bell = outline("M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13zM8.3 17.7h3.4M10 2.5V4");
export const Box = outline("M3 7l7-4 7 4v6.5L10 17.5 3 13.5zM3 7l7 4 7-4M10 11v6.5");
export const Search = outline("M9 15a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM13.5 13.5L17.5 17.5");
export const Down = outline("M10 3v10M5.8 9l4.2 4.2L14.2 9M3.5 17h13");
export const Up = outline("M10 13V3M5.8 7.2L10 3l4.2 4.2M3.5 17h13");
export const Undo = outline("M4 8h8.5a4.5 4.5 0 0 1 0 9H8M7.5 4L3.5 8l4 4");
export const Info = outline("M10 18a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM10 9.2v4.6M10 6.2v.2");
export const Lock = outline("M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9M10 12.2v1.8");
export const Plus = outline("M10 4v12M4 10h12");
export const Funnel = outline("M3 4h14l-5.5 6.5V16L8.5 17.5v-7z");
export const Hand = outline("M6.5 10V5.2a1.2 1.2 0 0 1 2.4 0V9M8.9 8.6V3.8a1.2 1.2 0 0 1 2.4 0v4.8M11.3 8.6V4.8a1.2 1.2 0 0 1 2.4 0V11c0 4-1.6 6.5-4.8 6.5-2.6 0-3.6-1.4-5-4.4l-1-2.2c-.5-1.2 1-2 1.8-.9l1.8 2.2");
export const History = outline("M3.5 10a6.5 6.5 0 1 1 2 4.7M3.5 10L2 8M3.5 10l2-1.8M10 6.5V10l2.5 1.5");
export const Text = outline("M4.5 6V4h11v2M10 4v12M7.5 16h5");
export const Hash = outline("M7.5 3.5l-1.6 13M14 3.5l-1.6 13M4 7.5h13M3 12.5h13");
export const Calendar = outline("M3.5 5h13v12h-13zM3.5 8.5h13M7 3v3.5M13 3v3.5");
export const Coin = outline("M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM12.4 7.6c-.5-.8-1.3-1.1-2.4-1.1-1.3 0-2.3.6-2.3 1.7 0 2.5 4.8 1.1 4.8 3.6 0 1.1-1 1.7-2.4 1.7-1.2 0-2.2-.4-2.7-1.4M10 5.2v9.6");
export const List = outline("M8 5h9M8 10h9M8 15h9M3.5 5h1M3.5 10h1M3.5 15h1");
export const Tag = outline("M3 3h6.5l7.5 7.5-6.5 6.5L3 9.5zM6.6 6.6v.1");
export const People = outline("M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 16.5c.4-3.2 2.6-4.8 5.5-4.8s5.1 1.6 5.5 4.8M13 3.8a3 3 0 0 1 0 5.5M15 12.1c1.7.7 2.8 2.2 3 4.4");
