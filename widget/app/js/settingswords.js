// @ts-check
/** What the settings page and the dashboard say. */
import { n, say, t } from "./i18n.js";
import { moment, stamp } from "./format.js";

/** CRM's own names of the modules. @param {string} key */
export function moduleName(key) {
  return say({
    accounts: () => t("Accounts"), contacts: () => t("Contacts"), vendors: () => t("Vendors"),
    products: () => t("Products"), quotes: () => t("Quotes"), sales_orders: () => t("Sales orders"),
    invoices: () => t("Invoices"), purchase_orders: () => t("Purchase orders"),
    payments: () => t("Payments"), credit_notes: () => t("Credit notes"),
  }, key) ?? key;
}

/** @param {string} name */
export function stepTitle(name) {
  return say({
    sign_in: () => t("Sign in with Zoho"), zoho: () => t("Connect Zoho CRM"), xero: () => t("Connect Xero"),
    organisation: () => t("Choose the Xero organisation"), preview: () => t("Preview"), sync: () => t("First sync"),
  }, name) ?? name;
}

/** @param {string} name @param {any} state */
export function stepText(name, state) {
  const { me, connections, run } = state;
  const xero = connections?.xero;
  switch (name) {
    case "sign_in": return me ? signedIn(me) : t("A small window asks once; your password stays with Zoho.");
    case "zoho": return connections?.zoho?.state === "connected"
      ? t("Connected by {name}", { name: connections.zoho.connected_by ?? "–" })
      : t("An administrator lets the bridge read and write this CRM.");
    case "xero": return xero?.connected_by ? t("Connected by {name}", { name: xero.connected_by })
      : xero?.reason?.text ?? t("Xero asks which organisations you share.");
    case "organisation": return xero?.organisation ? `${xero.organisation.name}, ${xero.organisation.base_currency}` : t("Everything goes to this one organisation.");
    case "preview": return run?.kind === "preview" && run.finished ? previewFound(run) : t("Nothing is written before you accept the preview.");
    default: return t("Creates, links and updates what the preview has shown.");
  }
}

/** @param {any} me */
function signedIn(me) {
  const person = { org: me.org?.name ?? "", name: me.user?.name ?? "" };
  return me.user?.admin ? t("{org}, {name}, administrator", person) : t("{org}, {name}", person);
}

/** @param {any} run */
function previewFound(run) {
  return n("1 record was looked at.", "{n} records were looked at.", run.total ?? 0);
}

/** @param {any} preview the finished preview, if any */
export function startLabel(preview) {
  const count = ["created", "updated", "linked", "deleted"].reduce((sum, name) => sum + (preview?.[name] ?? 0), 0);
  return count ? n("Start sync: 1 change", "Start sync: {n} changes", count) : t("Start first sync");
}

/** @param {any} run how a run is called while it works */
export function runTitle(run) {
  return run.kind === "preview" ? t("Preview, nothing is written") : t("First sync");
}

/** @param {any} run */
export function runCounts(run) {
  return [
    ["created", n("1 created", "{n} created", run.created ?? 0)], ["updated", n("1 updated", "{n} updated", run.updated ?? 0)],
    ["linked", n("1 linked", "{n} linked", run.linked ?? 0)], ["skipped", n("1 skipped", "{n} skipped", run.skipped ?? 0)],
    ["held", n("1 held", "{n} held", run.held ?? 0)], ["failed", n("1 failed", "{n} failed", run.failed ?? 0)],
  ].filter(([name]) => (run[name] ?? 0) > 0);
}

/** @param {any} run */
export function runLeft(run) {
  if (run.finished) return run.message?.text ?? (run.state === "cancelled" ? t("Stopped. What is done stays done.") : t("Done."));
  if (run.eta_seconds == null) return t("Reading both sides…");
  return n("About 1 minute left", "About {n} minutes left", Math.max(1, Math.ceil(run.eta_seconds / 60)));
}

/** @param {number} done @param {number} total */
export function doneOf(done, total) {
  return t("{done} of {total}", { done, total });
}

/** @param {number} count */
export function unsaved(count) {
  return n("1 change not saved.", "{n} changes not saved.", count);
}

/** @param {any} health */
export function stripTimes(health) {
  const last = health?.last_good_sync_at ? t("Last {time}", { time: stamp(health.last_good_sync_at) }) : t("Not synced yet");
  const next = health?.next_run_at ? t("Next {time}", { time: stamp(health.next_run_at) }) : "";
  return [last, next].filter(Boolean).join(" · ");
}

/** @param {string | null} iso */
export function lastGood(iso) {
  return iso ? moment(iso) : "–";
}

/** @param {string} name */
export function typeToConfirm(name) {
  return t("Type “{name}” to confirm", { name });
}
