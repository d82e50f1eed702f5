// @ts-check
/** The switches on a narrow page: one row per module that opens to two direction columns. */
import { html, useState } from "./hooks.js";
import { t } from "../../i18n.js";
import { DIRECTIONS, SWITCHES, idle } from "../../state/modules.js";
import { directionName, impossible, moduleName, switchName, wayText } from "../../words/modules.js";
import * as icon from "../icons.js";
import { Bit, Rule, ScopeCell } from "./modules.js";

/** @param {any} part */
export function ModuleCards(part) {
  const [open, setOpen] = useState("");
  return html`<ul class="card module-cards">${part.rows.map((/** @type {any} */ row) => html`<li key=${row.key}>
    <${Card} row=${row} ...${part} open=${open === row.key} onOpen=${() => setOpen(open === row.key ? "" : row.key)}/></li>`)}</ul>`;
}

/** @param {any} props */
function Card({ row, open, onOpen, ...part }) {
  const held = part.state.configured.draft.modules[row.key];
  const name = moduleName(row.key, row.label);
  const id = `module-${row.key}`;
  return html`<div class="module-head"><${Bit} ...${part} path=${["modules", row.key, "enabled"]} label=${`${name}: ${t("On")}`} kind="switch" off=${!row.available && !held.enabled}/>
      <button type="button" class="module-open" aria-expanded=${open ? "true" : "false"} aria-controls=${id} onClick=${onOpen}><span><strong dir="auto">${name}</strong><span class="caption">${wayText(held, row)}</span></span>
        <${icon.Chevron} size=${14} class=${open ? "down" : ""}/></button></div>
    ${open && html`<div class="module-body" id=${id}><div class="two-ways">${DIRECTIONS.map((direction) => html`<${Way} key=${direction} direction=${direction} row=${row} held=${held} name=${name} ...${part}/>`)}</div>
      <div class="module-line"><span>${t("Schedule")}</span><${Bit} ...${part} path=${["modules", row.key, "schedule"]} label=${`${name}: ${t("Schedule")}`} kind="switch" off=${!held.enabled}/></div>
      <div class="module-line"><span>${t("Edited on both")}</span><${Rule} row=${row} held=${held} name=${name} ...${part}/></div>
      <div class="module-line"><span>${t("In scope")}</span><${ScopeCell} row=${row} held=${held} name=${name} ...${part}/></div></div>`}`;
}

/** @param {any} props */
function Way({ direction, row, held, name, ...part }) {
  const off = idle(held, direction);
  const way = directionName(direction);
  return html`<div class="one-way"><h3><${icon.Way} direction=${direction}/>${way}</h3>
    ${row[direction].possible ? ["allow", ...SWITCHES].map((bit) => html`<div class="module-line" key=${bit}><span>${switchName(bit)}</span>
      <${Bit} ...${part} path=${["modules", row.key, direction, bit]} label=${`${name}: ${way}, ${switchName(bit)}`} kind=${bit === "allow" ? "switch" : "check"} off=${bit === "allow" ? off.direction : off.switches}/></div>`)
      : html`<p class="impossible">${impossible(row.key, direction, row[direction].why)}</p>`}</div>`;
}
