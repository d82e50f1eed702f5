// @ts-check
/** What stands around every page: it says when the page cannot be drawn, and when CRM does not answer it. */
import { html, useEffect, useErrorBoundary, useRef } from "../vendor/htm-preact-standalone.js";
import { t } from "../i18n.js";
import { Blank, Button, Toast } from "./parts.js";
import * as icon from "./icons.js";

/** @param {{ View: any, state: any, does: any, unheard: boolean, onHeard: () => void }} props */
export function Frame({ View, state, does, unheard, onHeard }) {
  return html`<${Drawn} View=${View} state=${state} does=${does}/>
    ${unheard && html`<div role="alert"><${Toast} id="unheard" warns onClose=${onHeard}
      text=${t("Zoho CRM did not answer. If the record has not opened, open it from its list there.")}/></div>`}`;
}

/** The page, or why there is none; what is known next is tried again. @param {{ View: any, state: any, does: any }} props */
function Drawn({ View, state, does }) {
  const broken = useRef(/** @type {any} */ (null));
  const [error, again] = useErrorBoundary((/** @type {unknown} */ found) => {
    broken.current = state;
    reportError(found);
  });
  useEffect(() => { if (error && broken.current !== state) again(); });
  if (!error) return html`<${View} state=${state} does=${does}/>`;
  return html`<div class="panel"><h1 class="unseen">${t("Xero")}</h1>
    <${Blank} Icon=${icon.Triangle} tone="blocked" title=${t("The page did not load")} text=${t("A part of it did not arrive, or did not work.")}>
      <${Button} label=${t("Load again")} Icon=${icon.Arrows} onClick=${does.reload}/><//></div>`;
}
