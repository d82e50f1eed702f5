// @ts-check
/** The settings page: the set-up guide, modules, language, reset. */
import { html, useEffect, useRef, useState } from "../vendor/htm-preact-standalone.js";
import { rich, t } from "../i18n.js";
import { MODULES, changesIn, stepsOf } from "../settings.js";
import {
  doneOf, moduleName, runCounts, runLeft, runTitle, startLabel, stepText, stepTitle, typeToConfirm, unsaved,
} from "../settingswords.js";
import { Banner, Blank, Button, Ghost, Toast, problemNumber, problemText } from "./parts.js";
import { Strip } from "./strip.js";
import * as icon from "./icons.js";

/** @param {{ state: any, does: any }} props */
export function SettingsPage({ state, does }) {
  const said = { saved: t("The settings are saved."), reset: t("The Xero connection is reset.") }[/** @type {string} */ (state.result)];
  return html`<div class="settings"><h1 class="unseen">${t("Xero settings")}</h1><${Stage} state=${state} does=${does}/></div>
    <div aria-live="polite">${said && html`<${Toast} text=${said} onClose=${does.dismiss}/>`}</div>`;
}

/** @param {{ state: any, does: any }} props */
function Stage({ state, does }) {
  switch (state.stage) {
    case "ready": return html`<${Ready} state=${state} does=${does}/>`;
    case "signed_out": return html`<${Guide} state=${state} does=${does}/><${PopupProblem} kind=${state.signInProblem} does=${does}/>`;
    case "failed": return html`<div class="panel"><${Blank} Icon=${icon.Triangle} tone="blocked" title=${t("The settings did not load")}
      text=${html`${problemText(state.trouble)} ${t("Sync itself goes on.")} ${problemNumber(state.trouble)}`}>
      <${Button} label=${t("Load again")} Icon=${icon.Arrows} onClick=${does.open}/><//></div>`;
    case "outside": return html`<div class="panel"><${Blank} Icon=${icon.Broken} tone="quiet" title=${t("This page belongs inside Zoho CRM")}
      text=${t("Open it there under the extension’s settings.")}/></div>`;
    case "silent": return html`<div class="panel"><${Blank} Icon=${icon.Broken} tone="decide" title=${t("Zoho CRM does not answer this page")}
      text=${t("Nothing is lost. Load the page again.")}><${Button} label=${t("Load again")} primary onClick=${does.reload}/><//></div>`;
    default: return state.ghost ? html`<div class="panel" role="status"><span class="unseen">${t("Loading")}</span><${Ghost}/></div>` : null;
  }
}

/** @param {{ state: any, does: any }} props */
function Ready({ state, does }) {
  const frozen = Boolean(state.busy) || !state.online;
  return html`<div class="panel"><${Strip} me=${state.me} connections=${state.connections} health=${state.health}/>
      ${!state.online && html`<${Banner} Icon=${icon.Broken} strong=${t("You are offline")} text=${t("Buttons work again when the connection is back.")}/>`}
      ${!state.admin && html`<${Banner} Icon=${icon.Person} strong=${t("You can look, but not change.")} text=${t("Only administrators of the CRM organisation change these settings.")}/>`}
      ${state.trouble && html`<${Banner} Icon=${icon.Triangle} tone="blocked" strong=${problemText(state.trouble)} text=${problemNumber(state.trouble)}>
        ${state.trouble.status === 412 && html`<button type="button" class="link" onClick=${does.takeTheirs}>${t("Show what is stored now")}</button>`}<//>`}
      <${PopupProblem} kind=${state.signInProblem} does=${does}/></div>
    <${Guide} state=${state} does=${does} frozen=${frozen}/>
    <${Modules} state=${state} does=${does} frozen=${frozen}/>
    ${["connected", "choose_organisation", "needs_reconnect"].includes(state.connections.xero.state) && state.admin
      && html`<${Reset} state=${state} does=${does} frozen=${frozen}/>`}`;
}

/** @param {{ kind: string | null, does: any }} props */
function PopupProblem({ kind, does }) {
  if (!kind) return null;
  const says = kind === "blocked" ? t("The browser blocked the window. Allow pop-ups for this page, or use this link:")
    : kind === "closed" ? t("The window was closed before you were signed in. Try again.") : t("The sign-in was not accepted. Try again.");
  return html`<${Banner} Icon=${icon.Triangle} strong=${t("Not signed in.")} text=${says}>
    ${kind === "blocked" && html`<a href=${does.signInUrl()} target="_blank" rel="opener">${t("Sign in with Zoho")}</a>`}<//>`;
}

