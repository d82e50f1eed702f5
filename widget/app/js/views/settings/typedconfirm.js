// @ts-check
/** What cannot be taken back asks for a name: consequence, what is kept, the name to type. */
import { html, useEffect, useModal, useRef } from "./hooks.js";
import { rich, t } from "../../i18n.js";
import { offlineText } from "../../words/shell.js";
import { Banner, Button } from "../parts.js";
import * as icon from "../icons.js";
import { Trouble } from "./parts.js";
import { PopupProblem } from "../popup.js";
import { SessionEnded } from "./session.js";

/** A name as it has to be typed. @param {string} name */
export const bold = (name) => html`<strong><bdi>${name}</bdi></strong>`;

/** Enter acts only once the name matches; Escape keeps everything. Whoever is signed out signs in here, and confirms again. @param {any} props */
export function TypedConfirm({ state, does, name, frozen, act, title, keep, label, onSubmit, children }) {
  const { connection: slice, shell } = state;
  const { ask, type } = does.views.connection;
  const box = useRef(/** @type {any} */ (null));
  useModal(box, () => ask(""));
  // The button that was pressed is shut while nobody is signed in: the way on takes the focus, then the name again.
  useEffect(() => { box.current?.querySelector(shell.ended ? ".banner button" : "input")?.focus(); }, [shell.ended]);
  const asks = t("Type {name} to confirm");
  const matches = name !== "" && slice.typed.trim() === name.trim();
  const submit = (/** @type {Event} */ event) => { event.preventDefault(); if (matches && !frozen) void onSubmit(); };
  return html`<dialog class="dialog" ref=${box} aria-labelledby="confirm-title"><form class="dialog-body" onSubmit=${submit}>
    <h2 id="confirm-title">${title}</h2>${children}
    <label class="field"><span class="label">${rich(asks, { name: bold(name) })}</span><input type="text" autocomplete="off" spellcheck=${false} dir="auto" value=${slice.typed} onInput=${(/** @type {any} */ event) => type(event.target.value)}/></label>
    <${Trouble} slice=${slice}/><${SessionEnded} shell=${shell} does=${does} text=${t("Nothing has been done. Sign in, then confirm once more.")}/><${PopupProblem} kind=${shell.popup} does=${does}/>
    ${!shell.online && html`<${Banner} Icon=${icon.Broken} strong=${t("You are offline.")} text=${offlineText(state.health.at)}/>`}
    <div class="ways"><${Button} label=${keep} onClick=${() => box.current?.close()}/><button type="submit" class=${matches ? "button danger" : "button"} aria-busy=${slice.busy === act ? "true" : undefined} disabled=${!matches || frozen}>${label}</button></div></form></dialog>`;
}
