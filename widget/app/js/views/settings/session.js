// @ts-check
/** A session that ended, and the way in again. */
import { html } from "./hooks.js";
import { t } from "../../i18n.js";
import { Banner } from "../parts.js";
import { waits } from "../popup.js";
import * as icon from "../icons.js";

/** Nothing while the session lasts; otherwise what is with the page, and the way in again. @param {{ shell: any, does: any, text: string }} props */
export function SessionEnded({ shell, does, text }) {
  if (!shell.ended) return null;
  return html`<${Banner} Icon=${icon.Person} strong=${t("Your session has ended.")} text=${text}>
    <button type="button" class="link" disabled=${waits(shell.signingIn, does)} onClick=${() => does.signIn("sign_in")}>${t("Sign in with Zoho")}</button><//>`;
}
