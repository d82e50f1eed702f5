// @ts-check
/** What the list button's page says. */
import { n, say, t } from "./i18n.js";
import { count } from "./format.js";
import { moduleOf } from "./modules.js";
import { titleOf } from "./words.js";

/** @param {string} module @param {number} records */
export const chosenTitle = (module, records) => moduleOf(module)?.chosen?.(records) ?? n("1 record chosen", "{n} records chosen", records);

/** What the buttons do, before one is pressed. @param {string[]} allowed */
export function willDo(allowed) {
  if (!allowed.length) return "";
  const both = allowed.includes("both");
  if (both) return t("Sync now looks at each record on both sides and writes only what differs. A conflict is held for you, never overwritten.");
  return allowed.includes("to_xero") ? t("CRM’s values replace those in Xero for these records.") : t("Xero’s values replace those in CRM for these records.");
}

/** @param {{ success: number, held: number, failed: number, skipped: number, open: number }} counted @param {boolean} stopped */
export function resultTitle(counted, stopped) {
  const { success, held, failed, skipped, open } = counted;
  const all = success + held + failed + skipped + open;
  if (stopped) return t("Stopped. What is done stays done.");
  if (success === all) return n("1 record is the same on both sides.", "All {n} records are the same on both sides.", all);
  return t("{done} of {total} are the same on both sides.", { done: count(success), total: count(all) });
}

/** Why a run waits or could not go on, and what to do; nothing while it works and when it came to its end. @param {any} run */
export const runSays = (run) => (run && !["done", "cancelled"].includes(run.state) ? [run.message?.text, run.message?.fix].filter(Boolean).join(" ") : "");

/** @param {{ held: number, failed: number, skipped: number, open: number }} counted */
export function resultRest({ held, failed, skipped, open }) {
  return [
    held > 0 && n("1 waits for you.", "{n} wait for you.", held), failed > 0 && n("1 failed.", "{n} failed.", failed),
    skipped > 0 && n("1 was left alone.", "{n} were left alone.", skipped), open > 0 && n("1 was not reached.", "{n} were not reached.", open),
  ].filter(Boolean).join(" ");
}

/** @param {number} records */
export function tryAgain(records) {
  return n("Try 1 record again", "Try {n} records again", records);
}

/** What became of one record, else how it stands. @param {any} row */
export function rowWords(row) {
  return say({
    success: () => doneWords(row.operation), held: () => t("Held"), failed: () => t("Failed"), skipped: () => t("Left alone"),
  }, row.status ?? "") ?? titleOf({ state: row.state, reason: null });
}

/** @param {string} operation */
function doneWords(operation) {
  return say({
    create: () => t("Created"), update: () => t("Updated"), link: () => t("Linked"), delete: () => t("Deleted"),
    void: () => t("Voided"), archive: () => t("Archived"), none: () => t("Nothing to change"),
  }, operation) ?? t("Done");
}

/** @param {number} chosen */
export function tooMany(chosen) {
  return t("{n} records were chosen. At most 100 can go at once: choose fewer and press the button again.", { n: count(chosen) });
}
