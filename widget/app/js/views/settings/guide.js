// @ts-check
/** Numbered steps, the next one tinted; each can be left and taken up again. */
import { html } from "./hooks.js";
import { t } from "../../i18n.js";
import { stepsOf } from "../../state/guide.js";
import { waitingPreview } from "../../state/runs.js";
import { doneOf, stepText, stepTitle, timeLeft } from "../../words/guide.js";
import { Button, Unread } from "../parts.js";
import * as icon from "../icons.js";
import { Go } from "./parts.js";
import { PopupProblem, waits } from "../popup.js";

/** @param {{ state: any, does: any }} props */
export function Guide({ state, does }) {
  const steps = stepsOf(state);
  const count = steps.order.filter((name) => steps.done[name]).length;
  const says = `${doneOf(count, steps.order.length)} ${timeLeft(steps.order.length - count)}`;
  return html`<section class="card guide" aria-labelledby="view-title"><header class="guide-head"><h1 id="view-title" tabIndex="-1">${t("Set-up guide")}</h1><p class="figure">${says}</p></header>
    <ol>${steps.order.map((name, index) => html`<${Step} key=${name} name=${name} number=${index + 1} steps=${steps} state=${state} does=${does}/>`)}</ol></section>`;
}

/** Before anybody is signed in the guide has one open step. @param {{ state: any, does: any }} props */
export function SignedOut({ state, does }) {
  return html`<${PopupProblem} kind=${state.shell.popup} does=${does}/><${Guide} state=${state} does=${does}/>`;
}

/** @param {any} props */
function Step({ name, number, steps, state, does }) {
  const done = steps.done[name];
  const next = steps.next === name;
  return html`<li class=${next ? "step next" : "step"} aria-current=${next ? "step" : undefined}>
    ${done ? html`<span class="step-mark"><${icon.Agreed} size=${24} class="tone-ok"/><span class="unseen">${t("Done.")}</span></span>` : html`<span class="step-mark count figure">${number}</span>`}
    <div class="step-says"><h2>${stepTitle(name)}</h2><p class="caption" dir="auto">${stepText(name, state, steps)}</p>
      ${name === "maps" && state.guide.unread && steps.done.organisation && html`<${Unread} problem=${state.guide.unread} what=${t("Whether taxes and accounts fit together could not be checked.")} again=${() => void does.views.guide.load()}/>`}
      ${name === "organisation" && next && html`<${Organisations} state=${state} does=${does}/>`}</div>
    <${Way} name=${name} next=${next} done=${done} state=${state} does=${does}/></li>`;
}

/** @param {any} props */
export function Organisations({ state, does }) {
  const { connections, busy } = state.connection;
  const frozen = !state.shell.admin || !state.shell.online || Boolean(busy);
  return html`<div class="ways choices">${(connections?.xero?.choices ?? []).map((/** @type {any} */ one) => html`<${Button} key=${one.id} label=${one.name} busy=${busy === `choose-${one.id}`} disabled=${frozen} onClick=${() => does.views.connection.choose(one.id)}/>`)}</div>`;
}

/** What the step's button does; a step that is done can be looked at again. @param {any} props */
function Way({ name, next, done, state, does }) {
  const { shell, connection, runs } = state;
  const signedOut = shell.stage === "signed_out";
  const busy = waits(shell.signingIn, does) || Boolean(connection.busy) || Boolean(runs.busy) || !shell.online;
  if (name === "sign_in") return done ? html`<span></span>` : html`<${Button} label=${t("Sign in with Zoho")} primary disabled=${busy} onClick=${() => does.signIn("sign_in")}/>`;
  if (signedOut || !shell.admin) return html`<span></span>`;
  const visit = { modules: "modules", maps: "maps", mapping: "mapping" }[/** @type {"modules"} */ (name)];
  if (visit) return html`<${Visit} name=${name} view=${visit} next=${next} done=${done} reachable=${next || done} does=${does}/>`;
  if (done) return name === "xero" || name === "organisation" ? html`<${Go} to=${{ view: "connection" }} does=${does}>${t("Change")}<//>` : name === "preview" && !next ? html`<${Show} state=${state} does=${does}/>` : html`<span></span>`;
  if (!next) return html`<span></span>`;
  const acts = {
    zoho: [t("Connect Zoho CRM"), does.views.connection.connectZoho], xero: [t("Connect Xero"), does.views.connection.connectXero],
    preview: [t("Start preview"), () => does.views.runs.start("preview", "all")], sync: [t("Look at the preview"), () => does.go({ view: "preview", id: waitingPreview(runs.list, "all")?.id ?? "" })],
  };
  const act = acts[/** @type {keyof typeof acts} */ (name)];
  return act ? html`<${Button} label=${act[0]} primary disabled=${busy} onClick=${act[1]}/>` : html`<span></span>`;
}

/** @param {any} props */
function Visit({ name, view, next, done, reachable, does }) {
  const go = () => { does.views.guide.done(name); does.go({ view }); };
  if (!reachable) return html`<span></span>`;
  const label = { modules: t("Choose modules"), maps: t("Match taxes"), mapping: t("Check mapping") }[/** @type {"modules"} */ (name)];
  return next && !done ? html`<${Button} label=${label} primary onClick=${go}/>` : html`<button type="button" class="link" onClick=${go}>${t("Edit")}</button>`;
}

/** @param {any} props */
function Show({ state, does }) {
  const preview = waitingPreview(state.runs.list, "all");
  return preview ? html`<${Go} to=${{ view: "preview", id: preview.id }} does=${does}>${t("Show")}<//>` : html`<span></span>`;
}
