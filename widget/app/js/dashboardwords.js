// @ts-check
/** What the dashboard says. */
import { n, say, t } from "./i18n.js";
import { count, dayAndMonth, decimal, list, money, moment, stamp } from "./format.js";
import { moduleName } from "./modules.js";

/** How a sync of everything ended. @param {string} state */
export function syncResult(state) {
  if (state === "done") return t("The sync is done.");
  return state === "cancelled" ? t("The sync was stopped.") : t("The sync did not finish; the last runs say why.");
}

/** @param {number} inSync @param {number} all */
export function inScope(inSync, all) {
  return n("of 1 record in scope", "of {n} records in scope", all, { done: inSync });
}

/** The bar of all records, in one sentence. @param {Record<string, number>} states */
export function statesSentence(states) {
  return t("In sync: {in_sync}. Waiting: {pending}. Conflicts: {conflict}. Needs attention: {needs_attention}.", {
    in_sync: count(states.in_sync), pending: count(states.pending), conflict: count(states.conflict),
    needs_attention: count(states.needs_attention),
  });
}

/** @param {number} records @param {number} causes */
export function neededBy(records, causes) {
  return `${n("1 record", "{n} records", records)}, ${n("1 cause", "{n} causes", causes)}`;
}

/** "Invoices 4 · Accounts 1". @param {Record<string, number>} modules */
export function perModule(modules) {
  return Object.entries(modules).sort(([, one], [, other]) => other - one)
    .map(([key, value]) => `${moduleName(key)} ${count(value)}`).join(" · ");
}

/** @param {any} cause */
export function causeTitle(cause) {
  if (cause.state === "conflict") return t("Edited on both sides");
  return cause.message?.text || t("Needs attention");
}

/** @param {{ from: number | null, to: number | null }} age */
export function ageName({ from, to }) {
  if (from === null) return t("Not yet due");
  return to === null ? t("More than {days} days late", { days: count(from - 1) })
    : t("{from} to {to} days late", { from: count(from), to: count(to) });
}

/** How late what is owed is, in one sentence. @param {any[]} ageing @param {string} currency */
export function ageSentence(ageing, currency) {
  return list(ageing.filter((age) => age.count > 0).map((age) => t("{action}: {reason}", { action: ageName(age), reason: money(age.amount, currency) })));
}

/** @param {any} owed */
export function daysToPay(owed) {
  if (owed.days_to_pay === null) return t("How long customers take to pay shows once an invoice is paid.");
  return n("Customers pay after {days} days on average (1 paid invoice, last 12 months).",
    "Customers pay after {days} days on average ({n} paid invoices, last 12 months).",
    owed.days_to_pay_of, { days: decimal(owed.days_to_pay) });
}

/** @param {number} others */
export function otherCustomers(others) {
  return n("1 other customer", "{n} other customers", others);
}

/** @param {string} amount @param {string} currency */
export function overdueAmount(amount, currency) {
  return t("{amount} overdue", { amount: money(amount, currency) });
}

/** @param {any[]} days */
export function daysSentence(days) {
  const sum = (/** @type {string} */ name) => days.reduce((all, day) => all + day[name], 0);
  return t("Last 14 days. Done: {done}. Held: {held}. Failed: {failed}.", {
    done: count(sum("done")), held: count(sum("held")), failed: count(sum("failed")),
  });
}

/** How the line of records in sync runs. @param {{ day: string, in_sync: number }[]} stands */
export function inSyncSentence(stands) {
  const [first, last] = [stands[0], stands[stands.length - 1]];
  return t("In sync: {before} on {first}, {now} on {last}.", {
    before: count(first.in_sync), first: dayName(first.day), now: count(last.in_sync), last: dayName(last.day),
  });
}

