// @ts-check
/** The settings page: strip, rail, one view, and what lies over all of them. */
import { html, useEffect, useRef } from "./hooks.js";
import { t } from "../../i18n.js";
import { changesOf } from "../../state/configured.js";
import { unsavedModules } from "../../state/mapping.js";
import { leftTitle, offlineText, toastText, viewName } from "../../words/shell.js";
import { Another } from "../another.js";
import { Banner, Blank, Button, Toast, problemNumber, problemText } from "../parts.js";
import * as icon from "../icons.js";
import { Attention } from "./attention.js";
import { Configuration } from "./configuration.js";
import { Conflicts } from "./conflicts.js";
import { Connection } from "./connection.js";
import { Guide, SignedOut } from "./guide.js";
import { Health } from "./health.js";
import { Log } from "./log.js";
import { Mapping } from "./mapping.js";
import { Maps } from "./maps.js";
import { Modules } from "./modules.js";
import { Notices as NoticesView } from "./notices.js";
import { Bones } from "./parts.js";
import { Preview } from "./preview.js";
import { Rail } from "./rail.js";
import { PopupProblem, waits } from "../popup.js";
import { SessionEnded } from "./session.js";
import { Strip } from "./strip.js";

const VIEWS = {
  guide: Guide, modules: Modules, log: Log, conflicts: Conflicts, attention: Attention, health: Health, connection: Connection, preview: Preview,
  mapping: Mapping, maps: Maps, notices: NoticesView, configuration: Configuration,
};

/** @param {{ state: any, does: any }} props */
export function SettingsPage({ state, does }) {
  const { shell } = state;
  return html`<${Stage} state=${state} does=${does}/>
    <div aria-live="polite">${shell.toast && html`<${Toast} text=${toastText(shell.toast)} onClose=${does.dismiss}/>`}</div>`;
}

/** @param {{ state: any, does: any }} props */
function Stage({ state, does }) {
  const { shell } = state;
  switch (shell.stage) {
    case "ready": return html`<${Ready} state=${state} does=${does}/>`;
    case "signed_out": return html`<div class="alone"><${SignedOut} state=${state} does=${does}/></div>`;
    case "left": return html`<div class="alone"><div class="card"><h1 class="unseen">${t("Xero settings")}</h1><${Blank} Icon=${icon.Broken} tone="quiet" title=${leftTitle(shell.me?.org?.name)}
      text=${t("Both connections have ended. Records in CRM and in Xero stay as they are. Signing in again starts a new set-up.")}>
      <${Button} label=${t("Sign in with Zoho")} disabled=${waits(shell.signingIn, does)} onClick=${() => does.signIn("sign_in")}/><//><${PopupProblem} kind=${shell.popup} does=${does}/></div></div>`;
    case "failed": return html`<div class="alone"><div class="card"><h1 class="unseen">${t("Xero settings")}</h1><${Blank} Icon=${icon.Triangle} tone="blocked" title=${t("The settings did not load")}
      text=${html`${problemText(shell.trouble)} ${t("Sync itself goes on.")} ${problemNumber(shell.trouble)}`}>
      <${Button} label=${t("Load again")} Icon=${icon.Arrows} onClick=${does.open}/><//></div></div>`;
    case "outside": return html`<div class="alone"><div class="card"><${Blank} Icon=${icon.Broken} tone="quiet" title=${t("This page belongs inside Zoho CRM")}
      text=${t("Open it there under the extension’s settings.")}/></div></div>`;
    case "silent": return html`<div class="alone"><div class="card"><${Blank} Icon=${icon.Broken} tone="decide" title=${t("Zoho CRM does not answer this page")}
      text=${t("Nothing is lost. Load the page again.")}><${Button} label=${t("Load again")} primary onClick=${does.reload}/><//></div></div>`;
    default: return shell.ghost ? html`<div class="alone"><${Bones} rows=${8}/></div>` : null;
  }
}

/** Which views hold something that is not saved. @param {any} state */
function unsavedViews(state) {
  const roots = changesOf(state.configured).map(({ path }) => path[0]);
  const notices = ["notify", "language", "attempts", "delete_limit", "suppress_zoho_automation"];
  const maps = ["tax_map", "status_map", "payment_account", "sales_account", "purchases_account", "fallback_product", "invoice_status_on_create", "rounding", "unarchive", "customers"];
  return [
    ...(state.configured.address.trim() || roots.some((root) => notices.includes(root)) ? ["notices"] : []), ...(roots.some((root) => maps.includes(root)) ? ["maps"] : []),
    ...(roots.some((root) => !notices.includes(root) && !maps.includes(root)) ? ["modules"] : []), ...(unsavedModules(state.mapping).length ? ["mapping"] : []),
  ];
}

/** @param {{ state: any, does: any }} props */
function Ready({ state, does }) {
  const { view } = state.shell.route;
  const View = VIEWS[/** @type {keyof typeof VIEWS} */ (view)] ?? Guide;
  const main = useRef(/** @type {any} */ (null));
  const first = useRef(true);
  // Whoever moves to another view hears where he is; the first view leaves the focus alone.
  useEffect(() => {
    document.title = `${viewName(view)} · Xero`;
    if (first.current) { first.current = false; return; }
    window.scrollTo(0, 0);
    main.current?.querySelector("h1")?.focus({ preventScroll: true });
  }, [view]);
  return html`<div class="shell"><${Strip} state=${state} does=${does}/><${Rail} state=${state} does=${does} unsaved=${unsavedViews(state)}/>
    <div class="main" ref=${main}><${Notices} state=${state} does=${does}/><${View} key=${view} state=${state} does=${does}/></div></div>`;
}

/** What concerns every view: session, network, rights, a paused connection. @param {{ state: any, does: any }} props */
function Notices({ state, does }) {
  const { shell, health } = state;
  const pause = health.health?.pause?.reason;
  const xero = state.connection.connections?.xero;
  return html`<div class="notices"><${Another} person=${shell.another} does=${does}/>
    <${SessionEnded} shell=${shell} does=${does} text=${t("What you typed stays here.")}/>
    <${PopupProblem} kind=${shell.popup ?? state.connection.popup} does=${does}/>
    ${!shell.online && html`<${Banner} Icon=${icon.Broken} strong=${t("You are offline.")} text=${offlineText(health.at)}/>`}
    ${!shell.admin && html`<${Banner} Icon=${icon.Person} strong=${t("You can decide records, but not change settings.")} text=${t("Only administrators of the CRM organisation change these settings.")}/>`}
    ${xero?.state === "needs_reconnect" && html`<${Banner} Icon=${icon.Broken} tone="blocked" strong=${t("Xero is disconnected.")} text=${xero.reason?.text ?? t("Nothing is lost; changes wait.")}>
      ${shell.admin && html`<button type="button" class="link" disabled=${Boolean(state.connection.busy)} onClick=${does.views.connection.connectXero}>${t("Reconnect Xero")}</button>`}<//>`}
    ${pause && xero?.state !== "needs_reconnect" && html`<${Banner} Icon=${icon.Held} strong=${pause.text} text=${pause.fix ?? ""}/>`}</div>`;
}
