// @ts-check
/** What the health view says. */
import { n, say, t } from "../i18n.js";
import { isToday, moment, time } from "../format.js";

/** @param {string} name */
export function stateName(name) {
  return say({
    in_sync: () => t("In sync"), pending: () => t("Waiting"), conflict: () => t("Conflicts"), failing: () => t("Needs attention"), excluded: () => t("Out of scope"),
  }, name) ?? name;
}

/** @param {string} side @param {string} span */
export function meterName(side, span) {
  return say({
    "xero-minute": () => t("Xero, this minute"), "xero-day": () => t("Xero, today"), "zoho-credits": () => t("Zoho CRM, credits"), "zoho-day": () => t("Zoho CRM, today"),
  }, `${side}-${span}`) ?? `${side} ${span}`;
}

/** @param {string} left @param {string} limit */
export const leftOf = (left, limit) => t("{left} of {limit} left", { left, limit });

/** @param {string | null} at */
export function resetAt(at) {
  if (!at) return "";
  return isToday(at) ? t("Starts anew at {time}.", { time: time(at) }) : t("Starts anew: {date}.", { date: moment(at) });
}

/** Calls to Xero in a day without changes, which are more while nobody tells us of changes. @param {any} bill @param {any} hooks @returns {number | null} */
export function idleCalls(bill, hooks) {
  const count = hooks?.proven === false ? bill?.without_webhooks_per_day ?? bill?.idle_per_day : bill?.idle_per_day;
  return count === undefined || count === null ? null : Number(count);
}

/** @param {number} count */
export const perDay = (count) => n("About 1 call a day while nothing changes.", "About {n} calls a day while nothing changes.", count);

/** @param {string} state */
export function channelState(state) {
  return say({
    active: () => t("Listening"), live: () => t("Listening"), short: () => t("Is renewed soon"), lost: () => t("Not accepted"), open: () => t("Listening"), expired: () => t("Expired"), expiring: () => t("Is renewed soon"), failed: () => t("Not accepted"), missing: () => t("Not set up"), off: () => t("Off"),
  }, state) ?? state;
}

/** How the schedule makes up for messages. @param {number | undefined} minutes between two looks; unknown while the service does not say */
export function scheduleFinds(minutes) {
  if (!minutes) return t("What a message misses, the schedule finds.");
  return n("What a message misses, the schedule finds: it looks at both sides every minute.", "What a message misses, the schedule finds: it looks at both sides every {n} minutes.", minutes);
}

/** @param {any} finding */
export const findingText = (finding) => finding?.message?.text ?? finding?.text ?? finding?.message ?? String(finding?.key ?? "");