/** Numbered steps, the next one tinted; each can be left and taken up again. @param {{ state: any, does: any, frozen?: boolean }} props */
function Guide({ state, does, frozen = false }) {
  const { order, done, next } = stepsOf(state);
  const count = order.filter((name) => done[name]).length;
  const progress = doneOf(count, order.length);
  return html`<section class="panel guide" aria-labelledby="guide-title">
    <div class="part"><h2 id="guide-title">${t("Set-up guide")}</h2><p class="caption figure">${progress}</p></div>
    <ol>${order.map((name, index) => html`<li key=${name} class=${name === next ? "step next" : "step"} aria-current=${name === next ? "step" : undefined}>
      ${done[name] ? html`<${icon.Agreed} size=${22} class="tone-ok"/><span class="unseen">${t("Done.")}</span>` : html`<span class="count figure">${index + 1}</span>`}
      <div><h3>${stepTitle(name)}</h3><p class="caption">${stepText(name, state)}</p>
        ${name === "organisation" && name === next && html`<${Choices} state=${state} does=${does} frozen=${frozen}/>`}</div>
      <${StepButton} name=${name} next=${next} state=${state} does=${does} frozen=${frozen}/></li>`)}</ol>
    ${state.run && html`<${Progress} run=${state.run} does=${does}/>`}</section>`;
}

/** @param {any} props */
function StepButton({ name, next, state, does, frozen }) {
  const signedOut = state.stage === "signed_out";
  if (name !== next || (!state.admin && !signedOut)) return html`<span></span>`;
  const acts = {
    sign_in: () => does.signIn("sign_in"), zoho: () => does.signIn("connect"), xero: does.connectXero,
    preview: () => does.start("preview"), sync: () => does.start("sync"),
  };
  const label = { sign_in: t("Sign in with Zoho"), zoho: t("Connect Zoho CRM"), xero: t("Connect Xero"), preview: t("Start preview"), sync: startLabel(state.preview) };
  const act = acts[/** @type {keyof typeof acts} */ (name)];
  if (!act) return html`<span></span>`;
  return html`<${Button} label=${label[/** @type {keyof typeof label} */ (name)]} primary disabled=${frozen || state.signingIn} onClick=${act}/>`;
}

/** @param {{ state: any, does: any, frozen: boolean }} props */
function Choices({ state, does, frozen }) {
  return html`<div class="ways choices">${(state.connections?.xero?.choices ?? []).map((/** @type {any} */ one) => html`
    <${Button} label=${one.name} disabled=${frozen || !state.admin} onClick=${() => does.choose(one.id)}/>`)}</div>`;
}

/** @param {{ run: any, does: any }} props */
function Progress({ run, does }) {
  const [done, total] = [run.done ?? 0, run.total ?? 0];
  const share = total ? Math.round((done / total) * 100) : 0;
  const words = doneOf(done, total);
  return html`<div class="part progress"><div class="head"><h3>${runTitle(run)}</h3><strong class="figure">${words}</strong></div>
    <div class="bar wide" role="progressbar" aria-label=${runTitle(run)} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${share} aria-valuetext=${words}>
      <svg preserveAspectRatio="none" viewBox="0 0 100 8"><rect width=${share} height="8"/></svg></div>
    <p class="caption">${runLeft(run)}</p>
    <p class="tallies figure">${runCounts(run).map(([name, text]) => html`<span class=${name}>${text}</span> `)}</p>
    ${!run.finished && html`<div class="ways"><${Button} label=${t("Stop after this batch")} onClick=${does.cancel}/></div>`}</div>`;
}

