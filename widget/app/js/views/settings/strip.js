// @ts-check
/** Both organisations, whether they hold together, last and next sync, and one click for everything. */
import { html } from "./hooks.js";
import { t } from "../../i18n.js";
import { firstSyncsDue } from "../../state/firstsync.js";
import { firstSyncText, lastGoodSync, nextRun } from "../../words/shell.js";
import { Button } from "../parts.js";
import * as icon from "../icons.js";
import { Go } from "./parts.js";

/** @param {{ state: any, does: any }} props */
export function Strip({ state, does }) {
  const { connections } = state.connection;
  const { health } = state.health;
  const xero = connections?.xero;
  const together = xero?.state === "connected" && connections?.zoho?.state === "connected";
  const due = firstSyncsDue(health);
  const busy = state.runs.list.some((/** @type {any} */ run) => ["queued", "reading", "running"].includes(run.state) && run.kind !== "preview");
  const frozen = !state.shell.online || !state.shell.admin || state.shell.ended;
  return html`<header class="strip"><div class="strip-side"><span class="side"><${icon.Square}/>CRM</span><strong dir="auto">${state.shell.me?.org?.name ?? "–"}</strong></div>
    <span class=${together ? "strip-wire tone-ok" : "strip-wire apart tone-blocked"}><${together ? icon.Agreed : icon.Broken} size=${18}/></span>
    <span class="unseen">${together ? t("Connected") : t("Not connected")}</span>
    <div class="strip-side"><span class="side"><${icon.Disc}/>Xero</span><span class="strip-name"><strong dir="auto">${xero?.organisation?.name ?? "–"}</strong>${xero?.organisation?.base_currency && html` <span class="quiet">${xero.organisation.base_currency}</span>`}</span></div>
    <div class="strip-times figure"><span>${lastGoodSync(health)}</span><span>${nextRun(health)}</span></div>
    ${together && due > 0 && !busy && html`<${FirstSync} due=${due} state=${state} does=${does}/>`}
    ${together && state.shell.admin && (busy || !due) && html`<${Button} label=${busy ? t("Syncing…") : t("Sync now")} Icon=${icon.Arrows} busy=${busy || state.runs.busy === "sync"}
      disabled=${frozen || busy || Boolean(state.runs.busy)} onClick=${() => does.views.runs.start("sync", "all")}/>`}</header>`;
}

/** What comes before a sync of everything, and the way there. @param {{ due: number, state: any, does: any }} props */
function FirstSync({ due, state, does }) {
  const elsewhere = state.shell.admin && state.shell.route.view !== "guide";
  return html`<p class="strip-first caption">${firstSyncText(due)} ${elsewhere && html`<${Go} to=${{ view: "guide" }} does=${does}>${t("Continue set-up")}<//>`}</p>`;
}
