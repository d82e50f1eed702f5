// @ts-check
/** The buttons of a record: labels say what they do, one of them is filled at most. */
import { html } from "../vendor/htm-preact-standalone.js";
import { actionLabel, actionMeaning, denial, viewOf, willWrite } from "../words.js";
import { Button } from "./parts.js";
import * as icon from "./icons.js";

const ICONS = { to_xero: icon.ToRight, to_zoho: icon.ToLeft, both: icon.Arrows };

/** Which directions are offered in a view, and which of them is the one thing to do. @param {any} record */
export function offered(record) {
  const allowed = record.allowed ?? [];
  const has = (/** @type {string} */ direction) => allowed.includes(direction);
  const view = viewOf(record);
  const both = ["to_xero", "to_zoho"].filter(has);
  if (view === "disconnected" || view === "conflict" || view === "needs_attention") return { directions: [], primary: null };
  if (view === "pending") {
    const first = has("both") ? "both" : both[0];
    return { directions: first ? [first] : [], primary: first ?? null };
  }
  if (view === "not_linked") return { directions: both.slice(0, 1), primary: both[0] ?? null };
  return { directions: both.length ? both : has("both") ? ["both"] : [], primary: null };
}

/** @param {{ record: any, plan: any, disabled: boolean, busy: any, onSync: (direction: string) => void }} props */
export function Actions({ record, plan, disabled, busy, onSync }) {
  const { directions, primary } = offered(record);
  const denied = Object.entries(record.denied ?? {}).filter(([, why]) => /** @type {any} */ (why)?.text && /** @type {any} */ (why).key !== "not_in_xero_yet");
  if (!directions.length && !denied.length) return null;
  const will = busy ? "" : willWrite(record, directions, plan);
  return html`${will && html`<p class="will">${will}</p>`}${directions.length > 0 && html`<div class="ways even">${directions.map((direction) => html`
      <${Button} label=${actionLabel(direction)} Icon=${busy?.direction === direction ? icon.Arrows : ICONS[/** @type {keyof typeof ICONS} */ (direction)]}
        primary=${direction === primary} disabled=${disabled} busy=${busy?.direction === direction}
        describedBy=${`means-${direction}`} onClick=${() => onSync(direction)}/>
      <span class="unseen" id=${`means-${direction}`}>${actionMeaning(direction)}</span>`)}</div>`}
    ${viewOf(record) !== "disconnected" && html`<${Denials} denied=${denied}/>`}`;
}

/** Why a direction is not on offer. @param {{ denied: [string, any][] }} props */
function Denials({ denied }) {
  if (!denied.length) return null;
  return html`<div class="denials">${denied.map(([direction, why]) => html`<p class="note"><${icon.Ring} size=${14}/>
    <span>${denial(direction, why)}${why.fix && ` ${why.fix}`}</span></p>`)}</div>`;
}
