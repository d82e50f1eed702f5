// @ts-check
/** The record page: state -> DOM. */
import { html } from "../vendor/htm-preact-standalone.js";
import { n, t } from "../i18n.js";
import { isToday, moment, time } from "../format.js";
import {
  busyTitle, fateOf, checkedAt, figuresAsOf, nextCheck, offlineSince, pageName, remedyOf, sentenceOf, titleOf, viewOf,
  whatSendingCreates,
} from "../words.js";
import { tooMany } from "../selectionwords.js";
import { AccountFigures } from "./account.js";
import { Another } from "./another.js";
import { Actions } from "./actions.js";
import { Candidates } from "./candidates.js";
import { Conflict } from "./conflict.js";
import { History } from "./history.js";
import { AgreeLine, Money } from "./money.js";
import { Pair } from "./pair.js";
import { Banner, Blank, Button, Ghost, NotLoaded, OutLink, Toast, problemNumber, problemText, safeUrl } from "./parts.js";
import { PopupProblem, waits } from "./popup.js";
import * as icon from "./icons.js";

const HEADS = {
  in_sync: [icon.Agreed, "ok"], pending: [icon.Clock, "busy"], syncing: [icon.Arrows, "busy"],
  conflict: [icon.Diamond, "decide"], needs_attention: [icon.Triangle, "blocked"],
  excluded: [icon.Ring, "quiet"], not_linked: [icon.Dashed, "quiet"], disconnected: [icon.Broken, "blocked"],
};

/** @param {{ state: import("../record.js").RecordState, does: any }} props */
export function RecordPage({ state, does }) {
  return html`<div class="panel" aria-busy=${state.stage === "loading" || state.busy ? "true" : "false"}>
    <h1 class="unseen">${pageName(state.record?.label)}</h1>
    <${Stage} state=${state} does=${does}/></div>
    <div aria-live="polite">${state.result && html`<${Toast} text=${state.result} onClose=${does.dismiss}/>`}</div>`;
}

/** @param {{ state: import("../record.js").RecordState, does: any }} props */
function Stage({ state, does }) {
  switch (state.stage) {
    case "ready": return html`<${Record} state=${state} does=${does}/>`;
    case "signed_out": return html`<${SignIn} state=${state} does=${does}/>`;
    case "failed": return html`<${NotLoaded} state=${state} title=${t("The record did not load")} onLoad=${does.load}/>`;
    case "outside": return html`<${Blank} Icon=${icon.Broken} tone="quiet" title=${t("This page belongs inside Zoho CRM")}
      text=${t("Open a record there and choose Xero.")}/>`;
    case "silent": return html`<${Blank} Icon=${icon.Broken} tone="decide" title=${t("Zoho CRM does not answer this page")}
      text=${t("Nothing is lost. Load the page again.")}><${Button} label=${t("Load again")} Icon=${icon.Arrows} primary onClick=${does.reload}/><//>`;
    case "wrong": return html`<${Wrong} kind=${state.wrong} chosen=${state.chosen}/>`;
    default: return state.ghost ? html`<div role="status"><span class="unseen">${t("Loading")}</span><${Ghost}/></div>` : null;
  }
}

/** @param {{ kind?: string, chosen?: number }} props */
function Wrong({ kind, chosen = 0 }) {
  const text = kind === "many" ? tooMany(chosen)
    : kind === "module" ? t("Records of this kind are not synced with Xero.")
      : t("CRM did not say which record this is. Open the record again.");
  return html`<${Blank} Icon=${icon.Ring} tone="quiet" title=${kind === "many" ? t("Too many records") : t("Nothing to show")} text=${text}/>`;
}

/** @param {{ state: import("../record.js").RecordState, does: any }} props */
function SignIn({ state, does }) {
  return html`<${Blank} Icon=${icon.Person} tone="quiet" title=${t("Sign in to see this record")}
      text=${t("Your Zoho account opens it. A small window asks once; your password stays with Zoho.")}>
    <${Button} label=${waits(state.signingIn, does) ? t("Waiting for the window…") : t("Sign in with Zoho")} primary disabled=${waits(state.signingIn, does) || !state.online} onClick=${does.signIn}/><//>
    <${PopupProblem} kind=${state.signInProblem} does=${does}/>`;
}

