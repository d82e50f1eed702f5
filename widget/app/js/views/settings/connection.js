// @ts-check
/** Both connections, and the reset with what it does in words and the name to type. */
import { html, useEffect, useRef } from "./hooks.js";
import { rich, t } from "../../i18n.js";
import { moment } from "../../format.js";
import { Button } from "../parts.js";
import * as icon from "../icons.js";
import { Frame, Head } from "./parts.js";
import { Organisations } from "./guide.js";

/** @param {{ state: any, does: any }} props */
export function Connection({ state, does }) {
  const { connection, shell } = state;
  const { connections } = connection;
  const xero = connections?.xero;
  const frozen = !shell.admin || !shell.online || shell.ended || Boolean(connection.busy);
  return html`<${Head} title=${t("Connection")} text=${t("One CRM, one Xero organisation. Access is kept encrypted and can be taken back at any time.")}/>
    <${Frame} slice=${connection} again=${does.views.connection.load}><div class="two-cards">
      <${Side} Icon=${icon.Square} name="CRM" held=${connections?.zoho} title=${shell.me?.org?.name} frozen=${frozen} admin=${shell.admin}
        label=${connections?.zoho?.state === "connected" ? t("Connect again") : t("Connect Zoho CRM")} busy=${connection.busy === "zoho"} onClick=${does.views.connection.connectZoho}/>
      <${Side} Icon=${icon.Disc} name="Xero" held=${xero} title=${xero?.organisation?.name} more=${xero?.organisation?.base_currency} frozen=${frozen} admin=${shell.admin}
        label=${xero?.state === "connected" ? t("Connect again") : xero?.state === "needs_reconnect" ? t("Reconnect Xero") : t("Connect Xero")} busy=${connection.busy === "xero"} onClick=${does.views.connection.connectXero}>
        ${xero?.state === "choose_organisation" && html`<p>${t("Choose the Xero organisation")}</p><${Organisations} state=${state} does=${does}/>`}<//></div>
      ${shell.admin && ["connected", "choose_organisation", "needs_reconnect"].includes(xero?.state) && html`<section class="card part reset"><div><h2>${t("Reset the Xero connection")}</h2>
        <p class="caption">${t("Forgets the access to Xero. Nothing is deleted on either side.")}</p></div><${Button} label=${t("Reset connection…")} disabled=${frozen} onClick=${() => does.views.connection.ask(true)}/></section>`}
      ${connection.confirming && html`<${Reset} slice=${connection} name=${xero?.organisation?.name ?? "Xero"} frozen=${frozen} does=${does}/>`}<//>`;
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
function Reset({ slice, name, frozen, does }) {
  const box = useRef(/** @type {any} */ (null));
  useEffect(() => { box.current?.showModal(); }, []);
  const bold = html`<strong><bdi>${name}</bdi></strong>`;
  const keeps = t("Sync stops for everyone. Links and log of {name} are kept and come back when you reconnect it. Another organisation starts without links.");
  const asks = t("Type {name} to confirm");
  const matches = slice.typed.trim() === name;
  const submit = (/** @type {Event} */ event) => { event.preventDefault(); if (matches && !frozen) void does.views.connection.reset(); };
  return html`<dialog class="dialog" ref=${box} aria-labelledby="reset-title" onClose=${() => does.views.connection.ask(false)}><form class="dialog-body" onSubmit=${submit}>
    <h2 id="reset-title">${t("Reset the Xero connection?")}</h2><p>${rich(keeps, { name: bold })}</p>
    <label class="field"><span class="label">${rich(asks, { name: bold })}</span><input type="text" autocomplete="off" spellcheck=${false} dir="auto" value=${slice.typed} onInput=${(/** @type {any} */ event) => does.views.connection.type(event.target.value)}/></label>
    <div class="ways"><${Button} label=${t("Keep connection")} onClick=${() => box.current?.close()}/><button type="submit" class=${matches ? "button danger" : "button"} aria-busy=${slice.busy === "reset" ? "true" : undefined} disabled=${!matches || frozen}>${t("Reset connection")}</button></div></form></dialog>`;
}
