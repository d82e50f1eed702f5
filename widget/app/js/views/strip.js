// @ts-check
/** Both organisations, whether they hold together, last and next sync: tops settings and dashboard. */
import { html } from "../vendor/htm-preact-standalone.js";
import { t } from "../i18n.js";
import { stripTimes } from "../words/shell.js";
import * as icon from "./icons.js";

/** @param {{ me: any, connections: any, health: any }} props */
export function Strip({ me, connections, health }) {
  const together = connections?.xero?.state === "connected" && connections?.zoho?.state === "connected";
  return html`<header class="strip">
    <div><span class="side"><${icon.Square}/>CRM</span><strong><bdi>${me?.org?.name ?? "–"}</bdi></strong></div>
    <${together ? icon.Agreed : icon.Broken} size=${18} class=${together ? "tone-ok" : "tone-blocked"}/>
    <span class="unseen">${together ? t("Connected") : t("Not connected")}</span>
    <div><span class="side"><${icon.Disc}/>Xero</span><strong><bdi>${connections?.xero?.organisation?.name ?? "–"}</bdi></strong></div>
    <span class="caption figure times">${stripTimes(health)}</span></header>`;
}
