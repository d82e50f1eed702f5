// @ts-check
/** What crosses, in which direction, and when: a matrix where there is room, else one row per module. */
import { html } from "./hooks.js";
import { t } from "../../i18n.js";
import { moduleOf } from "../../modules.js";
import { read, same } from "../../state/documents.js";
import { DIRECTIONS, GROUPS, SWITCHES, idle, matrixOf } from "../../state/modules.js";
import { conflictRule, conflictRules, groupName, impossible, moduleName, scopeLines, switchHead, switchName, xeroName } from "../../words/modules.js";
import { Blank, Button } from "../parts.js";
import * as icon from "../icons.js";
import * as rail from "../railicons.js";
import { Check, Frame, Head, Select, Switch, useWide } from "./parts.js";
import { ModuleCards } from "./modulecards.js";
import { Meanwhile, SaveBar } from "./savebar.js";
import { Scope } from "./scope.js";

/** @param {{ state: any, does: any }} props */
export function Modules({ state, does }) {
  const { configured, modules, shell } = state;
  const wide = useWide(960);
  const locked = !shell.admin || !shell.online || Boolean(configured.busy);
  const rows = matrixOf(modules.told, configured.draft);
  const part = { state, does, rows, locked, label: labels(modules.offers) };
  const anyOn = rows.some((row) => configured.draft.modules[row.key].enabled);
  const connected = state.connection.connections?.xero?.state === "connected";
  return html`<${Head} title=${t("Modules")} text=${t("What crosses, in which direction, and when. Switching something on later never floods: you see a preview first.")}>
      ${shell.admin && connected && html`<${Button} label=${t("Preview")} Icon=${rail.Search} disabled=${locked || !anyOn || Boolean(state.runs.busy)} busy=${state.runs.busy === "preview"}
        onClick=${() => does.views.runs.start("preview", "all")}/>`}<//>
    <${Meanwhile} configured=${configured} does=${does}/>
    <${Frame} slice=${configured} again=${does.views.configured.load}>
      ${!anyOn && html`<div class="card none-on"><${Blank} Icon=${icon.Ring} tone="quiet" title=${t("No module is on")} text=${t("Nothing crosses until you switch one on below. A click on a record says so too.")}/></div>`}
      ${wide ? html`<${Matrix} ...${part}/>` : html`<${ModuleCards} ...${part}/>`}<//>
    ${modules.open && html`<${Scope} key=${modules.open} module=${modules.open} ...${part}/>`}
    <${SaveBar} state=${state} does=${does} preview/>`;
}

/** What CRM calls a field, as far as it was read. @param {any} offers */
const labels = (offers) => (/** @type {string} */ module) => (/** @type {string} */ field) => offers[module]?.fields?.find((/** @type {any} */ one) => one.path === field)?.label ?? field.replaceAll("_", " ");

/** One boolean of the draft, as a control of the matrix or of a card. @param {any} props */
export function Bit({ state, does, path, label, locked, off = false, kind = "check" }) {
  const checked = Boolean(read(state.configured.draft, path));
  const changed = checked !== Boolean(read(state.configured.stored, path));
  const Kind = kind === "switch" ? Switch : Check;
  return html`<${Kind} label=${label} checked=${checked} changed=${changed} disabled=${locked || off}
    onChange=${(/** @type {boolean} */ on) => does.views.configured.edit(path, on)}/>`;
}

/** @param {any} part */
function Matrix(part) {
  const full = useWide(1200);
  const beside = useWide(1090);
  const columns = 11 + Number(beside) + Number(full);
  const minutes = part.state.health.health?.schedule?.minutes ?? 10;
  const every = t("Every {minutes} min", { minutes });
  return html`<div class="card matrix-card"><table class="matrix"><caption class="unseen">${t("Switches of each module")}</caption>
    <thead><tr><td colSpan="3"></td>
      <th scope="colgroup" colSpan="4" class="edge"><span class="ways-head">CRM <${icon.Way} direction="to_xero"/> Xero</span></th>
      <th scope="colgroup" colSpan="4" class="edge"><span class="ways-head">CRM <${icon.Way} direction="to_zoho"/> Xero</span></th>${beside && html`<td colSpan=${full ? 2 : 1} class="edge"></td>`}</tr>
    <tr><th scope="col" class="name">${t("Module")}</th><th scope="col">${t("On")}</th><th scope="col" class="every">${every}</th>
      ${DIRECTIONS.map((direction) => ["allow", ...SWITCHES].map((name, index) => html`<th scope="col" key=${direction + name} class=${index ? "" : "edge"}>${switchHead(name)}</th>`))}
      ${beside && html`<th scope="col" class="edge start">${t("Edited on both")}</th>`}${full && html`<th scope="col" class="start">${t("In scope")}</th>`}</tr></thead>
    ${GROUPS.map((group) => html`<tbody key=${group}><tr class="group"><th scope="rowgroup" colSpan=${columns}>${groupName(group)}</th></tr>
      ${part.rows.filter((/** @type {any} */ row) => row.group === group).map((/** @type {any} */ row) => html`<${Row} key=${row.key} row=${row} full=${full} beside=${beside} ...${part}/>`)}</tbody>`)}</table></div>`;
}

