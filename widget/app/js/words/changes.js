// @ts-check
/** What a change of the settings means, in one sentence per change. */
import { n, say, t } from "../i18n.js";
import { count, date, languageName, list } from "../format.js";
import { flowNames, whenNames } from "./mapping.js";
import { archiveRules, customerRules, invoiceStatuses, roundingRules } from "./maps.js";
import { conflictRule, conflictRules, moduleName } from "./modules.js";

/** @param {number} count */
export const unsaved = (count) => n("1 change not saved.", "{n} changes not saved.", count);

/** @param {import("../state/documents.js").Difference} change */
export function changeText({ path, after }) {
  const [root, module, ...rest] = path;
  if (root !== "modules") return settingName(path);
  return t("{module}: {change}", { module: moduleName(module), change: moduleChange(rest, after) });
}

/** @param {string[]} rest @param {any} after */
function moduleChange(rest, after) {
  const [name, inner] = rest;
  const on = Boolean(after);
  const words = say(/** @type {Record<string, any>} */ ({
    enabled: () => (on ? t("switched on.") : t("switched off.")),
    schedule: () => (on ? t("looked at by the schedule.") : t("no longer looked at by the schedule.")),
    conflict: () => t("a field edited on both sides: {rule}.", { rule: conflictRule(String(after)) }),
    start_date: () => (after ? t("in scope from {date}.", { date: date(after) }) : t("in scope from the beginning.")),
    filter: () => t("the filter changes."),
    to_xero: () => toXero(inner, on), to_zoho: () => toCrm(inner, on),
  }), name);
  return words ?? t("changed.");
}

/** @param {string} inner @param {boolean} on */
function toXero(inner, on) {
  return say({
    allow: () => (on ? t("records go to Xero.") : t("nothing goes to Xero any more.")),
    create: () => (on ? t("new records are created in Xero.") : t("new records are no longer created in Xero.")),
    update: () => (on ? t("updates go to Xero.") : t("updates no longer go to Xero.")),
    delete: () => (on ? t("deletions go to Xero.") : t("deletions no longer go to Xero.")),
  }, inner);
}

/** @param {string} inner @param {boolean} on */
function toCrm(inner, on) {
  return say({
    allow: () => (on ? t("records come to CRM.") : t("nothing comes to CRM any more.")),
    create: () => (on ? t("new records are created in CRM.") : t("new records are no longer created in CRM.")),
    update: () => (on ? t("updates come to CRM.") : t("updates no longer come to CRM.")),
    delete: () => (on ? t("deletions come to CRM.") : t("deletions no longer come to CRM.")),
  }, inner);
}

/** What a setting is called. @param {readonly string[]} path */
export function settingName([root, module, ...rest]) {
  if (root === "modules") return [moduleName(module), ...rest.map(partName)].join(" · ");
  return say({
    customers: () => t("Who the customers are"), invoice_status_on_create: () => t("Status of new invoices in Xero"),
    payment_account: () => t("Bank account for payments"), sales_account: () => t("Sales account"), purchases_account: () => t("Purchases account"),
    fallback_product: () => t("Product for lines without an item"), tax_map: () => t("Tax rates"), status_map: () => t("Statuses"),
    rounding: () => t("When totals differ by a cent"), unarchive: () => t("Archived contacts"), delete_limit: () => t("Limit for deletions"),
    attempts: () => t("Attempts"), suppress_zoho_automation: () => t("CRM workflows"), notify: () => t("Notices"), language: () => t("Language"),
  }, root) ?? root;
}

/** @param {string} part */
function partName(part) {
  return say({
    enabled: () => t("On"), schedule: () => t("Schedule"), conflict: () => t("Edited on both"), start_date: () => t("Start date"), filter: () => t("Filter"),
    to_xero: () => t("To Xero"), to_zoho: () => t("To CRM"), allow: () => t("Allow"), create: () => t("Create"), update: () => t("Update"), delete: () => t("Delete"),
  }, part) ?? part;
}

/** What a part of a mapping's row is called. @param {string} part */
export function rowPartName(part) {
  return say({
    flow: () => t("Direction"), on: () => t("When"), owner: () => t("Edited on both"), zoho: () => t("CRM field"), xero: () => t("Xero field"), value_map: () => t("Values"),
    transform: () => t("On its way"), fixed: () => t("Fixed value"),
  }, part) ?? part;
}

/** Settings whose values have names, by the last part of their path. @type {Record<string, () => [string, string][]>} */
const NAMED = {
  invoice_status_on_create: invoiceStatuses, rounding: roundingRules, unarchive: archiveRules, customers: customerRules,
  flow: flowNames, on: whenNames, conflict: conflictRules, owner: () => [["none", t("The module’s rule")], ...conflictRules()],
};

/** @param {string} value @param {string} part */
function named(value, part) {
  if (part === "language") return languageName(value);
  return say(NAMED, part)?.find(([name]) => name === value)?.[1] ?? null;
}

/** A value of a setting for people. @param {any} value @param {readonly string[]} [path] of the setting */
export function settingValue(value, path = []) {
  if (typeof value === "number") return count(value);
  const known = typeof value === "string" && named(value, path.at(-1) ?? "");
  if (known) return known;
  if (value === true) return t("On");
  if (value === false) return t("Off");
  if (value === null || value === undefined || value === "") return t("(empty)");
  if (Array.isArray(value)) return value.length && value.every((one) => typeof one === "string") ? list(value) : n("1 entry", "{n} entries", value.length);
  if (typeof value === "object") return n("1 entry", "{n} entries", Object.keys(value).length);
  return /^\d{4}-\d\d-\d\d$/.test(String(value)) ? date(String(value)) : conflictRule(String(value));
}
