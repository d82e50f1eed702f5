// @ts-check
/** Whole sentences per module and state: a noun is never put into a slot. */
import { n, say, t } from "./i18n.js";
import { date, isToday, list, moment, money, stamp, time } from "./format.js";
import { moduleOf } from "./modules.js";

/** "This invoice is not in Xero yet." @param {string} module */
export const notInXero = (module) => moduleOf(module)?.absent?.() ?? t("This record is not in Xero yet.");

/** What the first *Send to Xero* does. @param {string} module */
export const whatSendingCreates = (module) => moduleOf(module)?.sending?.() ?? t("Sending it links the record Xero already has, or creates one.");

/** @param {string} module */
export const alwaysDecide = (module) => moduleOf(module)?.always?.() ?? t("Always decide these fields this way");

/** Which view of the record rules: a broken connection comes before everything. @param {any} record */
export function viewOf(record) {
  if (record.connection && record.connection !== "connected") return "disconnected";
  return record.state;
}

/** @param {any} record @param {string | null} direction of the click under way, if any */
export function titleOf(record, direction = null) {
  switch (viewOf(record)) {
    case "disconnected":
      return record.organisation ? t("Xero is disconnected") : t("Xero is not connected yet");
    case "in_sync": return t("In sync");
    case "pending": return t("Waiting");
    case "syncing": return busyTitle(direction);
    case "conflict": {
      const count = record.conflict?.fields?.length ?? 0;
      return count ? n("Conflict in 1 field", "Conflict in {n} fields", count) : t("Conflict");
    }
    case "needs_attention": return t("Needs attention");
    case "excluded": return excludedTitle(record.reason);
    default: return t("Not in Xero");
  }
}

/** @param {string | null} direction */
export function busyTitle(direction) {
  if (direction === "to_xero") return t("Sending to Xero…");
  if (direction === "to_zoho") return t("Getting from Xero…");
  return t("Synchronising…");
}

/** What became of a click whose answer did not come. @param {"nothing" | "unknown" | "goes_on"} fate */
export function fateOf(fate) {
  if (fate === "goes_on") return t("It was accepted and goes on by itself; this page shows it when it is done.");
  if (fate === "unknown") return t("It is not known whether this click arrived. Pressing again is safe: nothing is done twice.");
  return t("Nothing was changed by this click.");
}

/** @param {any} reason */
function excludedTitle(reason) {
  const why = String(reason?.text ?? "").replace(/[.。]$/, "");
  return why && why.length <= 70 ? t("Out of scope: {reason}", { reason: why }) : t("Out of scope");
}

/** One sentence below the title. @param {any} record */
export function sentenceOf(record) {
  switch (viewOf(record)) {
    case "disconnected": return disconnectedSentence(record);
    case "in_sync":
      return record.money ? t("CRM and Xero agree to the cent.") : t("CRM and Xero agree.");
    case "pending": return pendingSentence(record);
    case "syncing": return t("You can go on working in CRM meanwhile.");
    case "conflict": return conflictSentence(record.conflict);
    case "needs_attention":
      return record.xero ? t("CRM and Xero differ until this is settled.") : notInXero(record.module);
    case "excluded": {
      const shown = excludedTitle(record.reason) !== t("Out of scope");
      return (shown ? record.reason?.fix : record.reason?.text) ?? t("This record is left alone on purpose.");
    }
    default: return notInXero(record.module);
  }
}

/** @param {any} record */
function disconnectedSentence(record) {
  const waits = record.waiting > 0
    ? n("Nothing is lost: 1 change to this record waits.", "Nothing is lost: {n} changes to this record wait.", record.waiting)
    : t("Nothing is lost.");
  if (!record.organisation) return notInXero(record.module);
  if (!record.disconnected_at) return waits;
  const since = t("Since {time}.", { time: moment(record.disconnected_at) });
  return `${since} ${waits}`;
}

/** @param {any} record */
function pendingSentence(record) {
  if (record.attempts > 0) {
    return t("Attempt {done} of {most} did not work. The next one comes by itself.", {
      done: record.attempts, most: record.max_attempts,
    });
  }
  if (record.waiting > 0) {
    return n("1 change goes over with the next check.", "{n} changes go over with the next check.", record.waiting);
  }
  return t("It goes over with the next check.");
}

/** @param {any} conflict */
function conflictSentence(conflict) {
  const since = (conflict?.fields ?? [])
    .map((/** @type {any} */ field) => field.agreed_at).filter(Boolean).sort().at(-1);
  const keeps = t("Nothing is overwritten until you choose.");
  if (!since) return `${t("Edited on both sides.")} ${keeps}`;
  const at = isToday(since) ? time(since) : moment(since);
  const edited = isToday(since)
    ? t("Edited on both sides since {time}.", { time: at })
    : t("Edited on both sides since {date}.", { date: at });
  return `${edited} ${keeps}`;
}

