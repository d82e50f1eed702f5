// @ts-check
/** One record, or the chosen ones of a list. */
import { html } from "../vendor/htm-preact-standalone.js";
import { RecordPage } from "./record.js";
import { SelectionPage } from "./selection.js";

/** @param {{ state: { many: boolean, shown: any, acts: any }, does: any }} props */
export function RecordDocument({ state, does }) {
  const { popup, reload } = does;
  const Page = state.many ? SelectionPage : RecordPage;
  return html`<${Page} state=${state.shown} does=${{ ...state.acts, popup, reload }}/>`;
}
