// @ts-check
/** What the log says about an attempt. */
import { say, t } from "../i18n.js";
import { date, isToday, moment } from "../format.js";
import { eventTitle, startedBy } from "../words.js";

/** @param {string} status */
export function statusName(status) {
  return say({
    success: () => t("Done"), held: () => t("Held"), failed: () => t("Failed"), skipped: () => t("Skipped"),
  }, status) ?? status;
}

/** @param {string} days */
export function spanName(days) {
  return say({
    1: () => t("Last 24 hours"), 7: () => t("Last 7 days"), 30: () => t("Last 30 days"), 400: () => t("Everything"),
  }, days) ?? days;
}

/** The line below a record's name. @param {any} row */
export function reasonLine(row) {
  const by = startedBy(row);
  const title = eventTitle(row).replace(/[.。]$/, "");
  return by ? t("{reason} · {trigger}", { reason: title, trigger: by }) : title;
}

/** The heading of a day. @param {string} iso */
export function dayName(iso) {
  const day = date(iso.slice(0, 10));
  if (isToday(iso)) return t("Today, {date}", { date: day });
  const spoken = moment(iso);
  return spoken.includes(day) ? day : t("Yesterday, {date}", { date: day });
}

/** How it came to this, step by step. @param {any} row @returns {[string, string][]} icon and sentence */
export function storyOf(row) {
  /** @type {[string, string][]} */
  const story = [];
  const by = startedBy({ ...row, attempt: 1 });
  if (by) story.push([row.trigger === "click" ? "hand" : "start", by]);
  if (row.operation === "link") story.push(["link", t("Matched with a record on the other side")]);
  else if (row.xero_id && row.zoho_id && row.operation !== "create") story.push(["link", t("Matched by its existing link")]);
  const count = row.changes?.length ?? 0;
  if (count) story.push(["swap", row.direction === "to_xero" ? t("Changed in CRM") : row.direction === "to_zoho" ? t("Changed in Xero") : t("Changed on both sides, merged")]);
  if (row.attempt > 1) story.push(["again", t("Attempt {count}", { count: row.attempt })]);
  const last = say({
    success: () => (row.operation === "none" ? t("Nothing had to be written") : t("Written, and the answer stored")),
    held: () => t("Held before anything was written"), failed: () => t("Refused; nothing else was touched"), skipped: () => t("Left alone on purpose"),
  }, row.status);
  if (last) story.push([row.status, last]);
  if (row.next_attempt_at) story.push(["clock", t("Next attempt {time}", { time: moment(row.next_attempt_at) })]);
  return story;
}
