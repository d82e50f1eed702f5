// @ts-check
/** Said after a sign-in that brought somebody else than the page worked for. */
import { html } from "../vendor/htm-preact-standalone.js";
import { t } from "../i18n.js";
import { Banner } from "./parts.js";
import * as icon from "./icons.js";

/** Nothing as long as it is the same person. @param {{ person: any, does: any }} props */
export function Another({ person, does }) {
  if (!person) return null;
  const now = t("You are signed in as {name} of {organisation} now.", { name: person.user.name, organisation: person.org?.name ?? "" });
  return html`<${Banner} Icon=${icon.Person} strong=${now} text=${t("This page was opened with another sign-in. What was not saved is dropped; nothing of it was sent.")}>
    <button type="button" class="link" onClick=${does.readAnother}>${t("Understood")}</button><//>`;
}
