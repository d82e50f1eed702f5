// @ts-check
/** The small window: that it is open or was blocked, the way to it, and how it ended. */
import { html } from "../vendor/htm-preact-standalone.js";
import { t } from "../i18n.js";
import { Banner } from "./parts.js";
import * as icon from "./icons.js";

/** What a link into the window says. @param {string} purpose */
const linkName = (purpose) => (purpose === "xero" ? t("Connect Xero") : purpose === "connect" ? t("Connect Zoho CRM") : t("Sign in with Zoho"));

/** Whether a sign-in waits for its window; one that was blocked may be asked for once more. @param {boolean} signingIn @param {any} does */
export function waits(signingIn, does) {
  const shown = does.popup.now();
  return shown ? shown.state === "open" : signingIn;
}

/** Nothing while there is nothing to say. @param {{ kind: string | null, does: any }} props kind: how the last window ended */
export function PopupProblem({ kind, does }) {
  const { popup } = does;
  const shown = popup.now();
  if (shown) return html`<${Waiting} shown=${shown} popup=${popup}/>`;
  if (!kind) return null;
  const signing = popup.last() === "sign_in";
  const says = {
    closed: signing ? t("The window was closed before you were signed in. Try again.") : t("The window was closed before it was done. Try again."),
    refused: t("The sign-in was not accepted. Try again."), late: t("The window did not come back in time. Try again."),
    offline: t("The sync service cannot be reached. Try again later."),
  }[kind] ?? "";
  return html`<${Banner} Icon=${icon.Triangle} strong=${signing ? t("Not signed in.") : t("Nothing was connected.")} text=${says}/>`;
}

/** @param {{ shown: import("../popups.js").Shown, popup: any }} props */
function Waiting({ shown, popup }) {
  const cancel = html`<button type="button" class="link" onClick=${popup.cancel}>${t("Cancel")}</button>`;
  if (shown.state === "blocked") {
    return html`<${Banner} Icon=${icon.Triangle} strong=${t("The browser blocked the window.")} text=${t("Allow pop-ups for this page, or use this link:")}>
      <a href=${shown.url} target="zoho-xero-popup" rel="opener" onClick=${popup.follow}>${linkName(shown.purpose)}</a> · ${cancel}<//>`;
  }
  return html`<${Banner} Icon=${icon.Clock} tone="busy" strong=${t("Waiting for the window…")} text=${t("Finish there; this page goes on by itself.")}>
    ${shown.front && html`<button type="button" class="link" onClick=${popup.front}>${t("Show the window")}</button> · `}${cancel}<//>`;
}