/** Why and what to do, for the states that have a remedy. @param {any} record @param {boolean} admin */
export function remedyOf(record, admin) {
  const { reason } = record;
  if (viewOf(record) !== "disconnected") {
    const wanted = ["needs_attention", "pending", "not_linked"].includes(record.state);
    return wanted && reason?.text ? { why: reason.text, fix: reason.fix, params: reason.params ?? {} } : null;
  }
  const name = record.organisation?.name;
  if (!name) {
    return { why: t("No Xero organisation is connected to this CRM."), fix: firstConnection(admin), params: {} };
  }
  return {
    why: reason?.text ?? t("Xero no longer accepts the access it gave."),
    fix: admin
      ? t("Reconnect the organisation {name}. Sync resumes where it stopped.", { name })
      : t("Ask an administrator of your CRM to reconnect {name}. Sync resumes where it stopped.", { name }),
    params: {},
  };
}

/** @param {boolean} admin */
function firstConnection(admin) {
  return admin
    ? t("Connect one. Nothing is written before you accept a preview.")
    : t("Ask an administrator of your CRM to connect one.");
}

/** @param {string} direction */
export function actionLabel(direction) {
  if (direction === "to_xero") return t("Send to Xero");
  if (direction === "to_zoho") return t("Get from Xero");
  return t("Sync now");
}

/** What a click will do, for people who hear the page. @param {string} direction */
export function actionMeaning(direction) {
  if (direction === "to_xero") return t("CRM’s values replace those in Xero for this record.");
  if (direction === "to_zoho") return t("Xero’s values replace those in CRM for this record.");
  return t("Changes on either side go to the other.");
}

/**
 * What the buttons on offer will write, before one is pressed: fields by name where they are known.
 * @param {any} record @param {string[]} directions @param {any} plan what the service foresees, if it has answered
 */
export function willWrite(record, directions, plan) {
  if (!directions.length) return "";
  if (!record.links?.length) return goesFirst(record, plan);
  if (plan?.unread?.length) return t("A change was reported; which fields it concerns shows when both sides are read.");
  const said = directions.map((direction) => writes(direction, plan?.directions?.[direction])).filter(Boolean);
  if (said.length) return said.join(" ");
  if (!plan) return directions.length === 1 ? actionMeaning(directions[0]) : "";
  return t("No difference is known. A click reads both sides and writes only what differs.");
}

/** @param {string} direction @param {{ xero: string[], zoho: string[], decide: string[] } | undefined} expected */
function writes(direction, expected) {
  const { xero = [], zoho = [], decide = [] } = expected ?? {};
  const action = actionLabel(direction);
  const asks = decide.length ? t("You decide {fields}, changed on both sides.", { fields: list(decide) }) : "";
  const does = xero.length && zoho.length ? t("{action} writes {fields} to Xero and {others} to CRM.", { action, fields: list(xero), others: list(zoho) })
    : xero.length ? t("{action} writes {fields} to Xero.", { action, fields: list(xero) })
      : zoho.length ? t("{action} writes {fields} to CRM.", { action, fields: list(zoho) }) : "";
  return [does, asks].filter(Boolean).join(" ");
}

/** The records that cross before a new one. @param {any} record @param {any} plan */
function goesFirst(record, plan) {
  const first = (plan?.first ?? []).map((/** @type {any} */ one) => one.label).filter(Boolean);
  return first.length ? t("First go {names}, then this record.", { names: list(first) }) : "";
}

/** The outcome of a click, in words. @param {any} record @param {string} direction */
export function resultOf(record, direction) {
  if (record.state === "conflict") return t("Both sides were edited. Choose below.");
  if (record.state !== "in_sync") return null;
  if (record.last_change?.operation === "none") return t("Nothing had to change.");
  const number = record.links?.[0]?.xero_number ?? record.label;
  if (direction === "to_xero") return t("{number} is now in Xero.", { number });
  if (direction === "to_zoho") return t("{number} is now as in Xero.", { number });
  return t("{number} is now the same on both sides.", { number });
}

/** @param {any} paid @param {string} amount */
export function lastPayment(paid, amount) {
  return t("Last payment: {amount} on {date}", { amount, date: date(paid.date) });
}

/** @param {string} day */
export function dueOn(day) {
  return t("due {date}", { date: date(day) });
}

/** @param {string} day */
export function overdueSince(day) {
  return t("Overdue since {date}", { date: date(day) });
}

