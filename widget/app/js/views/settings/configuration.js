// @ts-check
/** Everything that was set up as one file; an import shows its differences before it is taken. */
import { html, useRef } from "./hooks.js";
import { t } from "../../i18n.js";
import { rowPartName, settingName, settingValue } from "../../words/changes.js";
import { importLabel, wrongFile } from "../../words/maps.js";
import { moduleName } from "../../words/modules.js";
import { Banner, Button } from "../parts.js";
import * as icon from "../icons.js";
import * as rail from "../railicons.js";
import { knownOf } from "./known.js";
import { Check, Head, Trouble } from "./parts.js";

/** @param {{ state: any, does: any }} props */
export function Configuration({ state, does }) {
  const { configuration: slice, shell } = state;
  const frozen = !shell.admin || !shell.online || shell.ended || Boolean(slice.busy);
  const chooser = useRef(/** @type {any} */ (null));
  const config = does.views.configuration;
  const known = knownOf(state);
  const choose = async (/** @type {any} */ event) => { const [file] = event.target.files; if (file) await config.choose(file); event.target.value = ""; };
  const wrong = Object.entries(slice.fields);
  return html`<${Head} title=${t("Export and import")} text=${t("Switches, scope, mapping and maps as one file. No access and no records are in it.")}/><${Trouble} slice=${slice}/>
    <div class="two-cards"><section class="card part" aria-labelledby="export-title"><h2 id="export-title">${t("Export")}</h2><p>${t("Keep it as a backup, or carry it to another organisation.")}</p><div><${Button} label=${t("Export the configuration")} Icon=${rail.Down} busy=${slice.busy === "export"} disabled=${frozen} onClick=${config.exportAll}/></div></section>
      <section class="card part" aria-labelledby="import-title"><h2 id="import-title">${t("Import")}</h2><p>${t("You see what would change before anything is stored.")}</p><div><input class="unseen" type="file" accept="application/json,.json" aria-label=${t("Configuration file")} tabIndex="-1" ref=${chooser} disabled=${frozen} onChange=${choose}/>
        <${Button} label=${t("Choose a file")} Icon=${rail.Up} busy=${slice.busy === "look"} disabled=${frozen} onClick=${() => chooser.current?.click()}/></div>${slice.wrong && html`<p class="wrong" role="alert"><${icon.Triangle} size=${12}/>${wrongFile(slice.wrong)}</p>`}</section></div>
    ${slice.document && html`<section class="card" aria-labelledby="differences-title"><div class="row-ends card-title"><h2 id="differences-title">${t("What the file would change")}</h2><span class="caption" dir="auto">${slice.name}</span></div>
      ${slice.moved && html`<${Banner} Icon=${rail.People} strong=${t("Somebody else has saved meanwhile.")} text=${t("The differences below are compared anew. Look at them, then import again.")}/>`}
      ${wrong.length > 0 && html`<ul class="part">${wrong.map(([path, text]) => html`<li class="wrong" key=${path}><${icon.Triangle} size=${12}/>${t("{action}: {reason}", { action: placeName(path), reason: text })}</li>`)}</ul>`}
      ${slice.gaps.length > 0 && html`<ul class="part">${slice.gaps.map((/** @type {any} */ gap) => html`<li class="wrong" key=${gap.path}><${icon.Triangle} size=${12}/>${t("{action}: {reason}", { action: placeName(gap.path), reason: gap.detail })}</li>`)}</ul>`}
      ${slice.changes && (slice.changes.length ? html`<ul class="meanwhile-list">${slice.changes.slice(0, 200).map((/** @type {any} */ one) => html`<li key=${one.path}><span dir="auto">${placeName(one.path, one.label, known)}</span><span dir="auto"><del>${settingValue(one.before, settingPath(one.path), known)}</del> → <ins>${settingValue(one.after, settingPath(one.path), known)}</ins></span></li>`)}</ul>` : html`<p class="part">${t("Nothing would change.")}</p>`)}
      <div class="card-part"><${Check} says=${t("The file comes from another organisation: take what fits here")} checked=${slice.copy} disabled=${frozen} onChange=${config.asCopy}/></div>
      <div class="card-foot"><button type="button" class="link" onClick=${config.forget}>${t("Cancel")}</button><${Button} label=${importLabel(slice.changes?.length ?? 0)} primary busy=${slice.busy === "apply"} disabled=${frozen || !slice.changes?.length || wrong.length > 0} onClick=${config.apply}/></div></section>`}`;
}

/** @param {any} path @returns {string[]} */
const partsOf = (path) => (Array.isArray(path) ? path.map(String) : String(path).split("."));

/** The path within the settings, as the page itself has it. @param {any} path */
const settingPath = (path) => { const parts = partsOf(path); return parts[0] === "settings" ? parts.slice(1) : parts; };

/** A dotted path in words. @param {any} path @param {string} [label] what the field of a mapping is called @param {any} [known] names behind codes */
function placeName(path, label, known) {
  const [root, module, ...rest] = settingPath(path);
  if (root === "mappings" || root === "mapping") {
    const [field, ...inner] = rest;
    return [t("Field mapping"), moduleName(module ?? ""), label ?? field, ...inner.map(rowPartName)].filter(Boolean).join(" · ");
  }
  return settingName(settingPath(path), known);
}
