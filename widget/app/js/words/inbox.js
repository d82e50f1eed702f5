// @ts-check
/** What the inboxes say. */
import { n, say, t } from "../i18n.js";
import { list, money } from "../format.js";
import { isOfPeople } from "../modules.js";
import { moduleName } from "./modules.js";

/** The line that says what a conflict is about. @param {any} row */
export function conflictAbout(row) {
  const fields = row.conflict?.fields ?? [];
  if (row.kind === "deleted_against_edited") return t("Deleted on one side, edited on the other");
  return fields.length ? list(fields.map((/** @type {any} */ field) => field.label)) : row.reason?.text ?? "";
}

/** @param {number} count */
export const fieldCount = (count) => n("1 field", "{n} fields", count);
/** @param {number} count */
export const recordCount = (count) => n("1 record", "{n} records", count);

/** @param {number} records @param {number} fields */
export const conflictTotal = (records, fields) => t("{records}, {fields}", { records: recordCount(records), fields: fieldCount(fields) });

/** @param {any} sums */
export const dueText = ({ due, currency }) => t("{amount} due", { amount: money(due, currency) });

/** @param {string} kind */
export function kindName(kind) {
  return say({
    ambiguous_match: () => t("Several partners"), name_taken: () => t("Name is taken"), deleted_against_edited: () => t("Deleted and edited"),
    archived: () => t("Archived"), over_delete_limit: () => t("Many deletions"), locked_period: () => t("Locked period"), totals_differ: () => t("Totals differ"),
    configuration: () => t("Set-up"), failed: () => t("Failed"), conflict: () => t("Conflict"),
  }, kind) ?? t("Other");
}

/** @param {any} row */
export function whichOne(row) {
  return isOfPeople(row.module) ? t("Which contact is {name}?", { name: row.label }) : t("Which record in Xero is {name}?", { name: row.label });
}

/** What a button of the card says. @param {string} action @param {string} module */
export function actionName(action, module) {
  const people = isOfPeople(module);
  return say({
    link: () => (people ? t("Link to this contact") : t("Link to this record")),
    create: () => (people ? t("Neither: create a new contact") : t("Neither: create a new record")),
    never: () => t("Never sync this record"), retry: () => t("Try again"), suffix: () => t("Create with a suffix"),
    restore: () => t("Restore it"), unarchive: () => t("Restore the contact in Xero"), delete: () => t("Delete on the other side too"),
    keep: () => t("Keep it"), give_up: () => t("Leave it as it is"),
  }, action) ?? action;
}

/** What a button means, for those that end something. @param {string} action */
export function actionMeaning(action) {
  return say({
    never: () => t("It is left alone on both sides until somebody sends it by hand."), delete: () => t("The record on the other side is deleted or archived, as its state allows."),
    keep: () => t("The record that is still there stays; the pair is parted."), give_up: () => t("No further attempt; the record counts as left alone."),
    restore: () => t("The deleted record is created again from the other side."), suffix: () => t("A number is put behind the name, because Xero wants each name once."),
  }, action);
}

/** One proof for or against a candidate. @param {any} proof */
export function proofText(proof) {
  const field = proof.label ?? proof.field;
  const verdict = proof.verdict ?? (proof.same === true ? "same" : proof.same === false ? "other" : "missing");
  if (verdict === "same") return { verdict, text: t("Same: {field}", { field }) };
  if (verdict === "missing") return { verdict, text: t("Missing: {field}", { field }) };
  return { verdict, text: proof.xero ? t("Other: {field}, {value}", { field, value: proof.xero }) : t("Other: {field}", { field }) };
}

/** How much a candidate is used. @param {any} uses */
export function usesText(uses) {
  if (!uses) return "";
  if (typeof uses === "string") return uses;
  if (uses.text) return uses.text;
  const count = Number(uses.invoices ?? uses.count ?? uses);
  return Number.isFinite(count) ? n("Used by 1 invoice.", "Used by {n} invoices.", count) : "";
}

/** @param {string} module */
export const ofModule = (module) => moduleName(module);