/** @param {{ state: any, does: any, frozen: boolean }} props */
function Modules({ state, does, frozen }) {
  const count = changesIn(state);
  const locked = frozen || !state.admin;
  return html`<section class="panel" aria-labelledby="modules-title"><div class="part"><h2 id="modules-title">${t("Modules")}</h2>
      <p class="caption">${t("The schedule looks at both sides every ten minutes. A click on a record works without it.")}</p></div>
    <table class="matrix"><thead><tr><th scope="col">${t("Module")}</th><th scope="col">${t("On")}</th><th scope="col">${t("Schedule")}</th></tr></thead>
      <tbody>${MODULES.map((key) => html`<tr key=${key}><th scope="row">${moduleName(key)}</th>
        <td><${Switch} state=${state} does=${does} module=${key} name="enabled" label=${t("On")} disabled=${locked}/></td>
        <td><${Switch} state=${state} does=${does} module=${key} name="schedule" label=${t("Schedule")} disabled=${locked || !state.draft.modules[key].enabled}/></td></tr>`)}</tbody></table>
    <div class="part"><label class="field"><span>${t("Language of messages and notices")}</span>
      <select disabled=${locked} value=${state.draft.language} onChange=${(/** @type {any} */ event) => does.edit((/** @type {any} */ draft) => { draft.language = event.target.value; })}>
        <option value="en">English</option><option value="fr">Français</option><option value="de">Deutsch</option></select></label></div>
    ${count > 0 && html`<div class="savebar" role="status"><span>${unsaved(count)}</span><div class="ways">
      <${Button} label=${t("Discard")} disabled=${frozen} onClick=${does.discard}/><${Button} label=${t("Save")} primary disabled=${locked} onClick=${does.save}/></div></div>`}</section>`;
}

/** @param {any} props */
function Switch({ state, does, module, name, label, disabled }) {
  const on = Boolean(state.draft.modules[module][name]);
  const changed = on !== Boolean(state.settings.modules[module][name]);
  return html`<label class=${changed ? "switch changed" : "switch"}><input type="checkbox" role="switch" checked=${on} disabled=${disabled}
    onChange=${(/** @type {any} */ event) => does.edit((/** @type {any} */ draft) => { draft.modules[module][name] = event.target.checked; })}/>
    <span class="unseen">${moduleName(module)}: ${label}</span></label>`;
}

/** @param {{ state: any, does: any, frozen: boolean }} props */
function Reset({ state, does, frozen }) {
  const [typed, setTyped] = useState("");
  const field = useRef(/** @type {any} */ (null));
  useEffect(() => field.current?.focus(), [state.confirming]);
  const name = state.connections.xero.organisation?.name ?? "Xero";
  const bold = html`<strong><bdi>${name}</bdi></strong>`;
  const keeps = t("Sync stops for everyone. Links and log of {name} are kept and come back when you reconnect it. Another organisation starts without links.");
  if (!state.confirming) {
    return html`<section class="panel"><div class="part row"><div><h2>${t("Reset the Xero connection")}</h2>
      <p class="caption">${t("Forgets the access to Xero. Nothing is deleted on either side.")}</p></div>
      <${Button} label=${t("Reset connection…")} disabled=${frozen} onClick=${() => does.confirm(true)}/></div></section>`;
  }
  const matches = typed.trim() === name;
  const leave = () => { setTyped(""); does.confirm(false); };
  return html`<section class="panel"><form class="part" onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && leave()}
      onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); if (matches && !frozen) void does.reset(); }}>
    <h2>${t("Reset the Xero connection?")}</h2><p class="reset-text">${rich(keeps, { name: bold })}</p>
    <label class="field"><span>${typeToConfirm(name)}</span><input type="text" autocomplete="off" value=${typed} ref=${field}
      onInput=${(/** @type {any} */ event) => setTyped(event.target.value)}/></label>
    <div class="ways"><${Button} label=${t("Keep connection")} onClick=${leave}/>
      <button type="submit" class=${matches ? "button danger" : "button"} disabled=${!matches || frozen}>${t("Reset connection")}</button></div></form></section>`;
}
