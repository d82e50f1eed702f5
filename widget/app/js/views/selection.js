// @ts-check
/** The list button's page: chosen records, what will happen, progress, the result of each. */
import { html, useState } from "../vendor/htm-preact-standalone.js";
import { t } from "../i18n.js";
import { list, tenthOf } from "../format.js";
import { isOver, tally, toTryAgain, verdict } from "../selection.js";
import { chosenTitle, resultRest, resultTitle, rowWords, runSays, tryAgain, willDo } from "../selectionwords.js";
import { actionLabel, busyTitle, denial } from "../words.js";
import { doneOf, runLeft } from "../dashboardwords.js";
import { Another } from "./another.js";
import { Banner, Blank, Button, Ghost, NotLoaded, OutLink, StopRun, problemNumber, problemText } from "./parts.js";
import { PopupProblem, waits } from "./popup.js";
import * as icon from "./icons.js";

const ICONS = { to_xero: icon.ToRight, to_zoho: icon.ToLeft, both: icon.Arrows };
const FIRST = 20;
/** State or result -> icon and tone. @type {Record<string, [any, string]>} */
const FACES = {
  success: [icon.Agreed, "ok"], held: [icon.Held, "decide"], failed: [icon.Octagon, "blocked"], skipped: [icon.Ring, "quiet"],
  in_sync: [icon.Agreed, "ok"], pending: [icon.Clock, "busy"], syncing: [icon.Arrows, "busy"], conflict: [icon.Diamond, "decide"],
  needs_attention: [icon.Triangle, "blocked"], excluded: [icon.Ring, "quiet"], not_linked: [icon.Dashed, "quiet"],
};

/** @param {{ state: import("../selection.js").SelectionState, does: any }} props */
export function SelectionPage({ state, does }) {
  return html`<div class="panel" aria-busy=${state.stage === "loading" || state.busy ? "true" : "false"}>
    <h1 class="unseen">${t("Chosen records and Xero")}</h1><${Stage} state=${state} does=${does}/></div>`;
}

/** @param {{ state: any, does: any }} props */
function Stage({ state, does }) {
  switch (state.stage) {
    case "ready": return html`<${Selection} state=${state} does=${does}/>`;
    case "signed_out": return html`<${Blank} Icon=${icon.Person} tone="quiet" title=${t("Sign in to sync these records")}
        text=${t("A small window asks once; your password stays with Zoho.")}>
      <${Button} label=${waits(state.signingIn, does) ? t("Waiting for the window…") : t("Sign in with Zoho")} primary disabled=${waits(state.signingIn, does) || !state.online} onClick=${does.signIn}/><//>
      <${PopupProblem} kind=${state.signInProblem} does=${does}/>`;
    case "failed": return html`<${NotLoaded} state=${state} title=${t("The records did not load")} onLoad=${does.load}/>`;
    default: return state.ghost ? html`<div role="status"><span class="unseen">${t("Loading")}</span><${Ghost}/></div>` : null;
  }
}

/** @param {{ state: any, does: any }} props */
function Selection({ state, does }) {
  return html`<${Another} person=${state.another} does=${does}/><${Troubles} state=${state} does=${does}/><${Head} state=${state}/><${Middle} state=${state} does=${does}/>
    <${Rows} state=${state} does=${does}/>
    <footer class="foot"><span class="who"><${icon.Disc}/><span class="unseen">Xero: </span><bdi>${state.organisation?.name ?? t("No organisation")}</bdi></span></footer>`;
}

