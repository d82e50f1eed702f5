// @ts-check
/** Two fields that had no partner become a pair. */
import { html, useState } from "./hooks.js";
import { t } from "../../i18n.js";
import { Button } from "../parts.js";
import * as icon from "../icons.js";
import * as rail from "../railicons.js";
import { FieldPicker } from "./fieldpicker.js";

/** @param {{ slice: any, does: any }} props */
export function AddRow({ slice, does }) {
  const [open, setOpen] = useState(false);
  const [zoho, setZoho] = useState("");
  const [xero, setXero] = useState("");
  const { fields } = slice.stored;
  const used = (/** @type {string} */ side) => new Set(slice.rows.filter((/** @type {any} */ row) => row.flow !== "off").map((/** @type {any} */ row) => row[side]));
  const free = (/** @type {string} */ side) => fields[side].filter((/** @type {any} */ field) => !used(side).has(field.path));
  const done = () => { does.views.mapping.add(zoho, xero); setOpen(false); setZoho(""); setXero(""); };
  if (!open) return html`<div><${Button} label=${t("Map another field")} Icon=${rail.Plus} onClick=${() => setOpen(true)}/></div>`;
  return html`<section class="card part add-row" aria-label=${t("Map another field")}><div class="pick-two"><${FieldPicker} label=${t("CRM field")} fields=${free("zoho")} value=${zoho} onChoose=${setZoho}/><${icon.Way} direction="both"/><${FieldPicker} label=${t("Xero field")} fields=${free("xero")} value=${xero} onChoose=${setXero}/></div>
    <div class="with-button"><${Button} label=${t("Add")} primary disabled=${!zoho || !xero} onClick=${done}/><button type="button" class="link" onClick=${() => setOpen(false)}>${t("Cancel")}</button></div></section>`;
}
