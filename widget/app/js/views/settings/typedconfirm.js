// @ts-check
/** What cannot be taken back asks for a name: consequence, what is kept, the name to type. */
import { html, useEffect, useRef } from "./hooks.js";
import { rich, t } from "../../i18n.js";
import { Button } from "../parts.js";
import { Trouble } from "./parts.js";

/** A name as it has to be typed. @param {string} name */
export const bold = (name) => html`<strong><bdi>${name}</bdi></strong>`;

/** Enter acts only once the name matches; Escape keeps everything. @param {any} props */
export function TypedConfirm({ slice, name, does, frozen, act, title, keep, label, onSubmit, children }) {
  const box = useRef(/** @type {any} */ (null));
  useEffect(() => { box.current?.showModal(); }, []);
  const asks = t("Type {name} to confirm");
  const matches = name !== "" && slice.typed.trim() === name.trim();
  const submit = (/** @type {Event} */ event) => { event.preventDefault(); if (matches && !frozen) void onSubmit(); };
  return html`<dialog class="dialog" ref=${box} aria-labelledby="confirm-title" onClose=${() => does.ask("")}><form class="dialog-body" onSubmit=${submit}>
    <h2 id="confirm-title">${title}</h2>${children}
    <label class="field"><span class="label">${rich(asks, { name: bold(name) })}</span><input type="text" autocomplete="off" spellcheck=${false} dir="auto" value=${slice.typed} onInput=${(/** @type {any} */ event) => does.type(event.target.value)}/></label>
    <${Trouble} slice=${slice}/>
    <div class="ways"><${Button} label=${keep} onClick=${() => box.current?.close()}/><button type="submit" class=${matches ? "button danger" : "button"} aria-busy=${slice.busy === act ? "true" : undefined} disabled=${!matches || frozen}>${label}</button></div></form></dialog>`;
}
