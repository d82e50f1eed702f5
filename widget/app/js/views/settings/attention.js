// @ts-check
/** Records that wait for a person: why, with what evidence, and what can be done about each. */
import { html, useState } from "./hooks.js";
import { n, t } from "../../i18n.js";
import { moment } from "../../format.js";
import { actionMeaning, actionName, kindName, proofText, recordCount, usesText, whichOne } from "../../words/inbox.js";
import { ENDING } from "../../state/inbox.js";
import { keysOf } from "../../state/modules.js";
import { isOfPeople } from "../../modules.js";
import { moduleName } from "../../words/modules.js";
import { Blank, Button, OutLink, Unread } from "../parts.js";
import * as icon from "../icons.js";
import * as rail from "../railicons.js";
import { Chip, Frame, Go, Head, OpenInCrm, Select } from "./parts.js";
import { InboxList } from "./inboxlist.js";

const WITH_A_TARGET = Object.freeze(["link", "create", "resolve"]);

/** @param {{ state: any, does: any }} props */
export function Attention({ state, does }) {
  const slice = state.attention;
  const inbox = does.views.attention;
  const modules = keysOf(state.configured.stored);
  const kinds = Object.entries(slice.counts);
  return html`<${Head} title=${t("Attention")} text=${t("These records wait for a decision or a repair. All others go on.")}/>
    <div class="filters"><${Select} label=${t("Module")} value=${slice.module} options=${[["", t("All modules")], ...modules.map((key) => [key, moduleName(key)])]} onChange=${(/** @type {string} */ key) => inbox.filter("module", key)}/>
      ${kinds.length > 1 && html`<div class="chips" role="group" aria-label=${t("Cause")}><${Chip} label=${t("All")} pressed=${!slice.kind} onClick=${() => inbox.filter("kind", "")}/>
        ${kinds.map(([kind, count]) => html`<${Chip} key=${kind} label=${kindName(kind)} count=${count} pressed=${slice.kind === kind} onClick=${() => inbox.filter("kind", kind)}/>`)}</div>`}
      ${slice.rows.length > 0 && html`<span class="caption figure filters-end">${recordCount(slice.total)}</span>`}</div>
    <${Frame} slice=${slice} again=${inbox.load}>${slice.rows.length
      ? html`<${Causes} slice=${slice} state=${state} does=${does}/><${InboxList} name="attention" slice=${slice} does=${does} side=${(/** @type {any} */ row) => kindName(row.kind)}
        about=${(/** @type {any} */ row) => html`<${row.kind === "ambiguous_match" ? rail.People : icon.Triangle} size=${14} class="tone-blocked"/><span dir="auto">${row.reason?.text ?? ""}</span>`}
        card=${(/** @type {any} */ row) => html`<${Card} row=${row} state=${state} does=${does}/>`}/>`
      : html`<${None} at=${slice.at} filtered=${slice.kind || slice.module}/>`}<//>`;
}

/** @param {{ at: string, filtered: string }} props */
function None({ at, filtered }) {
  const title = filtered ? t("Nothing of this kind waits") : t("Nothing needs you. Checked {time}.", { time: moment(at) });
  return html`<div class="card"><${Blank} Icon=${icon.Agreed} tone="ok" title=${title} text=${t("Records that cannot go by themselves appear here with cause and remedy.")}/></div>`;
}

/** Causes that several records share, each with one click for all. @param {{ slice: any, state: any, does: any }} props */
function Causes({ slice, state, does }) {
  const shared = slice.causes.filter((/** @type {any} */ one) => one.count > 1 && one.message?.text && !asks(slice, one.message_key)).slice(0, 3);
  if (!shared.length || !state.shell.admin) return null;
  return html`<ul class="card causes">${shared.map((/** @type {any} */ one) => html`<li key=${one.message_key}><span class="causes-text">${one.message.text}</span><span class="caption figure">${recordCount(one.count)}</span>
    <${Button} label=${t("Retry all with this cause")} Icon=${icon.Arrows} disabled=${Boolean(slice.busy) || !state.shell.online} onClick=${() => does.views.attention.retryCause(one.message_key)}/></li>`)}</ul>`;
}

