// @ts-check
/** CRM ■ and ● Xero side by side, and whether they hold together. */
import { html } from "../vendor/htm-preact-standalone.js";
import { t } from "../i18n.js";
import { asOf as asOfTime, editedAt, viewOf } from "../words.js";
import { OutLink } from "./parts.js";
import * as icon from "./icons.js";

const WIRES = {
  in_sync: { Icon: icon.Linked, tone: "ok", apart: false },
  pending: { Icon: icon.Clock, tone: "busy", apart: true },
  syncing: { Icon: icon.Arrows, tone: "busy", apart: true },
  conflict: { Icon: icon.Diamond, tone: "decide", apart: true },
  needs_attention: { Icon: icon.Triangle, tone: "blocked", apart: true },
  excluded: { Icon: icon.Ring, tone: "quiet", apart: true },
  not_linked: { Icon: icon.Dashed, tone: "quiet", apart: true },
  disconnected: { Icon: icon.Broken, tone: "quiet", apart: true },
};

/** @param {{ record: any }} props */
export function Pair({ record }) {
  const view = viewOf(record);
  const wire = WIRES[/** @type {keyof typeof WIRES} */ (view)] ?? WIRES.not_linked;
  return html`<div class="pair">
    <${CrmCell} record=${record}/>
    <div class=${`wire tone-${wire.tone}${wire.apart ? " apart" : ""}`} aria-hidden="true"><${wire.Icon} size=${18}/></div>
    <${XeroCell} record=${record} view=${view}/></div>`;
}

/** @param {{ record: any }} props */
function CrmCell({ record }) {
  const { number, status, at } = record.zoho ?? {};
  const edited = viewOf(record) === "disconnected" && record.waiting > 0 && at;
  return html`<div class="cell"><div class="side"><${icon.Square}/>CRM</div>
    <div class="number"><bdi>${number || record.label}</bdi></div>
    <div class="status">${edited ? editedAt(at) : html`<bdi>${status}</bdi>`}</div></div>`;
}

/** @param {{ record: any, view: string }} props */
function XeroCell({ record, view }) {
  if (!record.xero && !record.links?.length) return html`<${Missing} record=${record} view=${view}/>`;
  const link = record.links?.[0];
  const name = record.xero?.number || link?.xero_number || record.label;
  const asOf = view === "disconnected" && record.xero?.at;
  return html`<div class="cell"><div class="side"><${icon.Disc}/>Xero</div>
    <div class="number"><${OutLink} url=${link?.url}><bdi>${name}</bdi><//></div>
    <div class="status">${asOf ? asOfTime(record.xero.at) : record.xero?.status_text ?? record.xero?.status}</div></div>`;
}

/** @param {{ record: any, view: string }} props */
function Missing({ record, view }) {
  const why = view === "needs_attention" ? t("Waits for the fix")
    : view === "pending" || view === "syncing" ? t("On its way")
      : view === "disconnected" && record.waiting > 0 ? t("Waits for the connection") : "";
  return html`<div class="cell missing"><div class="side"><${icon.Disc}/>Xero</div>
    <div class="number">${t("Not created yet")}</div><div class="status">${why}</div></div>`;
}
