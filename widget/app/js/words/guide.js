// @ts-check
/** What the steps of the set-up guide say. */
import { n, say, t } from "../i18n.js";

/** @param {string} name */
export function stepTitle(name) {
  return say({
    sign_in: () => t("Sign in with Zoho"), zoho: () => t("Connect Zoho CRM"), xero: () => t("Connect Xero"),
    organisation: () => t("Choose the Xero organisation"), modules: () => t("Choose modules and directions"), maps: () => t("Match taxes and accounts"),
    mapping: () => t("Check the field mapping"), preview: () => t("Preview"), sync: () => t("First sync"),
  }, name) ?? name;
}

/** @param {string} name @param {any} state @param {any} steps */
export function stepText(name, state, steps) {
  const { me } = state.shell;
  const { connections } = state.connection;
  const xero = connections?.xero;
  switch (name) {
    case "sign_in": return me ? signedIn(me) : t("A small window asks once; your password stays with Zoho.");
    case "zoho": return connections?.zoho?.state === "connected" ? t("Connected by {name}", { name: connections.zoho.connected_by ?? "–" }) : t("An administrator lets the bridge read and write this CRM.");
    case "xero": return xero?.connected_by ? t("Connected by {name}", { name: xero.connected_by }) : xero?.reason?.text ?? t("Xero asks which organisations you share.");
    case "organisation": return xero?.organisation ? [xero.organisation.name, xero.organisation.base_currency].filter(Boolean).join(", ") : t("Everything goes to this one organisation.");
    case "modules": return steps.done.organisation ? n("1 module is on", "{n} modules are on", steps.switched) : t("What crosses, and in which direction.");
    case "maps": return steps.open.length ? steps.open[0].text : state.guide.preflight ? t("Taxes, accounts and currencies fit together.") : t("Which Xero tax rate and account stand for which in CRM.");
    case "mapping": return t("The defaults are ready; change what your company does differently.");
    case "preview": return steps.done.sync ? t("The preview was accepted.") : steps.done.preview && !steps.done.sync ? t("A preview is ready. Look at it before you start.") : t("Nothing is written before you accept the preview.");
    default: return steps.done.sync ? t("Every module that is on has had its first sync.") : t("Creates, links and updates what the preview has shown.");
  }
}

/** @param {any} me */
function signedIn(me) {
  const person = { org: me.org?.name ?? "", name: me.user?.name ?? "" };
  return me.user?.admin ? t("{org}, {name}, administrator", person) : t("{org}, {name}", person);
}

/** @param {number} done @param {number} total */
export const doneOf = (done, total) => t("{done} of {total} done.", { done, total });

/** @param {number} left steps that are left */
export const timeLeft = (left) => (left ? n("About 1 minute is left.", "About {n} minutes are left.", left * 2) : t("Everything is set up."));
