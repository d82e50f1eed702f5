// @ts-check
/** A session that ended, and the window in which one signs in again. */
import { html } from "./hooks.js";
import { t } from "../../i18n.js";
import { Banner } from "../parts.js";
import * as icon from "../icons.js";

/** Nothing while the session lasts; otherwise what is with the page, and the way in again. @param {{ shell: any, does: any, text: string }} props */
export function SessionEnded({ shell, does, text }) {
  if (!shell.ended) return null;
  return html`<${Banner} Icon=${icon.Person} strong=${t("Your session has ended.")} text=${text}>
    <button type="button" class="link" disabled=${shell.signingIn} onClick=${() => does.signIn("sign_in")}>${t("Sign in with Zoho")}</button><//>`;
}

/** @param {{ kind: string | null, does: any }} props */
export function PopupProblem({ kind, does }) {
  if (!kind) return null;
  const says = kind === "blocked" ? t("The browser blocked the window. Allow pop-ups for this page, or use this link:")
    : kind === "offline" ? t("The sync service cannot be reached.")
      : kind === "closed" ? t("The window was closed before you were signed in. Try again.") : t("The sign-in was not accepted. Try again.");
  return html`<${Banner} Icon=${icon.Triangle} strong=${t("Not signed in.")} text=${says}>
    ${kind === "blocked" && html`<a href=${does.signInUrl()} target="_blank" rel="opener">${t("Sign in with Zoho")}</a>`}<//>`;
}
