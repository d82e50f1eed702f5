// @ts-check
/** What previews and syncs say. */
import { n, say, t } from "../i18n.js";
import { time } from "../format.js";
import { moduleName } from "./modules.js";

/** @param {any} run */
export function runTitle(run) {
  if (run.kind === "preview") return run.module && run.module !== "all" ? t("Preview of {module}", { module: moduleName(run.module) }) : t("Preview");
  if (run.kind === "undo") return t("Undo");
  return run.module && run.module !== "all" ? t("Syncing {module}", { module: moduleName(run.module) }) : t("Syncing");
}

/** What a run is called once it is over. @param {any} run */
export function endedTitle(run) {
  if (run.kind !== "sync") return runTitle(run);
  return run.module && run.module !== "all" ? t("Sync of {module}", { module: moduleName(run.module) }) : t("Sync of all modules");
}

/** @param {number} changes @param {number} links */
export function startLabel(changes, links) {
  if (changes || !links) return n("Start sync: 1 change", "Start sync: {n} changes", changes);
  return n("Start sync: link 1 record", "Start sync: link {n} records", links);
}

/** @param {string} done @param {string} total */
export const doneOf = (done, total) => t("{done} of {total}", { done, total });

/** @param {any} run @param {Date} now */
export function runLeft(run, now) {
  if (run.state === "queued") return t("Waits for its turn.");
  if (run.eta_seconds === null || run.eta_seconds === undefined) return t("Reading both sides…");
  const left = n("About 1 minute left", "About {n} minutes left", Math.max(1, Math.ceil(run.eta_seconds / 60)));
  const at = time(new Date(now.getTime() + run.eta_seconds * 1000).toISOString());
  return t("{left}, done by {time}.", { left, time: at });
}

/** @param {any} run */
export function endText(run) {
  if (run.message?.text) return run.message.text;
  return say({ cancelled: () => t("Stopped. What is done stays done."), failed: () => t("It could not go on. What is done stays done."), partial: () => t("Done, except what is listed below.") }, run.state) ?? t("Done.");
}

/** @param {any} run @returns {[string, string][]} */
export function tallies(run) {
  const rows = /** @type {[string, string][]} */ ([
    ["created", n("1 created", "{n} created", run.created ?? 0)], ["updated", n("1 updated", "{n} updated", run.updated ?? 0)], ["linked", n("1 linked", "{n} linked", run.linked ?? 0)],
    ["deleted", n("1 deleted", "{n} deleted", run.deleted ?? 0)], ["skipped", n("1 skipped", "{n} skipped", run.skipped ?? 0)], ["held", n("1 held", "{n} held", run.held ?? 0)], ["failed", n("1 failed", "{n} failed", run.failed ?? 0)],
  ]);
  return rows.filter(([name]) => Number(run[name] ?? 0) > 0);
}

/** @param {string} operation @param {string} direction */
export function operationName(operation, direction) {
  const crm = direction === "to_zoho";
  return say({
    create: () => (crm ? t("Create in CRM") : t("Create in Xero")), update: () => (crm ? t("Update in CRM") : t("Update in Xero")),
    delete: () => (crm ? t("Delete in CRM") : t("Delete in Xero")), void: () => t("Void in Xero"), archive: () => t("Archive in Xero"),
    link: () => t("Link, already equal"), restore: () => t("Restored"), none: () => t("Nothing is sent"),
  }, operation) ?? operation;
}

/** @param {number} records @param {number} changes */
export function previewTitle(records, changes) {
  const looked = n("1 record", "{n} records", records);
  const planned = n("1 change", "{n} changes", changes);
  return t("{records}, {changes}", { records: looked, changes: planned });
}

/** @param {number} count */
export const callsText = (count) => n("1 Xero call.", "{n} Xero calls.", count);
/** @param {number} minutes */
export const minutesText = (minutes) => n("About 1 minute.", "About {n} minutes.", Math.max(1, minutes));
/** @param {number} count */
export const ambiguousText = (count) => n("1 record waits for a decision.", "{n} records wait for a decision.", count);
/** @param {number} count */
export const heldText = (count) => n("1 record is held and shown. It is not sent.", "{n} records are held and shown. They are not sent.", count);
/** @param {number} count */
export const movedText = (count) => n("1 record changed since the preview. It is marked below.", "{n} records changed since the preview. They are marked below.", count);
/** @param {any} confirm */
export const deletionsText = ({ deletions, limit }) => t("This run would delete {deletions} records, more than {limit} per cent. Nothing has been deleted yet.", { deletions, limit });
