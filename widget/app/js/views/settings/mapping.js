// @ts-check
/** Which field of CRM is which of Xero: checked while it is chosen, with what the sample record holds. */
import { html, useMemo } from "./hooks.js";
import { n, t } from "../../i18n.js";
import { list, moment } from "../../format.js";
import { complaintsOf, lookedAt, openValues, standingOf, unsavedModules } from "../../state/mapping.js";
import { changedRows } from "../../state/mappingrows.js";
import { undecided } from "../../state/meanwhile.js";
import { settingValue, unsaved } from "../../words/changes.js";
import { effectSide, effectsTitle, stillOpen, versionText } from "../../words/mapping.js";
import { mappingPlace, mappingValue } from "../../words/mappingplaces.js";
import { isAttached } from "../../modules.js";
import { keysOf } from "../../state/modules.js";
import { conflictRule, moduleName } from "../../words/modules.js";
import { Blank, Button, Unread, problemNumber, problemText } from "../parts.js";
import * as icon from "../icons.js";
import * as rail from "../railicons.js";
import { AddRow } from "./addrow.js";
import { MappingRow } from "./mappingrow.js";
import { SavedMeanwhile } from "./meanwhile.js";
import { Chip, Frame, Go, Head, Select, useWide } from "./parts.js";
import { Windowed } from "./windowed.js";

/** @param {{ state: any, does: any }} props */
export function Mapping({ state, does }) {
  const { mapping: slice, shell } = state;
  const modules = keysOf(state.configured.stored).filter((key) => !isAttached(key));
  const locked = !shell.admin || !shell.online || shell.ended || Boolean(slice.busy);
  const ready = slice.stage === "ready";
  const unsaid = (/** @type {string} */ key) => (key !== slice.module && unsavedModules(slice).includes(key) ? `${moduleName(key)} · ${t("not saved")}` : moduleName(key));
  const rule = state.configured.stored?.modules?.[slice.module]?.conflict ?? "ask";
  return html`<${Head} title=${t("Field mapping")} text=${t("Types are checked as you choose. The grey line under each field is the value in the sample record.")}>
      <${Button} label=${t("Earlier versions")} Icon=${rail.History} disabled=${!ready} onClick=${does.views.mapping.loadVersions}/><//>
    <${Versions} slice=${slice} locked=${locked} does=${does}/><${Meanwhile} slice=${slice} rule=${rule} does=${does}/>
    <div class="filters"><${Select} label=${t("Module")} value=${slice.module} options=${modules.map((key) => [key, unsaid(key)])} onChange=${(/** @type {string} */ key) => does.go({ view: "mapping", id: key })}/>
      ${ready && html`<${Filters} slice=${slice} does=${does}/><${Samples} slice=${slice} does=${does}/>`}</div>
    <${Frame} slice=${slice} again=${() => does.views.mapping.load(slice.module)} rows=${8}>${slice.rows && html`<${Rows} slice=${slice} locked=${locked} rule=${rule} does=${does}/>
      ${!locked && html`<${AddRow} slice=${slice} does=${does}/>`}<${Effects} slice=${slice}/>`}<//><${SaveBar} slice=${slice} shell=${shell} does=${does}/>`;
}

/** The record whose values are shown beneath the fields. @param {any} slice */
const sampleOf = (slice) => slice.stored.samples?.[slice.sample] ?? slice.stored.samples?.[0] ?? null;