/** @param {{ state: any, does: any }} props */
function Troubles({ state, does }) {
  const { trouble, actProblem } = state;
  if (!state.online) return html`<${Banner} Icon=${icon.Broken} strong=${t("You are offline.")} text=${t("Buttons work again when the connection is back.")}/>`;
  if (trouble?.kind === "signed_out") {
    return html`<${Banner} Icon=${icon.Person} strong=${t("Your session has ended.")} text=${t("Nothing is lost; sign in to go on.")}>
      <button type="button" class="link" disabled=${waits(state.signingIn, does)} onClick=${does.signIn}>${t("Sign in with Zoho")}</button><//>
      <${PopupProblem} kind=${state.signInProblem} does=${does}/>`;
  }
  return html`${trouble && html`<${Banner} Icon=${icon.Triangle} tone="blocked" strong=${problemText(trouble)} text=${problemNumber(trouble)}>
      <button type="button" class="link" onClick=${does.load}>${t("Load again")}</button><//>`}
    ${actProblem && html`<${Banner} Icon=${icon.Triangle} tone="blocked" strong=${problemText(actProblem)} text=${`${t("What was done before stays done.")} ${problemNumber(actProblem)}`}/>`}`;
}

/** Icon of a verdict. */
const VERDICTS = { ok: icon.Agreed, quiet: icon.Ring, decide: icon.Held, blocked: icon.Octagon };

/** @param {{ state: any }} props */
function Head({ state }) {
  const { run, busy, rows, module } = state;
  if (busy) return html`<${Working} state=${state}/>`;
  if (isOver(state)) {
    const counted = tally(rows);
    const tone = verdict(run, rows);
    return html`<div class=${`state ${["decide", "blocked"].includes(tone) ? tone : ""}`} role="status"><${VERDICTS[tone]} size=${20} class=${`tone-${tone}`}/><h2>${resultTitle(counted, run.state === "cancelled")}</h2><span></span>
      <p class="sentence">${[runSays(run), resultRest(counted)].filter(Boolean).join(" ")}</p></div>`;
  }
  return html`<div class="state" role="status"><${icon.Tick} size=${20} class="tone-quiet"/><h2>${chosenTitle(module, rows.length)}</h2><span></span>
    <p class="sentence">${list(standing(rows))}</p></div>`;
}

/** While a run is under way, or waits for a system that does not answer. @param {{ state: any }} props */
function Working({ state: { run, direction, stopping } }) {
  const waits = !stopping && runSays(run);
  return html`<div class=${waits ? "state decide" : "state"} role="status">${waits ? html`<${icon.Clock} size=${20} class="tone-decide"/>` : html`<${icon.Arrows} size=${20} class="tone-busy" turning/>`}
    <h2>${stopping ? t("Stopping…") : waits ? t("Waiting") : busyTitle(direction === "both" ? null : direction)}</h2><span></span>
    <p class="sentence">${waits || t("You can go on working in CRM meanwhile.")}</p></div>`;
}

/** "3 In sync and 2 Not in Xero". @param {any[]} rows */
function standing(rows) {
  /** @type {Map<string, number>} */
  const counted = new Map();
  for (const row of rows) {
    const words = rowWords({ ...row, status: null });
    counted.set(words, (counted.get(words) ?? 0) + 1);
  }
  return [...counted].map(([words, number]) => t("{action}: {reason}", { action: words, reason: number }));
}

/** Buttons with what they do, progress, or the way to try again. @param {{ state: any, does: any }} props */
function Middle({ state, does }) {
  const { busy, allowed, denied, rows } = state;
  const frozen = Boolean(busy) || !state.online || Boolean(state.trouble);
  const again = toTryAgain(rows).length;
  if (busy) return html`<${Progress} state=${state} does=${does}/>`;
  if (isOver(state)) {
    return again ? html`<section class="part" aria-label=${t("Actions")}><div class="ways"><${Button} label=${tryAgain(again)} Icon=${icon.Arrows} primary disabled=${frozen} onClick=${does.again}/></div></section>` : null;
  }
  const directions = ["to_xero", "to_zoho", "both"].filter((direction) => allowed.includes(direction));
  const reasons = Object.entries(denied);
  return html`<section class="part" aria-label=${t("Actions")}>
    ${directions.length > 0 && html`<p class="will" id="will">${willDo(allowed)}</p><div class="ways">${directions.map((direction) => html`<${Button} key=${direction}
      label=${actionLabel(direction)} Icon=${ICONS[/** @type {keyof typeof ICONS} */ (direction)]} primary=${direction === directions.at(-1)} disabled=${frozen} describedBy="will" onClick=${() => does.sync(direction)}/>`)}</div>`}
    ${reasons.length > 0 && html`<div class="denials">${reasons.map(([direction, why]) => html`<p class="note"><${icon.Ring} size=${14}/><span>${denial(direction, why)}${/** @type {any} */ (why).fix && ` ${/** @type {any} */ (why).fix}`}</span></p>`)}</div>`}</section>`;
}

/** @param {{ state: any, does: any }} props */
function Progress({ state, does }) {
  const { run, admin, stopping } = state;
  const [done, total] = [run?.done ?? 0, run?.total || state.rows.length];
  const share = total ? Math.min(100, Math.round((done / total) * 100)) : 0;
  const words = doneOf(Math.min(done, total), total);
  return html`<section class="part progress" aria-label=${t("Progress")}><div class="bar wide" role="progressbar" aria-label=${t("Progress")} aria-valuemin="0" aria-valuemax="100"
      aria-valuenow=${share} aria-valuetext=${words}><svg preserveAspectRatio="none" viewBox="0 0 100 8"><rect width=${share} height="8"/></svg></div>
    <p class="caption figure">${words}${run?.eta_seconds > 0 && ` · ${runLeft(run)}`}</p><span class="unseen" role="status">${tenthOf(t("Progress"), share)}</span>
    ${admin && run && html`<${StopRun} stopping=${stopping} onClick=${does.stopRun}/>`}</section>`;
}

/** @param {{ state: any, does: any }} props */
function Rows({ state, does }) {
  const [all, setAll] = useState(false);
  const rows = state.busy ? state.rows : [...state.rows].sort((/** @type {any} */ one, /** @type {any} */ other) => weight(other) - weight(one));
  const shown = all ? rows : rows.slice(0, FIRST);
  return html`<section class="part" aria-labelledby="chosen-title"><div class="head"><h2 id="chosen-title">${t("Records")}</h2>
      ${rows.length > FIRST && html`<button type="button" class="link" aria-expanded=${all ? "true" : "false"} onClick=${() => setAll(!all)}>${all ? t("Show fewer") : t("Show all")}</button>`}</div>
    <ul class="chosen">${shown.map((/** @type {any} */ row) => html`<${Row} key=${row.zoho_id} row=${row} module=${state.module} does=${does}/>`)}</ul></section>`;
}

/** What needs a person stands first, once nothing moves any more. @param {any} row */
function weight(row) {
  return { failed: 4, held: 3, skipped: 1 }[/** @type {string} */ (row.status)] ?? 0;
}

/** @param {{ row: any, module: string, does: any }} props */
function Row({ row, module, does }) {
  const [Icon, tone] = FACES[row.status ?? row.state] ?? FACES.not_linked;
  const why = row.message ?? (row.status ? null : row.reason);
  const said = why?.text && row.status !== "success" ? [why.text, why.fix].filter(Boolean).join(" ") : "";
  const changed = row.status === "success" && row.changes?.length ? list(row.changes.map((/** @type {any} */ one) => one.label ?? one.field)) : "";
  return html`<li><div class="what"><button type="button" class="link" onClick=${() => does.openRecord(module, row.zoho_id)}><bdi>${row.label || row.zoho_id}</bdi></button>
      ${row.xero_number && row.xero_number !== row.label && html`<span class="caption"><${OutLink} url=${row.url}><bdi>${row.xero_number}</bdi><//></span>`}
      ${(said || changed) && html`<p class="caption">${said || changed}</p>`}</div>
    <span class=${`pill ${tone}`}><${Icon} size=${14}/>${rowWords(row)}</span></li>`;
}
