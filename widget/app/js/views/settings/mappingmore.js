// @ts-check
/** What an opened pair shows: both fields to choose, its value map, its transforms, taking it away. */
import { html } from "./hooks.js";
import { t } from "../../i18n.js";
import { own } from "../../state/documents.js";
import { transformArguments, transformNames } from "../../words/mapping.js";
import { Button } from "../parts.js";
import * as icon from "../icons.js";
import * as rail from "../railicons.js";
import { FieldPicker } from "./fieldpicker.js";
import { Select } from "./parts.js";

/** @param {any} props */
export function MappingMore({ byValue, row, crm, books, wrong, slice, locked, owner, open, name, edit, does }) {
  const { fields } = slice.stored;
  const choices = crm?.choices ?? [];
  const invalid = (/** @type {string} */ part) => wrong.some((/** @type {any} */ one) => one.part === part);
  return html`<div class="map-more">${wrong.filter((/** @type {any} */ one) => one.part !== "value_map").map((/** @type {any} */ one) => html`<p class="wrong" key=${one.text}><${icon.Triangle} size=${12}/>${one.text}</p>`)}
    ${open && html`<div class="pick-two"><${FieldPicker} label=${`${name}: ${t("CRM field")}`} fields=${fields.zoho} value=${row.zoho} disabled=${locked} invalid=${invalid("zoho")} onChoose=${(/** @type {string} */ zoho) => edit({ zoho, ...(row.flow === "off" && { flow: "both" }) })}/><${icon.Way} direction=${row.flow === "off" ? "none" : row.flow}/>
      <${FieldPicker} label=${`${name}: ${t("Xero field")}`} fields=${fields.xero} value=${row.xero} disabled=${locked} invalid=${invalid("xero")} onChoose=${(/** @type {string} */ xero) => edit({ xero, ...(row.flow === "off" && { flow: "both" }) })}/></div>`}
    ${byValue && html`<${Values} row=${row} crm=${crm} books=${books} choices=${choices} locked=${locked} edit=${edit}/>`}
    ${open && html`<div class="map-tools">${owner}
      ${!byValue && !row.value_map && choices.length > 0 && html`<button type="button" class="link" disabled=${locked} onClick=${() => edit({ value_map: {} })}>${t("Map value by value")}</button>`}${byValue && row.value_map && html`<button type="button" class="link" disabled=${locked} onClick=${() => edit({ value_map: undefined })}>${t("Take values as they are")}</button>`}
      <${Transforms} row=${row} fields=${fields.zoho} name=${name} locked=${locked} edit=${edit}/>
      ${row.added && html`<button type="button" class="link" disabled=${locked} onClick=${() => does.views.mapping.remove(row.name)}>${t("Take this pair away")}</button>`}</div>`}</div>`;
}

/** Each value of CRM with its partner in Xero. @param {any} props */
function Values({ row, crm, books, choices, locked, edit }) {
  const offered = (books?.choices ?? []).map((/** @type {any} */ one) => [String(one.value ?? one), String(one.label ?? one.value ?? one)]);
  const put = (/** @type {string} */ value, /** @type {string} */ partner) => {
    const { [value]: _, ...rest } = row.value_map ?? {};
    edit({ value_map: partner ? { ...rest, [value]: partner } : rest });
  };
  return html`<table class="plain values"><thead><tr><th scope="col">${crm.label} · CRM</th><th scope="col"><span class="unseen">${t("Direction")}</span></th><th scope="col">${books?.label ?? row.xero} · Xero</th></tr></thead><tbody>${choices.map((/** @type {any} */ one) => {
    const value = String(one.value ?? one);
    const partner = own(row.value_map, value) ?? "";
    const label = `${one.label ?? value}: ${books?.label ?? "Xero"}`;
    return html`<tr key=${value} class=${partner ? "" : "waits"}><th scope="row" dir="auto">${one.label ?? value}${one.used ? html` <span class="caption figure">${one.used}</span>` : ""}</th><td><${icon.Way} direction=${partner ? row.flow : "none"}/></td>
      <td>${offered.length ? html`<${Select} label=${label} value=${partner} options=${[["", t("Choose a value")], ...offered]} disabled=${locked} onChange=${(/** @type {string} */ chosen) => put(value, chosen)}/>`
        : html`<input class="plain-input" type="text" aria-label=${label} value=${partner} disabled=${locked} onChange=${(/** @type {any} */ event) => put(value, event.target.value.trim())}/>`}</td></tr>`;
  })}</tbody></table>`;
}

/** What happens to a value on its way, one after the other. @param {any} props */
function Transforms({ row, fields, name, locked, edit }) {
  const held = row.transform ?? [];
  const put = (/** @type {any[]} */ next) => edit({ transform: next.length ? next : undefined });
  const change = (/** @type {number} */ index, /** @type {any} */ patch) => put(held.map((/** @type {any} */ one, /** @type {number} */ at) => (at === index ? { ...one, ...patch } : one)));
  return html`${held.map((/** @type {any} */ one, /** @type {number} */ index) => html`<span class="transform" key=${index}><${Select} label=${`${name}: ${t("On its way")}`} value=${one.op} options=${transformNames()} disabled=${locked} onChange=${(/** @type {string} */ op) => put(held.map((/** @type {any} */ old, /** @type {number} */ at) => (at === index ? { op } : old)))}/>
      ${transformArguments(one.op).map(([key, kind, words]) => (kind === "field" ? html`<${FieldPicker} key=${key} label=${words} fields=${fields} value=${one[key]?.[0] ?? null} disabled=${locked} onChoose=${(/** @type {string} */ path) => change(index, { [key]: [path] })}/>`
        : html`<input key=${key} class="plain-input" type=${kind} aria-label=${words} placeholder=${words} value=${one[key] ?? ""} disabled=${locked} onInput=${(/** @type {any} */ event) => change(index, { [key]: kind === "number" ? Number(event.target.value) : event.target.value })}/>`))}
      <button type="button" class="icon-button" aria-label=${`${name}: ${t("Remove")}`} disabled=${locked} onClick=${() => put(held.filter((/** @type {any} */ _, /** @type {number} */ at) => at !== index))}><${icon.Cross} size=${12}/></button></span>`)}
    <${Button} label=${t("Change it on its way")} Icon=${rail.Plus} disabled=${locked} onClick=${() => put([...held, { op: "trim" }])}/>`;
}
