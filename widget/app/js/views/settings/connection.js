// @ts-check
/** Both connections; resetting one and leaving for good, each with what it does in words and a name to type. */
import { html } from "./hooks.js";
import { rich, t } from "../../i18n.js";
import { moment } from "../../format.js";
import { Button } from "../parts.js";
import * as icon from "../icons.js";
import { Frame, Head } from "./parts.js";
import { Organisations } from "./guide.js";
import { bold, TypedConfirm } from "./typedconfirm.js";

/** @param {{ state: any, does: any }} props */
export function Connection({ state, does }) {
  const { connection, shell } = state;
  const { connections } = connection;
  const xero = connections?.xero;
  const frozen = !shell.admin || !shell.online || shell.ended || Boolean(connection.busy);
  return html`<${Head} title=${t("Connection")} text=${t("One CRM, one Xero organisation. Access is kept encrypted and can be taken back at any time.")}/>
    <${Frame} slice=${connection.confirming ? { ...connection, trouble: null } : connection} again=${does.views.connection.load}><div class="two-cards">
      <${Side} Icon=${icon.Square} name="CRM" held=${connections?.zoho} title=${shell.me?.org?.name} frozen=${frozen} admin=${shell.admin}
        label=${connections?.zoho?.state === "connected" ? t("Connect again") : t("Connect Zoho CRM")} busy=${does.popup.now()?.purpose === "connect"} onClick=${does.views.connection.connectZoho}/>
      <${Side} Icon=${icon.Disc} name="Xero" held=${xero} title=${xero?.organisation?.name} more=${xero?.organisation?.base_currency} frozen=${frozen} admin=${shell.admin}
        label=${xero?.state === "connected" ? t("Connect again") : xero?.state === "needs_reconnect" ? t("Reconnect Xero") : t("Connect Xero")} busy=${does.popup.now()?.purpose === "xero"} onClick=${does.views.connection.connectXero}>
        ${xero?.state === "choose_organisation" && html`<p>${t("Choose the Xero organisation")}</p><${Organisations} state=${state} does=${does}/>`}<//></div>
      ${shell.admin && ["connected", "choose_organisation", "needs_reconnect"].includes(xero?.state) && html`<section class="card part reset"><div><h2>${t("Reset the Xero connection")}</h2>
        <p class="caption">${t("Forgets the access to Xero. Nothing is deleted on either side.")}</p></div><${Button} label=${t("Reset connection…")} disabled=${frozen} onClick=${() => does.views.connection.ask("reset")}/></section>`}
      ${shell.admin && html`<section class="card part reset"><div><h2>${t("Leave for good")}</h2>
        <p class="caption">${t("Ends both connections and erases everything kept here for your organisation. Records in CRM and in Xero stay.")}</p></div><${Button} label=${t("Leave and erase…")} disabled=${frozen} onClick=${() => does.views.connection.ask("leave")}/></section>`}
      ${connection.confirming === "reset" && html`<${Reset} state=${state} name=${xero?.organisation?.name ?? "Xero"} frozen=${frozen} does=${does}/>`}
      ${connection.confirming === "leave" && html`<${Leave} state=${state} name=${shell.me?.org?.name ?? ""} frozen=${frozen} does=${does}/>`}<//>`;
}

/** @param {any} props */
function Side({ Icon, name, held, title, more, label, busy, frozen, admin, onClick, children }) {
  const words = {
    connected: [icon.Agreed, "ok", t("Connected")], choose_organisation: [icon.Clock, "busy", t("Waits for your choice")],
    needs_reconnect: [icon.Broken, "blocked", t("Needs a new connection")], disconnected: [icon.Broken, "quiet", t("Not connected")],
  };
  const [Mark, tone, says] = words[/** @type {keyof typeof words} */ (held?.state)] ?? words.disconnected;
  const by = [held?.connected_by && t("Connected by {name}", { name: held.connected_by }), held?.connected_at && moment(held.connected_at)].filter(Boolean).join(", ");
  return html`<section class="card part connection-side"><span class="side"><${Icon}/>${name}</span><h2 dir="auto">${title ?? "–"}${more && html` <span class="quiet">${more}</span>`}</h2>
    <p><span class=${`pill ${tone}`}><${Mark} size=${14} class=${`tone-${tone}`}/>${says}</span></p>${by && html`<p class="caption" dir="auto">${by}</p>`}
    ${held?.reason?.text && held.state !== "connected" && html`<p>${held.reason.text} ${held.reason.fix ?? ""}</p>`}${children}
    ${admin && html`<div class="connection-way"><${Button} label=${label} Icon=${icon.Plug} primary=${held?.state !== "connected" && held?.state !== "choose_organisation"} busy=${busy} disabled=${frozen} onClick=${onClick}/></div>`}</section>`;
}

/** @param {any} props */
function Reset({ state, name, frozen, does }) {
  const keeps = t("Sync stops for everyone. Links and log of {name} are kept and come back when you reconnect it. Another organisation starts without links.");
  return html`<${TypedConfirm} state=${state} name=${name} does=${does} frozen=${frozen} act="reset" title=${t("Reset the Xero connection?")}
    keep=${t("Keep connection")} label=${t("Reset connection")} onSubmit=${does.views.connection.reset}><p>${rich(keeps, { name: bold(name) })}</p><//>`;
}

/** @param {any} props */
function Leave({ state, name, frozen, does }) {
  const ends = t("Both connections end and their keys are revoked. Everything kept here for {name} is erased: links, mapping, settings, previews and the log.");
  return html`<${TypedConfirm} state=${state} name=${name} does=${does} frozen=${frozen} act="leave" title=${t("Leave and erase everything?")}
    keep=${t("Keep everything")} label=${t("Leave and erase")} onSubmit=${() => does.views.connection.leave(name)}><p>${rich(ends, { name: bold(name) })}</p>
    <p>${t("Records in CRM and in Xero stay as they are. This cannot be undone: whoever comes back starts with a new set-up, and the records are matched anew.")}</p>
    <p>${t("To keep the settings, save them first under “Export and import”.")}</p><//>`;
}