/** @param {{ state: import("../record.js").RecordState, does: any }} props */
function Record({ state, does }) {
  const { record, busy } = state;
  const frozen = Boolean(busy) || !state.online || Boolean(state.trouble);
  const view = viewOf(record);
  const inConflict = view === "conflict" && record.conflict?.fields?.length > 0;
  return html`<${Another} person=${state.another} does=${does}/><${Troubles} state=${state} does=${does}/>
    <${Head} state=${state}/>
    <section class="part" aria-label=${t("The record on both sides")}><${Pair} record=${busy && view !== "conflict" ? { ...record, state: "syncing" } : record}/></section>
    <${Remedy} state=${state} does=${does} frozen=${frozen}/>
    ${record.candidates?.length > 0 && !["in_sync", "disconnected"].includes(view)
      && html`<${Candidates} record=${record} disabled=${frozen} onLink=${does.link}/>`}
    ${inConflict ? html`<${AgreeLine} record=${record}/>
        <${Conflict} record=${record} admin=${state.admin} disabled=${frozen} busy=${busy?.kind === "resolve"} onApply=${does.resolve}/>`
      : html`${record.account && html`<${AccountFigures} record=${record} onOpen=${does.openRecord}/>`}<${Money} record=${record}><${Tried} record=${record}/>
        <${Actions} record=${record} plan=${state.plan} disabled=${frozen} busy=${busy} onSync=${does.sync}/><//>`}
    <${History} rows=${record.history ?? []} earlier=${state.earlier} onEarlier=${does.readEarlier} currency=${record.money?.currency ?? null}/>
    <${Foot} record=${record}/>`;
}

/** What keeps this page from being current, above everything. @param {{ state: import("../record.js").RecordState, does: any }} props */
function Troubles({ state, does }) {
  const { trouble, actProblem, loadedAt } = state;
  if (!state.online) {
    return html`<${Banner} Icon=${icon.Broken} strong=${offlineSince(loadedAt)}
      text=${t("Buttons work again when the connection is back.")}/>`;
  }
  if (trouble?.kind === "signed_out") {
    return html`<${Banner} Icon=${icon.Person} strong=${t("Your session has ended.")} text=${t("Nothing is lost; sign in to go on.")}>
        <button type="button" class="link" disabled=${waits(state.signingIn, does)} onClick=${does.signIn}>${t("Sign in with Zoho")}</button><//>
      <${PopupProblem} kind=${state.signInProblem} does=${does}/>`;
  }
  return html`${trouble && html`<${Banner} Icon=${icon.Triangle} tone="blocked" strong=${problemText(trouble)}
      text=${`${figuresAsOf(loadedAt)} ${problemNumber(trouble)}`}><button type="button" class="link" onClick=${does.load}>${t("Load again")}</button><//>`}
    ${actProblem && html`<${Banner} Icon=${icon.Triangle} tone="blocked" strong=${problemText(actProblem)}
      text=${`${fateOf(state.fate)} ${problemNumber(actProblem)}`}/>`}
    ${state.notice === "still_running" && html`<${Banner} Icon=${icon.Clock} tone="busy" strong=${t("This takes longer than usual.")}
      text=${t("It goes on by itself; this page shows it when it is done.")}/>`}
    <${PopupProblem} kind=${state.signInProblem} does=${does}/>`;
}

/** The state in one glance. @param {{ state: import("../record.js").RecordState }} props */
function Head({ state }) {
  const { record, busy } = state;
  const view = busy ? "syncing" : viewOf(record);
  const [Icon, usual] = HEADS[/** @type {keyof typeof HEADS} */ (view)] ?? HEADS.not_linked;
  const tone = view === "disconnected" && !record.organisation ? "quiet" : usual;
  const direction = busy?.direction ?? null;
  const tinted = tone === "decide" || tone === "blocked" ? tone : "";
  const at = view === "in_sync" ? checkedAt(record.checked_at) : "";
  return html`<div class=${`state ${tinted}`} role="status">
    <${Icon} size=${20} class=${`tone-${tone}`} turning=${view === "syncing"}/>
    <h2>${busy ? busyTitle(direction) : titleOf(record)}</h2>
    ${at ? html`<span class="at figure">${at}</span>` : html`<span></span>`}
    <p class="sentence">${busy ? t("You can go on working in CRM meanwhile.") : sentenceOf(record)}${" "}
      ${view === "not_linked" && whatSendingCreates(record.module)}</p></div>`;
}

/** Cause, remedy, and the ways to it. @param {{ state: import("../record.js").RecordState, does: any, frozen: boolean }} props */
function Remedy({ state, does, frozen }) {
  const { record, busy, admin } = state;
  const remedy = remedyOf(record, admin);
  const view = viewOf(record);
  if (!remedy) return null;
  const act = view === "disconnected" ? null : record.reason?.act;
  const first = ["both", "to_xero", "to_zoho"].find((direction) => record.allowed?.includes(direction));
  const again = view === "needs_attention" && first && !record.candidates?.length;
  const opens = act && safeUrl(act.url);
  const connects = view === "disconnected" && admin;
  return html`<section class="part joined" aria-label=${t("Cause and remedy")}>
    <dl class="why"><dt>${t("Why")}</dt><dd>${emphasised(remedy.why, remedy.params)}</dd>
      ${remedy.fix && html`<dt>${t("What to do")}</dt><dd>${remedy.fix}</dd>`}</dl>
    ${(again || opens || connects) && html`<div class="ways">
      ${again && html`<${Button} label=${t("Try again")} Icon=${icon.Arrows} primary=${!opens} busy=${Boolean(busy)} disabled=${frozen} onClick=${() => does.sync(first)}/>`}
      ${opens && html`<${OutLink} class="button primary" url=${act.url} size=${16}>${act.label}<//>`}
      ${connects && html`<${Connecting} state=${state} does=${does}/>`}</div>`}</section>`;
}

/** The one next step to a working connection. @param {{ state: import("../record.js").RecordState, does: any }} props */
function Connecting({ state: { record, connections, online }, does }) {
  if (!connections) return html`<span class="says">${t("Which connection is missing could not be read.")}</span><${Button} label=${t("Try again")} Icon=${icon.Arrows} disabled=${!online} onClick=${does.load}/>`;
  const { zoho, xero } = connections;
  if (zoho?.state === "connected" && xero?.state === "choose_organisation") {
    return html`<span class="says">${t("Choose the Xero organisation")}</span>${xero.choices.map((/** @type {any} */ one) => html`
      <${Button} label=${one.name} disabled=${!online} onClick=${() => does.choose(one.id)}/>`)}`;
  }
  const label = zoho && zoho.state !== "connected" ? t("Connect Zoho CRM") : record.organisation ? t("Reconnect Xero") : t("Connect Xero");
  return html`<${Button} label=${label} Icon=${icon.Plug} primary disabled=${!online} onClick=${does.reconnect}/>`;
}

/** The short values of a sentence in bold: a currency, a number. @param {string} text @param {Record<string, unknown>} params */
function emphasised(text, params) {
  const code = typeof params.code === "string" ? params.code : "";
  if (!code || !text.includes(code)) return text;
  const [before, ...after] = text.split(code);
  return html`${before}<strong>${code}</strong>${after.join(code)}`;
}

/** Whose task it is, where CRM said it. @param {{ owner: string | null }} task */
const taskText = ({ owner }) => (owner ? t("A CRM task is open for {name}.", { name: owner }) : t("A CRM task is open."));

/** How often it was tried, and who was told. @param {{ record: any }} props */
function Tried({ record }) {
  if (viewOf(record) !== "needs_attention" || !(record.attempts > 0)) return null;
  const last = record.last_change?.at;
  const tried = last
    ? (isToday(last)
      ? n("Tried once, at {time}.", "Tried {n} times, last at {time}.", record.attempts, { time: time(last) })
      : n("Tried once, {date}.", "Tried {n} times, last {date}.", record.attempts, { date: moment(last) }))
    : n("Tried once.", "Tried {n} times.", record.attempts);
  return html`<p class="note"><${icon.Tick} size=${14}/><span>${tried}${record.task && ` ${taskText(record.task)}`}</span></p>`;
}

/** @param {{ record: any }} props */
function Foot({ record }) {
  return html`<footer class="foot"><span class="who"><${icon.Disc}/><span class="unseen">Xero: </span><bdi>${record.organisation?.name ?? t("No organisation")}</bdi></span>
    <span class="figure">${nextCheck(record)}</span></footer>`;
}
