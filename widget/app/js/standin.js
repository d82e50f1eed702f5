// @ts-check
/** What is shown when the page could not begin, and why it could not. */
import { html, render } from "./vendor/htm-preact-standalone.js";
import { say, t } from "./i18n.js";
import { Blank, Button } from "./views/parts.js";
import * as icon from "./views/icons.js";

/** Why there is no page: the configuration did not come, or nobody can read it. */
export class ConfigError extends Error {
  /** @param {"unreachable" | "unreadable"} kind @param {string} message */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/** @param {unknown} error */
function reason(error) {
  return say({
    unreachable: () => t("The sync service cannot be reached."),
    unreadable: () => t("The sync service answered something this page cannot read."),
  }, error instanceof ConfigError ? error.kind : "") ?? t("A part of it did not arrive, or did not work.");
}

/** @param {HTMLElement} root @param {unknown} error what kept the page from beginning */
export function createStandIn(root, error) {
  render(html`<div class="panel"><h1 class="unseen">${t("Xero")}</h1>
    <${Blank} Icon=${icon.Triangle} tone="blocked" title=${t("The page did not load")} text=${reason(error)}>
      <${Button} label=${t("Load again")} Icon=${icon.Arrows} onClick=${() => window.location.reload()}/><//></div>`, root);
}