/** @param {any} props */
function Row({ row, full, beside, ...part }) {
  const held = part.state.configured.draft.modules[row.key];
  const name = moduleName(row.key, row.label);
  const bit = (/** @type {string[]} */ path, /** @type {string} */ says, more = {}) => html`<${Bit} ...${part} path=${["modules", row.key, ...path]} label=${`${name}: ${says}`} ...${more}/>`;
  const rule = html`<${Rule} row=${row} held=${held} name=${name} ...${part}/>`;
  const scope = html`<${ScopeCell} row=${row} held=${held} name=${name} ...${part}/>`;
  return html`<tr class=${held.enabled ? "" : "resting"}><th scope="row" class="name"><span dir="auto">${name}</span>${beside ? html`<span class="caption">${xeroName(row.key, row.xeroLabel)}</span>` : html`<div>${rule}</div>`}${!full && scope}</th>
    <td>${bit(["enabled"], t("On"), { kind: "switch", off: !row.available && !held.enabled })}</td><td>${bit(["schedule"], t("Schedule"), { kind: "switch", off: !held.enabled })}</td>
    ${DIRECTIONS.map((direction) => html`<${Way} key=${direction} direction=${direction} row=${row} held=${held} bit=${bit}/>`)}
    ${beside && html`<td class="edge start">${rule}</td>`}
    ${full && html`<td class="start">${scope}</td>`}</tr>`;
}

/** The four switches of a direction, or why it does not exist. @param {any} props */
function Way({ direction, row, held, bit }) {
  const prefix = direction === "to_xero" ? t("To Xero") : t("To CRM");
  if (!row[direction].possible) return html`<td colSpan="4" class="edge impossible">${impossible(row.key, direction, row[direction].why)}</td>`;
  const off = idle(held, direction);
  return html`<td class="edge">${bit([direction, "allow"], `${prefix}, ${switchName("allow")}`, { kind: "switch", off: off.direction })}</td>
    ${SWITCHES.map((name) => html`<td key=${name}>${bit([direction, name], `${prefix}, ${switchName(name)}`, { off: off.switches })}</td>`)}`;
}

/** Who wins when both edited the same field. @param {any} props */
export function Rule({ row, held, name, state, does, locked }) {
  const path = ["modules", row.key, "conflict"];
  if (!held.enabled) return html`<span class="quiet">–</span>`;
  if (row.fixed) return html`<span class="fixed quiet">${conflictRule(row.fixed)} <${rail.Lock} size=${14}/><span class="unseen">${t("cannot be changed")}</span></span>`;
  return html`<${Select} bare label=${`${name}: ${t("Edited on both")}`} value=${held.conflict} options=${conflictRules()} disabled=${locked}
    changed=${!same(held.conflict, read(state.configured.stored, path))} onChange=${(/** @type {string} */ rule) => does.views.configured.edit(path, rule)}/>`;
}

/** What is in scope; opens its editor. @param {any} props */
export function ScopeCell({ row, held, name, state, does, label }) {
  const along = moduleOf(row.key)?.along?.() ?? "";
  const [first, second] = scopeLines(held, along, label(row.key));
  const text = html`<span>${first}</span>${second && html`<span class="caption">${second}</span>`}`;
  if (along || !held.enabled) return html`<span class="scope-text">${text}</span>`;
  const changed = ["start_date", "filter"].some((part) => !same(held[part], read(state.configured.stored, ["modules", row.key, part])));
  return html`<a class=${changed ? "scope-text changed" : "scope-text"} href=${does.link({ view: "modules", id: row.key })}>${text}<span class="unseen">, ${name}: ${t("change what is in scope")}</span></a>`;
}
