// @ts-check
/** What is shown when not even the page's own configuration could be read. */
import { html, render } from "./vendor/htm-preact-standalone.js";
import { t } from "./i18n.js";
import { Blank, Button } from "./views/parts.js";
import * as icon from "./views/icons.js";

/** @param {HTMLElement} root */
export function createStandIn(root) {
  render(html`<div class="panel"><h1 class="unseen">${t("Xero")}</h1>
    <${Blank} Icon=${icon.Triangle} tone="blocked" title=${t("The page did not load")}
      text=${t("The sync service cannot be reached.")}>
      <${Button} label=${t("Load again")} Icon=${icon.Arrows} onClick=${() => window.location.reload()}/><//></div>`, root);
}