/** The real records whose values are shown, one at a time. @param {{ slice: any, does: any }} props */
function Samples({ slice, does }) {
  const samples = slice.stored.samples ?? [];
  if (!samples.length) return null;
  const at = Math.min(slice.sample, samples.length - 1);
  const step = (/** @type {number} */ by) => does.views.mapping.sample(at + by);
  return html`<div class="filters-end samples" role="group" aria-label=${t("Sample record")}><span class="caption" aria-hidden="true">${t("Sample")}</span>
    <button type="button" class="icon-button framed" aria-label=${t("Previous record")} disabled=${at === 0} onClick=${() => step(-1)}><${icon.Chevron} size=${14} class="turned"/></button>
    <${Select} label=${t("Sample record")} value=${String(at)} options=${samples.map((/** @type {any} */ one, /** @type {number} */ place) => [String(place), one.label || "–"])} onChange=${(/** @type {string} */ place) => does.views.mapping.sample(Number(place))}/>
    <button type="button" class="icon-button framed" aria-label=${t("Next record")} disabled=${at === samples.length - 1} onClick=${() => step(1)}><${icon.Chevron} size=${14}/></button></div>`;
}

/** @param {any} slice */
function placed(slice) {
  const wrong = complaintsOf(slice.rows, slice.fields);
  const byPath = (/** @type {string} */ side) => new Map(slice.stored.fields[side].map((/** @type {any} */ field) => [field.path, field]));
  const [zoho, xero] = [byPath("zoho"), byPath("xero")];
  const sample = sampleOf(slice);
  const known = lookedAt(slice);
  const holding = (/** @type {any} */ field, /** @type {string} */ side) => (field && sample ? { ...field, sample: sample[side]?.[field.path] ?? null } : field);
  const ours = (/** @type {any} */ row) => Number(Boolean(row.locked));
  return [...slice.rows].sort((one, other) => ours(one) - ours(other)).map((/** @type {any} */ row) => {
    const [crm, books] = [holding(zoho.get(row.zoho), "zoho"), holding(xero.get(row.xero), "xero")];
    const mine = wrong.get(row.name) ?? [];
    return { row, crm, books, wrong: mine, open: openValues(row, crm, books, mine), standing: standingOf(row, mine), sure: known(row) ? "" : slice.unchecked ? "unchecked" : "checking" };
  });
}

/** @param {{ slice: any, does: any }} props */
function Filters({ slice, does }) {
  const all = useMemo(() => placed(slice), [slice.rows, slice.fields, slice.stored]);
  const count = (/** @type {string} */ name) => all.filter((/** @type {any} */ one) => one.standing === name).length;
  const chips = /** @type {[string, string, number][]} */ ([["", t("All"), all.length], ["mapped", t("Mapped"), count("mapped")], ["open", t("Still open"), count("open")], ["off", t("Off"), count("off")]]);
  return html`<div class="chips" role="group" aria-label=${t("Show")}>${chips.map(([name, label, many]) => html`<${Chip} key=${name} label=${label} count=${many} Icon=${name === "open" && many ? icon.Triangle : null} tone="decide" pressed=${slice.filter === name} onClick=${() => does.views.mapping.show(name)}/>`)}</div>
    ${all.length > 15 && html`<label class="search"><span class="unseen">${t("Find a field")}</span><${rail.Search} size=${16}/><input type="search" placeholder=${t("Find a field")} value=${slice.text} onInput=${(/** @type {any} */ event) => does.views.mapping.search(event.target.value)}/></label>`}`;
}