/** How many waited and needed somebody at both ends. @param {{ day: string, waiting: number, needed: number }[]} stands */
export function openSentence(stands) {
  const [first, last] = [stands[0], stands[stands.length - 1]];
  const days = { first: dayName(first.day), last: dayName(last.day) };
  return [
    t("Waiting: {before} on {first}, {now} on {last}.", { ...days, before: count(first.waiting), now: count(last.waiting) }),
    t("Needs you: {before} on {first}, {now} on {last}.", { ...days, before: count(first.needed), now: count(last.needed) }),
  ].join(" ");
}

/** @param {string} key @param {Record<string, number>} states */
export function moduleSentence(key, states) {
  return `${moduleName(key)}. ${statesSentence(/** @type {any} */ (states))}`;
}

/** What a run was about. @param {any} run */
export function runWhat(run) {
  const kind = say({
    preview: () => t("Preview"), sync: () => t("Bulk sync"), undo: () => t("Undo"), audit: () => t("Drift audit"),
    sweep: () => t("Schedule"),
  }, run.kind) ?? t("Bulk sync");
  const what = run.module === "all" ? t("All modules") : moduleName(run.module);
  return [kind, what, run.by].filter(Boolean).join(" · ");
}

/** State, tone and words of a run's end. @param {any} run @returns {[string, string]} */
export function runResult(run) {
  if (run.state === "failed") return ["blocked", t("Failed")];
  if (run.state === "cancelled") return ["quiet", t("Stopped")];
  if (run.state !== "done") return ["busy", t("Running")];
  if (run.failed > 0) return ["blocked", n("1 failed", "{n} failed", run.failed)];
  if (run.held > 0) return ["decide", n("1 held", "{n} held", run.held)];
  return ["ok", t("Done")];
}

/** What a run has done so far, in words by kind. @param {any} run @returns {[string, string][]} */
export function runCounts(run) {
  const words = /** @type {[string, string][]} */ ([
    ["created", n("1 created", "{n} created", run.created ?? 0)], ["updated", n("1 updated", "{n} updated", run.updated ?? 0)],
    ["linked", n("1 linked", "{n} linked", run.linked ?? 0)], ["skipped", n("1 skipped", "{n} skipped", run.skipped ?? 0)],
    ["held", n("1 held", "{n} held", run.held ?? 0)], ["failed", n("1 failed", "{n} failed", run.failed ?? 0)],
  ]);
  return words.filter(([name]) => (run[name] ?? 0) > 0);
}

/** @param {any} run */
export function runLeft(run) {
  if (run.eta_seconds == null) return t("Reading both sides…");
  return n("About 1 minute left", "About {n} minutes left", Math.max(1, Math.ceil(run.eta_seconds / 60)));
}

/** @param {number} done @param {number} total */
export function doneOf(done, total) {
  return t("{done} of {total}", { done: count(done), total: count(total) });
}

/** @param {any} health */
export function lastGoodSync(health) {
  return health?.last_good_sync_at ? t("Last good sync {time}", { time: stamp(health.last_good_sync_at) }) : t("Not synced yet");
}

/** @param {any} health */
export function nextSync(health) {
  return health?.next_run_at ? t("Next at {time}", { time: stamp(health.next_run_at) }) : "";
}

/** How long a run took, "0:05" or "1:02:10". @param {any} run */
export function runTook(run) {
  if (!run.started_at || !run.finished_at) return "–";
  const seconds = Math.max(0, Math.round((Date.parse(run.finished_at) - Date.parse(run.started_at)) / 1000));
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** @param {{ left: number, limit: number | null }} budget */
export function budgetLeft({ left, limit }) {
  return limit === null ? t("{left} left", { left: count(left) })
    : t("{left} of {limit} left", { left: count(left), limit: count(limit) });
}

/** @param {string} iso a calendar day */
export const dayName = dayAndMonth;

/** @param {string | null} iso */
export function asOfTime(iso) {
  return iso ? t("As of {time}", { time: stamp(iso) }) : "";
}

/** @param {string} iso */
export function auditedAt(iso) {
  return t("Checked {time}", { time: moment(iso) });
}

/** @param {number} differences */
export function auditResult(differences) {
  return differences ? n("1 difference", "{n} differences", differences) : t("No difference");
}