/** Trying again helps nobody who first has to choose. @param {any} slice @param {string} key */
const asks = (slice, key) => slice.rows.some((/** @type {any} */ row) => row.reason?.key === key && !(row.actions ?? ["retry"]).includes("retry"));

/** @param {{ row: any, state: any, does: any }} props */
function Card({ row, state, does }) {
  const slice = state.attention;
  const frozen = !state.shell.online || state.shell.ended || Boolean(slice.busy);
  const candidates = row.candidates ?? [];
  const actions = row.actions ?? ["retry"];
  const at = slice.rows.indexOf(row) + 1;
  const place = t("{at} of {total}", { at, total: slice.total });
  return html`<div class="attention"><header class="card-head"><div><h2 tabIndex="-1">${candidates.length ? whichOne(row) : html`<bdi>${row.label}</bdi>`}</h2><p class="caption">${moduleName(row.module)} · ${kindName(row.kind)}</p></div><div class="head-ways"><${OpenInCrm} row=${row} does=${does}/>${row.url && html`<${OutLink} class="button" url=${row.url}>${t("Open in Xero")}<//>`}<span class="caption figure">${place}</span></div></header>
    <${Why} row=${row}/>
    ${candidates.length > 0 && html`<${Facts} candidates=${candidates}/><div class="partners">${candidates.map((/** @type {any} */ one) => html`<${Candidate} key=${one.id ?? one.xero_id} one=${one} row=${row} frozen=${frozen} busy=${slice.busy} strong=${candidates.filter((/** @type {any} */ other) => other.strong).length === 1} does=${does}/>`)}</div>`}
    ${slice.search && html`<${Search} row=${row} search=${slice.search} frozen=${frozen} does=${does}/>`}
    <footer class="card-foot"><p class="caption">${row.attempts > 0 ? n("Tried once.", "Tried {n} times.", row.attempts) : ""} <${Go} to=${{ view: "log", query: { record: row.zoho_id ?? row.xero_id ?? "", days: "400" } }} does=${does}>${t("Open log")}<//></p>
      <${Ways} row=${row} actions=${actions} candidates=${candidates} frozen=${frozen} busy=${slice.busy} does=${does} searching=${slice.search}/></footer></div>`;
}

/** @param {{ row: any }} props */
function Why({ row }) {
  if (!row.reason?.text) return null;
  return html`<dl class="why card-part"><dt>${t("Why")}</dt><dd>${row.reason.text}</dd>${row.reason.fix && html`<dt>${t("What to do")}</dt><dd>${row.reason.fix}</dd>`}
    ${row.words && html`<dt>${t("Answer of the API")}</dt><dd dir="auto" class="quiet">${row.words}</dd>`}</dl>`;
}

/** What CRM says of the record, field by field of the evidence. @param {{ candidates: any[] }} props */
function Facts({ candidates }) {
  const seen = new Map(candidates.flatMap((one) => one.evidence ?? []).filter((proof) => proof.zoho).map((proof) => [proof.field, proof]));
  if (!seen.size) return null;
  return html`<dl class="facts card-part">${[...seen.values()].map((proof) => html`<div key=${proof.field}><dt><${icon.Square}/>${proof.label ?? proof.field}</dt><dd dir="auto">${proof.zoho}</dd></div>`)}</dl>`;
}

/** @param {any} props */
function Candidate({ one, row, frozen, busy, strong, does }) {
  const id = one.id ?? one.xero_id;
  const label = one.archived && isOfPeople(row.module) ? t("Link and restore") : actionName("link", row.module);
  return html`<article class="partner"><h3><bdi>${one.label ?? one.name ?? one.number}</bdi>${one.archived && html`<span class="pill">${t("Archived")}</span>`}</h3>
    <ul>${(one.evidence ?? []).map((/** @type {any} */ proof) => html`<${Proof} key=${proof.field} proof=${proof}/>`)}</ul>
    ${usesText(one.uses) && html`<p class="caption figure">${usesText(one.uses)}</p>`}
    <${Button} label=${label} Icon=${icon.Linked} primary=${Boolean(one.strong && strong)} disabled=${frozen} busy=${busy === "link"} onClick=${() => does.views.attention.decide(row, "link", { xero_id: id })}/></article>`;
}

/** @param {{ proof: any }} props */
function Proof({ proof }) {
  const { verdict, text } = proofText(proof);
  return html`<li>${verdict === "same" ? html`<${icon.Agreed} size=${14} class="tone-ok"/>` : html`<${icon.Ring} size=${14} class="tone-quiet"/>`}<span dir="auto">${text}</span></li>`;
}

/** @param {any} props */
function Ways({ row, actions, candidates, frozen, busy, does, searching }) {
  const [sure, setSure] = useState("");
  const plain = actions.filter((/** @type {string} */ action) => !WITH_A_TARGET.includes(action));
  const decide = (/** @type {string} */ action) => (ENDING.includes(action) && sure !== action ? setSure(action) : void does.views.attention.decide(row, action));
  const meaning = sure && actionMeaning(sure);
  const linkable = actions.includes("link") && !searching;
  const create = actions.includes("create") || candidates.length > 0;
  return html`<div class="attention-ways">${meaning && html`<p class="caption" role="alert">${meaning}</p>`}<div class="ways">
    ${linkable && html`<button type="button" class="link" disabled=${frozen} onClick=${does.views.attention.openSearch}>${t("Search in Xero")}</button>`}
    ${plain.map((/** @type {string} */ action) => html`<${Button} key=${action} label=${sure === action ? t("Yes, do it") : actionName(action, row.module)} primary=${action === "retry" && !candidates.length && !row.reason?.act?.url} disabled=${frozen} busy=${busy === action} onClick=${() => decide(action)}/>`)}
    ${create && html`<${Button} label=${actionName("create", row.module)} Icon=${rail.Plus} disabled=${frozen} busy=${busy === "create"} onClick=${() => does.views.attention.decide(row, "create")}/>`}
    ${row.reason?.act?.url && html`<${OutLink} class="button primary" url=${row.reason.act.url}>${row.reason.act.label}<//>`}</div></div>`;
}

/** A partner the matching did not find, looked for by hand. @param {any} props */
function Search({ row, search, frozen, does }) {
  return html`<div class="card-part by-hand"><label class="search"><span class="unseen">${t("Search in Xero")}</span><${rail.Search} size=${16}/><input type="search" value=${search.q} placeholder=${t("Name or number in Xero")}
      onInput=${(/** @type {any} */ event) => void does.views.attention.search(row, event.target.value)}/></label>
    ${search.problem && html`<${Unread} problem=${search.problem} what=${t("Xero could not be searched.")} again=${() => void does.views.attention.search(row, search.q)}/>`}
    <div aria-live="polite">${search.rows && !search.rows.length && html`<p class="caption">${t("Xero has nothing by this name.")}</p>`}
    ${(search.rows ?? []).map((/** @type {any} */ one) => html`<div class="found" key=${one.id}><span><strong dir="auto">${one.label}</strong> <span class="caption figure">${one.number ?? ""}</span>${one.archived && html`<span class="pill">${t("Archived")}</span>`}${one.linked_to && html`<span class="caption">${t("already linked")}</span>`}</span>
      <${Button} label=${t("Link")} Icon=${icon.Linked} disabled=${frozen || Boolean(one.linked_to)} onClick=${() => does.views.attention.decide(row, "link", { xero_id: one.id })}/></div>`)}</div></div>`;
}