/** @param {any} props */
function Rows({ slice, locked, rule, does }) {
  const wide = useWide(960);
  const full = useWide(1200);
  const all = useMemo(() => placed(slice), [slice.rows, slice.fields, slice.stored, slice.sample, slice.checked, slice.unchecked]);
  const changed = useMemo(() => new Set(changedRows(slice).map((/** @type {any} */ row) => row.name)), [slice.rows, slice.stored]);
  const text = slice.text.trim().toLowerCase();
  const shown = useMemo(() => all.filter((/** @type {any} */ { row, crm, books, standing }) => (!slice.filter || standing === slice.filter || row.name === slice.open || changed.has(row.name))
    && (!text || [crm?.label, books?.label, row.zoho, row.xero].some((one) => String(one ?? "").toLowerCase().includes(text)))), [all, slice.filter, text, slice.open]);
  if (!shown.length) return html`<div class="card"><${Blank} Icon=${icon.Ring} tone="quiet" title=${t("No field matches")} text=${t("Take the filter away to see all fields.")}/></div>`;
  const draw = (/** @type {any} */ one) => html`<${MappingRow} key=${one.row.name} one=${one} slice=${slice} locked=${locked} rule=${rule} wide=${wide} full=${full} changed=${changed.has(one.row.name)} open=${slice.open === one.row.name} does=${does}/>`;
  return html`<div class=${full ? "card mapping full" : "card mapping"}>${wide && html`<div class="map-head" aria-hidden="true"><span><${icon.Square}/> ${t("CRM field")}</span><span>${t("Direction")}</span><span><${icon.Disc}/> ${t("Xero field")}</span><span>${t("When")}</span>${full && html`<span>${t("Edited on both")}</span>`}<span>${t("Check")}</span></div>`}
    <div role="list"><${Windowed} rows=${shown} draw=${draw} guess=${wide ? 60 : 190} watch=${`${slice.open} ${slice.choosing} ${slice.sample} ${locked} ${wide} ${full} ${rule}`}/></div></div>`;
}

/** What the draft would write to a few records; nothing is stored. @param {{ slice: any }} props */
function Effects({ slice }) {
  if (!slice.effects.length) return null;
  return html`<section class="card part" aria-labelledby="effects-title"><h2 id="effects-title">${effectsTitle(slice.effects.length)}</h2>${slice.effects.map((/** @type {any} */ one) => html`<div class="effect" key=${`${one.zoho_id}${one.xero_id}`}><strong dir="auto">${one.label}</strong>
    ${one.changes.length ? html`<ul>${one.changes.map((/** @type {any} */ change) => html`<li key=${change.side + change.field}><span>${change.label ?? change.field} <span class="caption">${effectSide(change)}</span></span><span dir="auto"><del>${settingValue(change.before)}</del> → <ins>${settingValue(change.after)}</ins></span></li>`)}</ul>` : html`<p class="caption">${t("Nothing would change.")}</p>`}</div>`)}</section>`;
}

/** @param {any} props */
function Versions({ slice, locked, does }) {
  if (!slice.versions && !slice.versionsUnread) return null;
  return html`<section class="card versions" aria-labelledby="versions-title"><div class="row-ends card-title"><div><h2 id="versions-title">${t("Earlier versions")}</h2>${slice.unsaved && html`<p class="caption" id="versions-why">${t("Save or discard your changes first; then an earlier version can be restored.")}</p>`}</div><button type="button" class="icon-button" aria-label=${t("Close")} onClick=${does.views.mapping.closeVersions}><${icon.Cross} size=${14}/></button></div>
    ${slice.versionsUnread ? html`<div class="part"><${Unread} problem=${slice.versionsUnread} what=${t("The earlier versions could not be read.")} again=${does.views.mapping.loadVersions}/></div>` : slice.versions.length ? html`<ul>${slice.versions.map((/** @type {any} */ row) => html`<li key=${row.version}><strong>${versionText(row)}</strong><span class="caption figure">${moment(row.at)}</span><span class="caption" dir="auto">${row.by ?? ""}</span>
      ${row.current ? html`<span class="pill ok">${t("in force")}</span>` : html`<${Button} label=${t("Restore")} Icon=${rail.Undo} busy=${slice.busy === `restore-${row.version}`} disabled=${locked || slice.unsaved} describedBy=${slice.unsaved ? "versions-why" : undefined} onClick=${() => does.views.mapping.restore(row.version)}/>`}</li>`)}</ul>` : html`<p class="part caption">${t("The defaults have never been changed.")}</p>`}</section>`;
}

