// @ts-check
/** One record, or the chosen ones of a list. */
import { html } from "../vendor/htm-preact-standalone.js";
import { RecordPage } from "./record.js";
import { SelectionPage } from "./selection.js";

/** @param {{ state: { many: boolean, shown: any }, does: any }} props */
export function RecordDocument({ state, does }) {
  const { one, several, signInUrl, reload } = does;
  const shared = { signInUrl, reload };
  return state.many ? html`<${SelectionPage} state=${state.shown} does=${{ ...several, ...shared }}/>`
    : html`<${RecordPage} state=${state.shown} does=${{ ...one, ...shared }}/>`;
}