/** @param {number} more */
export function moreOpen(more) {
  return n("and 1 more", "and {n} more", more);
}

/** Who or what started it. @param {any} row a log row */
export function startedBy(row) {
  const person = row.trigger_by;
  const words = say({
    click: () => (person ? t("{name} clicked", { name: person }) : t("By a click")),
    webhook: () => (row.direction === "to_xero" ? t("CRM reported it") : t("Xero reported it")),
    schedule: () => t("Found by the regular check"),
    bulk: () => (person ? t("Bulk sync by {name}", { name: person }) : t("Bulk sync")),
    retry: () => t("Tried again"),
  }, row.trigger) ?? "";
  if (!(row.attempt > 1)) return words;
  const attempt = t("attempt {count}", { count: row.attempt });
  return words ? `${words}, ${attempt}` : attempt;
}

/** @param {any} row a log row */
export function eventTitle(row) {
  const said = row.message?.text;
  if (said) return said;
  if (row.operation === "create") return row.direction === "to_zoho" ? t("Created in CRM") : t("Created in Xero");
  if (row.operation === "link") return t("Linked to Xero");
  const fields = (row.changes ?? []).map((/** @type {any} */ change) => change.label ?? change.field);
  if (fields.length) return list(fields);
  return say({
    update: () => t("Updated"), delete: () => t("Deleted"), void: () => t("Voided"), archive: () => t("Archived"),
  }, row.operation) ?? t("Nothing to change");
}

/** A stored value as people write it. @param {string | boolean | null} value @param {string} type @param {string | null | undefined} currency */
export function valueText(value, type, currency) {
  if (value === null || value === undefined || value === "") return null;
  if (type === "money") return money(String(value), currency);
  if (type === "date") return date(String(value));
  if (type === "boolean") return String(value).toLowerCase() === "true" ? t("Yes") : t("No");
  return String(value);
}

/** @param {string | null | undefined} iso */
export function checkedAt(iso) {
  return iso ? t("Checked {time}", { time: stamp(iso) }) : "";
}

/** @param {any} record */
export function nextCheck(record) {
  if (viewOf(record) === "disconnected") return t("Sync paused");
  if (!record.next_check_at) return "";
  return isToday(record.next_check_at)
    ? t("Next check {time}", { time: time(record.next_check_at) })
    : t("Next check {date}", { date: moment(record.next_check_at) });
}

/** @param {string} kind */
export function moneyRowKind(kind) {
  return say({
    payment: () => t("Payment"), credit_note: () => t("Credit note"),
    overpayment: () => t("Overpayment"), prepayment: () => t("Prepayment"),
    refund: () => t("Refund"),
  }, kind) ?? t("Allocation");
}

/** @param {any} money the record's money */
export function dueDate({ due_date: due, overdue }) {
  return overdue ? t("Overdue since {date}", { date: date(due) }) : t("on {date}", { date: date(due) });
}

/** @param {string | null} value */
export function lastAgreed(value) {
  return value === null ? t("Last agreed: nothing") : t("Last agreed: {value}", { value });
}

/** @param {{ due: string | null, currency: string }} sums */
export function amountDue({ due, currency }) {
  return t("{amount} due", { amount: money(due, currency) });
}

/** @param {string} iso */
export function figuresMayHaveChanged(iso) {
  return t("Figures as of {time}. They may have changed in Xero since.", { time: stamp(iso) });
}

/** @param {string | null} iso */
export function figuresAsOf(iso) {
  return t("Figures as of {time}.", { time: stamp(iso) });
}

/** @param {string | null} iso */
export function offlineSince(iso) {
  return t("You are offline. As of {time}.", { time: stamp(iso) });
}

/** @param {string} iso */
export function editedAt(iso) {
  return t("Edited {time}", { time: moment(iso) });
}

/** @param {string} iso */
export function asOf(iso) {
  return t("As of {time}", { time: moment(iso) });
}

/** The name of the page for people who hear it. @param {string | undefined} name */
export function pageName(name) {
  return name ? t("{name} and Xero", { name }) : t("Xero");
}

/** One proof for or against a candidate. @param {any} proof */
export function evidence({ field, label, verdict }) {
  const name = label ?? field;
  if (verdict === "same") return t("Same: {field}", { field: name });
  if (verdict === "missing") return t("Missing: {field}", { field: name });
  return t("Other: {field}", { field: name });
}

/** Why a direction is not on offer. @param {string} direction @param {any} why */
export function denial(direction, why) {
  return t("{action}: {reason}", { action: actionLabel(direction), reason: why.text });
}
