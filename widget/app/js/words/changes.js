// @ts-check
/** What a change of the settings means, in one sentence per change. */
import { n, say, t } from "../i18n.js";
import { count, date, languageName, list } from "../format.js";
import { flowNames, whenNames } from "./mapping.js";
import { taxAt } from "../state/entries.js";
import { archiveRules, customerRules, invoiceStatuses, roundingRules, taxName } from "./maps.js";
import { conditionText, conflictRule, conflictRules, moduleName } from "./modules.js";

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

/** Without what the page has read, a code stands for itself. @type {any} */
const UNKNOWN = { account: String, rate: String, product: String, status: (/** @type {string} */ _, /** @type {string} */ xero) => xero, field: () => (/** @type {string} */ path) => path.replaceAll("_", " ") };

/** What a setting is called. @param {readonly string[]} path @param {any} [known] names behind codes */
export function settingName(path, known = UNKNOWN) {
  const [root, ...rest] = path;
  if (root === "modules") return [moduleName(rest[0]), ...rest.slice(1).map(partName)].join(" · ");
  const within = say(/** @type {Record<string, any>} */ ({
    tax_map: () => taxPlace(rest), notify: () => rest.filter((part) => !/^\d+$/.test(part)).map((part) => say({ crm_task: () => t("Task in CRM"), emails: () => t("E-mail") }, part) ?? part),
    status_map: () => [moduleName(rest[0]), ...rest.slice(1).map((xero) => known.status(rest[0], xero))],
  }), rest.length ? root : "");
  return [rootName(root), ...(within ?? [])].join(" · ");
}

/** A tax of the map, by its key; a list without keys has none. @param {string[]} rest */
function taxPlace([key]) {
  const { name, percentage, use } = taxAt(key);
  if (!percentage) return [];
  return [taxName({ name, percentage }), ...(use === "purchases" ? [t("on purchases")] : [])];
}

/** @param {string} root */
function rootName(root) {
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

/** A code of another system, or a structure, in its words; null for anything else. @param {any} value @param {readonly string[]} path @param {any} known */
function meant(value, [root, module, ...rest], known) {
  if (value === null || value === undefined || value === "") return null;
  if (["sales_account", "purchases_account", "payment_account"].includes(root)) return known.account(value);
  if (root === "fallback_product") return known.product(value);
  if (root === "tax_map" && Array.isArray(value)) return value.length ? list(value.map((row) => (module ? known.rate(row.xero) : `${taxName(row.zoho)}: ${known.rate(row.xero)}`))) : t("(empty)");
  if (root === "modules" && rest.at(-1) === "filter") return value.length ? list(value.map((/** @type {any} */ one) => conditionText(one, known.field(module)))) : t("All records");
  if (root === "status_map" && typeof value === "object") return list(Object.entries(value).map(([xero, status]) => `${known.status(module, xero)}: ${status}`)) || t("(empty)");
  return null;
}

/** A value of a setting for people. @param {any} value @param {readonly string[]} [path] of the setting @param {any} [known] names behind codes */
export function settingValue(value, path = [], known = UNKNOWN) {
  const says = meant(value, path, known) ?? (typeof value === "string" ? named(value, path.at(-1) ?? "") : null);
  if (says) return says;
  if (typeof value === "number") return count(value);
  if (value === true) return t("On");
  if (value === false) return t("Off");
  if (value === null || value === undefined || value === "") return t("(empty)");
  if (Array.isArray(value)) return value.length && value.every((one) => typeof one === "string") ? list(value) : n("1 entry", "{n} entries", value.length);
  if (typeof value === "object") return n("1 entry", "{n} entries", Object.keys(value).length);
  return /^\d{4}-\d\d-\d\d$/.test(String(value)) ? date(String(value)) : String(value);
}
