// @ts-check
/** What was changed, what follows from it, and what somebody else saved meanwhile. */
import { html } from "./hooks.js";
import { n, t } from "../../i18n.js";
import { changesOf } from "../../state/configured.js";
import { undecided } from "../../state/meanwhile.js";
import { changeText, settingName, settingValue, unsaved } from "../../words/changes.js";
import { Button, Unread, problemNumber, problemText } from "../parts.js";
import * as icon from "../icons.js";
import * as rail from "../railicons.js";
import { knownOf } from "./known.js";
import { SavedMeanwhile } from "./meanwhile.js";

const SHOWN = 2;

/** @param {{ state: any, does: any, preview?: boolean }} props */
export function SaveBar({ state, does, preview = false }) {
  const { configured } = state;
  const changes = changesOf(configured);
  const frozen = Boolean(configured.busy) || !state.shell.online || state.shell.ended;
  if (!changes.length && !configured.trouble) return null;
  const wrong = Object.values(configured.fields);
  const open = undecided(configured);
  const touched = [...new Set(changes.filter(({ path }) => path[0] === "modules").map(({ path }) => path[1]))];
  const floods = preview && !wrong.length && configured.consequences.some((/** @type {any} */ one) => Number(one.count) > 0);
  const previewed = () => does.views.runs.start("preview", touched.length === 1 ? touched[0] : "all");
  const save = () => does.views.configured.save(floods ? previewed : undefined);
  return html`<div class="savebar" role="region" aria-label=${t("Changes")}>
    <${wrong.length || configured.trouble ? icon.Triangle : rail.Info} size=${18} class=${wrong.length || configured.trouble ? "tone-blocked" : "tone-busy"}/>
    <div class="savebar-says" aria-live="polite"><p>${changes.length > 0 && html`<strong>${unsaved(changes.length)}</strong> `}${changes.slice(0, SHOWN).map((change) => `${changeText(change)} `)}
      ${changes.length > SHOWN && n("1 more.", "{n} more.", changes.length - SHOWN)}</p>
      ${configured.trouble && html`<p class="wrong">${problemText(configured.trouble)} ${problemNumber(configured.trouble)}</p>`}
      ${open && html`<p class="wrong" id="save-why">${t("You both changed a setting. Choose above, then save.")}</p>`}
      ${wrong.map((text) => html`<p class="wrong" key=${text}>${text}</p>`)}
      ${configured.unforeseen && html`<${Unread} problem=${configured.unforeseen} what=${t("What follows from it could not be foreseen.")} again=${does.views.configured.foresee}/>`}
      ${configured.consequences.map((/** @type {any} */ one) => html`<p class="caption" key=${one.key + one.module}>${one.text}</p>`)}
      ${floods && html`<p class="caption">${t("You will see them before anything is sent.")}</p>`}</div>
    <div class="savebar-ways"><button type="button" class="link" disabled=${frozen} onClick=${does.views.configured.discard}>${t("Discard")}</button>
      <${Button} label=${floods ? t("Save and preview") : t("Save")} primary busy=${configured.busy === "save"} disabled=${frozen || open || !changes.length} describedBy=${open ? "save-why" : undefined} onClick=${save}/></div></div>`;
}

/** What somebody else saved of the settings. @param {{ configured: any, does: any }} props */
export function Meanwhile({ configured, does }) {
  const { settle, understood } = does.views.configured;
  const known = knownOf(does.state());
  return html`<${SavedMeanwhile} held=${configured.meanwhile} title=${t("Somebody else has saved these settings meanwhile.")} both=${t("You both changed the settings below. Choose, then save again.")}
    nameOf=${(/** @type {string[]} */ path) => settingName(path, known)} valueOf=${(/** @type {string[]} */ path, /** @type {any} */ value) => settingValue(value, path, known)} settle=${settle} understood=${understood}/>`;
}
