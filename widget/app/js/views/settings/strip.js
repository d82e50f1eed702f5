// @ts-check
/** Both organisations, whether they hold together, last and next sync, and one click for everything. */
import { html } from "./hooks.js";
import { t } from "../../i18n.js";
import { lastGoodSync, nextRun } from "../../words/shell.js";
import { Button } from "../parts.js";
import * as icon from "../icons.js";

/** @param {{ state: any, does: any }} props */
export function Strip({ state, does }) {
  const { connections } = state.connection;
  const { health } = state.health;
  const xero = connections?.xero;
  const together = xero?.state === "connected" && connections?.zoho?.state === "connected";
  const busy = state.runs.list.some((/** @type {any} */ run) => ["queued", "reading", "running"].includes(run.state) && run.kind !== "preview");
  const frozen = !state.shell.online || !state.shell.admin || state.shell.ended;
  return html`<header class="strip"><div class="strip-side"><span class="side"><${icon.Square}/>CRM</span><strong dir="auto">${state.shell.me?.org?.name ?? "–"}</strong></div>
    <span class=${together ? "strip-wire tone-ok" : "strip-wire apart tone-blocked"}><${together ? icon.Agreed : icon.Broken} size=${18}/></span>
    <span class="unseen">${together ? t("Connected") : t("Not connected")}</span>
    <div class="strip-side"><span class="side"><${icon.Disc}/>Xero</span><span class="strip-name"><strong dir="auto">${xero?.organisation?.name ?? "–"}</strong>${xero?.organisation?.base_currency && html` <span class="quiet">${xero.organisation.base_currency}</span>`}</span></div>
    <div class="strip-times figure"><span>${lastGoodSync(health)}</span><span>${nextRun(health)}</span></div>
    ${together && state.shell.admin && html`<${Button} label=${busy ? t("Syncing…") : t("Sync now")} Icon=${icon.Arrows} busy=${busy || state.runs.busy === "sync"}
      disabled=${frozen || busy || Boolean(state.runs.busy)} onClick=${() => does.views.runs.start("sync", "all")}/>`}</header>`;
}
