// @ts-check
/** What frame, strip and notices of the settings page say. */
import { n, say, t } from "../i18n.js";
import { isToday, moment, stamp, time } from "../format.js";

/** @param {string} view */
export function viewName(view) {
  return say({
    guide: () => t("Set-up guide"), modules: () => t("Modules"), mapping: () => t("Field mapping"), maps: () => t("Tax and accounts"),
    log: () => t("Log"), conflicts: () => t("Conflicts"), attention: () => t("Attention"), health: () => t("Health"),
    notices: () => t("Notices"), configuration: () => t("Export and import"), connection: () => t("Connection"), preview: () => t("Preview"),
  }, view) ?? view;
}

/** How many wait behind a view. @param {string} view @param {number} count */
export function badgeText(view, count) {
  return view === "conflicts" ? n("1 conflict", "{n} conflicts", count) : n("1 record needs attention", "{n} records need attention", count);
}

/** @param {any} health */
export function lastGoodSync(health) {
  const at = health?.schedule?.last_good_sync_at ?? health?.last_good_sync_at;
  if (!at) return t("Not synced yet");
  return isToday(at) ? t("Last good sync {time}", { time: time(at) }) : t("Last good sync {date}", { date: moment(at) });
}

/** @param {any} health */
export function nextRun(health) {
  const at = health?.schedule?.next_run_at ?? health?.next_run_at;
  if (!at) return "";
  return isToday(at) ? t("Next at {time}", { time: time(at) }) : t("Next: {date}", { date: moment(at) });
}

/** The result of something, for a toast. @param {{ what: string, params: any }} toast */
export function toastText({ what, params }) {
  return say({
    saved: () => t("The settings are saved."), reset: () => t("The Xero connection is reset."),
    retrying: () => t("It is tried again now."), retrying_all: () => n("1 record is tried again.", "{n} records are tried again.", params.count),
    applied: () => t("{label} is being settled.", { label: params.label }), decided: () => t("{label} is being settled.", { label: params.label }),
    changed_meanwhile: () => t("{label} has changed meanwhile. Look again; nothing was sent.", { label: params.label }),
    settled_meanwhile: () => t("{label} was settled meanwhile by somebody else. Nothing was sent.", { label: params.label }),
    audit_started: () => t("The audit has started. It only reads."), mapping_saved: () => t("The mapping is saved."),
    imported: () => t("The configuration is imported."), restored: () => t("The earlier version is in force again."),
  }, what) ?? what;
}

/** @param {number} count */
export const firstSyncText = (count) => n("1 module still needs its first sync.", "{n} modules still need their first sync.", count);

/** @param {string | undefined} name */
export const leftTitle = (name) => (name ? t("Everything kept for {name} is erased", { name }) : t("Everything kept here is erased"));

/** @param {string | null} at */
export const offlineText = (at) => t("You see what was known at {time}. Buttons work again when the connection is back.", { time: time(at) });

/** Last and next sync on one line. @param {any} health */
export function stripTimes(health) {
  const last = health?.last_good_sync_at ? t("Last {time}", { time: stamp(health.last_good_sync_at) }) : t("Not synced yet");
  const next = health?.next_run_at ? t("Next {time}", { time: stamp(health.next_run_at) }) : "";
  return [last, next].filter(Boolean).join(" · ");
}
