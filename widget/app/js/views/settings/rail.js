// @ts-check
/** The way between views: a rail where there is room, else a choice. Counts say where somebody is needed. */
import { html } from "./hooks.js";
import { t } from "../../i18n.js";
import { badgesOf } from "../../state/health.js";
import { badgeText, viewName } from "../../words/shell.js";
import * as rail from "../railicons.js";
import * as icon from "../icons.js";
import { Go, useWide } from "./parts.js";

const GROUPS = Object.freeze([
  [["guide", rail.Guide], ["modules", rail.Grid], ["mapping", rail.Swap], ["maps", rail.Percent]],
  [["log", rail.Lines], ["conflicts", rail.Rhomb], ["attention", rail.Flag]],
  [["health", rail.Gauge], ["notices", rail.Bell], ["configuration", rail.Box], ["connection", icon.Plug]],
]);

/** @param {{ state: any, does: any, unsaved: string[] }} props */
export function Rail({ state, does, unsaved }) {
  const wide = useWide(960);
  const current = state.shell.route.view === "preview" ? "modules" : state.shell.route.view;
  const badges = badgesOf(state.health.health);
  return wide ? html`<${Wide} current=${current} does=${does} badges=${badges} unsaved=${unsaved}/>`
    : html`<${Narrow} current=${current} does=${does} badges=${badges}/>`;
}

/** @param {any} props */
function Wide({ current, does, badges, unsaved }) {
  return html`<nav class="rail" aria-label=${t("Settings")}>${GROUPS.map((group, index) => html`<ul key=${index}>${group.map(([view, Icon]) => html`<li key=${view}>
    <${Go} to=${{ view }} does=${does} class="rail-link" current=${view === current}><${Icon} size=${16}/><span>${viewName(/** @type {string} */ (view))}</span>
      ${unsaved.includes(/** @type {string} */ (view)) && html`<i class="unsaved"></i><span class="unseen">${t("not saved")}</span>`}
      <${Badge} view=${view} count=${badges[/** @type {"conflicts"} */ (view)]}/><//></li>`)}</ul>`)}</nav>`;
}

/** @param {any} props */
function Badge({ view, count }) {
  if (!count) return null;
  return html`<span class=${`badge figure ${view === "conflicts" ? "decide" : "blocked"}`} aria-hidden="true">${count > 999 ? "999+" : count}</span>
    <span class="unseen">, ${badgeText(view, count)}</span>`;
}

/** @param {any} props */
function Narrow({ current, does, badges }) {
  const name = (/** @type {string} */ view) => {
    const count = badges[/** @type {"conflicts"} */ (view)];
    return count ? `${viewName(view)} (${count})` : viewName(view);
  };
  return html`<nav class="rail-narrow" aria-label=${t("Settings")}><label class="select"><span class="unseen">${t("Go to")}</span>
    <select value=${current} onChange=${(/** @type {any} */ event) => does.go({ view: event.target.value })}>
      ${GROUPS.flat().map(([view]) => html`<option key=${view} value=${view} selected=${view === current}>${name(/** @type {string} */ (view))}</option>`)}</select></label></nav>`;
}