/** @param {any} props */
function Meanwhile({ slice, rule, does }) {
  const { settle, understood } = does.views.mapping;
  const fieldName = (/** @type {string} */ side, /** @type {string} */ path) => (slice.stored?.fields[side] ?? []).find((/** @type {any} */ field) => field.path === path)?.label ?? path;
  const about = { fieldName, rule: conflictRule(rule) };
  const rowName = (/** @type {string} */ name) => {
    const row = [...slice.rows, ...slice.stored.rows].find((/** @type {any} */ one) => one.name === name) ?? slice.meanwhile.both.find((/** @type {any} */ one) => one.path[0] === name)?.base ?? {};
    return row.zoho ? fieldName("zoho", row.zoho) : row.label ?? (row.xero ? fieldName("xero", row.xero) : name);
  };
  return html`<${SavedMeanwhile} held=${slice.meanwhile} title=${t("Somebody else has saved this mapping meanwhile.")} both=${t("You both changed the fields below. Choose, then save again.")}
    nameOf=${(/** @type {string[]} */ path) => mappingPlace(path, rowName)} valueOf=${(/** @type {string[]} */ path, /** @type {any} */ value) => mappingValue(path, value, about)} settle=${settle} understood=${understood}/>`;
}

/** Modules that were left with rows not saved, each a way back. @param {any} props */
function Elsewhere({ modules, does }) {
  if (!modules.length) return null;
  return html`<p>${t("Not saved yet:")} ${modules.map((/** @type {string} */ key) => html`<${Go} key=${key} to=${{ view: "mapping", id: key }} does=${does} class="link">${moduleName(key)}<//> `)}</p>`;
}

/** @param {any} props */
function SaveBar({ slice, shell, does }) {
  const elsewhere = unsavedModules(slice).filter((key) => key !== slice.module);
  if (!slice.unsaved && !slice.trouble && !elsewhere.length) return null;
  const count = changedRows(slice).length;
  const wrong = Object.entries(slice.fields).filter(([path]) => !/value_map/.test(path)).map(([, text]) => text);
  const open = slice.rows ? placed(slice).flatMap((/** @type {any} */ one) => one.open) : [];
  const asks = undecided(slice);
  const frozen = !shell.online || shell.ended || Boolean(slice.busy);
  const amber = slice.unsaved && (wrong.length || open.length);
  const red = slice.trouble || (slice.unsaved && wrong.length);
  return html`<div class="savebar" role="region" aria-label=${t("Changes")}><${amber || red ? icon.Triangle : rail.Info} size=${18} class=${red ? "tone-blocked" : amber ? "tone-decide" : "tone-busy"}/>
    <div class="savebar-says" aria-live="polite">${slice.unsaved && html`<p><strong>${unsaved(count)}</strong> ${open.length > 0 && stillOpen(open, list(open.slice(0, 3)))}</p>`}${slice.trouble && html`<p class="wrong">${problemText(slice.trouble)} ${problemNumber(slice.trouble)}</p>`}
      ${asks && html`<p class="wrong" id="save-why">${t("You both changed a field. Choose above, then save.")}</p>`}<${Elsewhere} modules=${elsewhere} does=${does}/>
      ${slice.unsaved && slice.unchecked && html`<${Unread} problem=${slice.unchecked} what=${t("What you changed could not be checked.")} again=${does.views.mapping.check}/>`}
      ${slice.unsaved && wrong.slice(0, 3).map((text) => html`<p class="wrong" key=${text}>${text}</p>`)}${slice.unsaved && open.length > 0 && html`<p class="caption">${t("Records with an open value wait until it is chosen. All others go.")}</p>`}</div>
    ${slice.unsaved && html`<div class="savebar-ways"><button type="button" class="link" disabled=${frozen} onClick=${does.views.mapping.discard}>${t("Discard")}</button><${Button} label=${t("Save mapping")} primary busy=${slice.busy === "save"} disabled=${frozen || asks || !count} describedBy=${asks ? "save-why" : undefined} onClick=${does.views.mapping.save}/></div>`}</div>`;
}
