// @ts-check
/** The dashboard: both organisations, and how each module stands. */
import { html } from "../vendor/htm-preact-standalone.js";
import { t } from "../i18n.js";
import { MODULES } from "../settings.js";
import { lastGood, moduleName } from "../settingswords.js";
import { Banner, Blank, Button, Ghost, problemNumber, problemText } from "./parts.js";
import { Strip } from "./strip.js";
import * as icon from "./icons.js";

const COLUMNS = /** @type {const} */ ([
  ["in_sync", icon.Agreed, "ok"], ["pending", icon.Clock, "busy"], ["conflict", icon.Diamond, "decide"],
  ["failing", icon.Triangle, "blocked"], ["excluded", icon.Ring, "quiet"],
]);

/** @param {{ state: any, does: any }} props */
export function DashboardPage({ state, does }) {
  return html`<div class="settings"><h1 class="unseen">${t("Xero dashboard")}</h1><div class="panel"><${Stage} state=${state} does=${does}/></div></div>`;
}

/** @param {{ state: any, does: any }} props */
function Stage({ state, does }) {
  switch (state.stage) {
    case "ready": return html`<${Health} state=${state} does=${does}/>`;
    case "signed_out": return html`<${Blank} Icon=${icon.Person} tone="quiet" title=${t("Sign in to see this page")}
      text=${t("A small window asks once; your password stays with Zoho.")}><${Button} label=${t("Sign in with Zoho")} primary disabled=${state.signingIn} onClick=${() => does.signIn("sign_in")}/><//>`;
    case "failed": return html`<${Blank} Icon=${icon.Triangle} tone="blocked" title=${t("The page did not load")}
      text=${html`${problemText(state.trouble)} ${t("Sync itself goes on.")} ${problemNumber(state.trouble)}`}><${Button} label=${t("Load again")} Icon=${icon.Arrows} onClick=${does.open}/><//>`;
    case "outside": return html`<${Blank} Icon=${icon.Broken} tone="quiet" title=${t("This page belongs inside Zoho CRM")} text=${t("Open it there as a tab.")}/>`;
    case "silent": return html`<${Blank} Icon=${icon.Broken} tone="decide" title=${t("Zoho CRM does not answer this page")} text=${t("Nothing is lost. Load the page again.")}/>`;
    default: return state.ghost ? html`<div role="status"><span class="unseen">${t("Loading")}</span><${Ghost}/></div>` : null;
  }
}

/** @param {{ state: any, does: any }} props */
function Health({ state, does }) {
  const { health } = state;
  const heads = { in_sync: t("In sync"), pending: t("Waiting"), conflict: t("Conflicts"), failing: t("Needs attention"), excluded: t("Out of scope") };
  return html`<${Strip} me=${state.me} connections=${state.connections} health=${health}/>
    ${health.pause?.reason && html`<${Banner} Icon=${icon.Held} strong=${health.pause.reason.text} text=${health.pause.reason.fix ?? ""}/>`}
    ${state.trouble && html`<${Banner} Icon=${icon.Triangle} tone="blocked" strong=${problemText(state.trouble)} text=${problemNumber(state.trouble)}/>`}
    <div class="part row"><h2 id="health-title">${t("Records by module")}</h2><${Button} label=${t("Load again")} Icon=${icon.Arrows} disabled=${Boolean(state.busy)} onClick=${does.load}/></div>
    <div class="scroll" tabIndex="0" role="region" aria-labelledby="health-title"><table class="matrix health"><thead><tr><th scope="col">${t("Module")}</th>
      ${COLUMNS.map(([name, Icon, tone]) => html`<th scope="col" key=${name}><${Icon} size=${14} class=${`tone-${tone}`}/>${heads[name]}</th>`)}<th scope="col">${t("Last good sync")}</th></tr></thead>
      <tbody>${MODULES.map((key) => html`<tr key=${key}><th scope="row">${moduleName(key)}</th>
        ${COLUMNS.map(([name]) => html`<td class="figure" key=${name}>${health.modules[key]?.[name] ?? "–"}</td>`)}
        <td class="figure">${lastGood(health.modules[key]?.last_good_sync_at)}</td></tr>`)}</tbody></table></div>`;
}
