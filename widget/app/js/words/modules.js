// @ts-check
/** What the modules, their switches and their scope are called. */
import { n, say, t } from "../i18n.js";
import { date, list } from "../format.js";
import { moduleName as nameOf, moduleOf } from "../modules.js";

/** CRM's own names of the modules. @param {string} key @param {string | null} [label] the name this CRM gave it */
export function moduleName(key, label = null) {
  return label ?? (key === "all" ? t("All modules") : nameOf(key));
}

/** What a module's records become in Xero. @param {string} key @param {string | null} [label] */
export const xeroName = (key, label = null) => moduleOf(key)?.partner() ?? label ?? "";

/** @param {string} group */
export function groupName(group) {
  return say({
    people: () => t("People and companies"), catalogue: () => t("Catalogue"), documents: () => t("Documents and money"),
  }, group) ?? group;
}

/** Why a direction does not exist. @param {string} key @param {string} direction @param {any} why */
export function impossible(key, direction, why) {
  const module = moduleOf(key);
  if (module?.closed && module.only !== direction) return module.closed();
  if (typeof why === "string" && why) return why;
  if (why?.text) return why.text;
  return direction === "to_xero" ? t("To CRM only") : t("To Xero only");
}

/** A switch as a narrow column calls it: it may break where its translation lets it. @param {string} name */
export function switchHead(name) {
  return say({
    allow: () => t("Allow"), create: () => t("Create"), update: () => t("Update"), delete: () => t("Delete"),
  }, name) ?? name;
}

/** @param {string} name */
export const switchName = (name) => switchHead(name).replaceAll("\u00ad", "");

/** @param {string} direction */
export const directionName = (direction) => (direction === "to_xero" ? t("To Xero") : t("To CRM"));

/** Rules for a field edited on both sides. @returns {[string, string][]} */
export function conflictRules() {
  return [["ask", t("Ask")], ["zoho", t("CRM wins")], ["xero", t("Xero wins")], ["newest", t("Latest edit")]];
}

/** @param {string} rule */
export const conflictRule = (rule) => conflictRules().find(([name]) => name === rule)?.[1] ?? rule;

/** What is in scope, first and second line. @param {any} held a module's settings @param {string} along what its records come along with, if with another module's @param {(field: string) => string} labelOf */
export function scopeLines(held, along, labelOf) {
  if (!held.enabled) return [t("Off")];
  if (along) return [along];
  const from = held.start_date ? fromDate(held.start_date) : "";
  const filters = held.filter ?? [];
  const first = filters.length === 1 ? conditionText(filters[0], labelOf) : filters.length ? n("1 filter", "{n} filters", filters.length) : "";
  if (from && first) return [from, first];
  if (from) return [from];
  return filters.length ? [n("1 filter", "{n} filters", filters.length), ...(filters.length === 1 ? [first] : [])] : [t("All records")];
}

/** @param {string} iso */
const fromDate = (iso) => t("From {date}", { date: date(iso) });

/** @returns {[string, string][]} */
export function operators() {
  return [
    ["eq", t("is")], ["ne", t("is not")], ["in", t("is one of")], ["not_in", t("is none of")], ["gt", t("is more than")], ["ge", t("is at least")],
    ["lt", t("is less than")], ["le", t("is at most")], ["empty", t("is empty")], ["not_empty", t("is filled")],
  ];
}

/** @param {any} condition @param {(field: string) => string} labelOf */
export function conditionText(condition, labelOf) {
  const op = operators().find(([name]) => name === condition.op)?.[1] ?? condition.op;
  const held = Array.isArray(condition.value) ? list(condition.value.map(String)) : condition.value === true ? t("Yes") : condition.value === false ? t("No") : String(condition.value ?? "");
  return [labelOf(condition.field), op, held].filter(Boolean).join(" ");
}

/** One line for a module on a narrow page. @param {any} held @param {any} row */
export function wayText(held, row) {
  if (!held.enabled) return t("Off");
  const [xero, crm] = [held.to_xero.allow && row.to_xero.possible, held.to_zoho.allow && row.to_zoho.possible];
  if (!xero && !crm) return t("Nothing crosses");
  if (!crm) return t("To Xero only");
  if (!xero) return t("To CRM only");
  if (!held.to_xero.delete && !held.to_zoho.delete) return t("Both ways, no delete");
  if (!held.to_zoho.delete) return t("Both ways, no delete to CRM");
  return held.to_xero.delete ? t("Both ways") : t("Both ways, no delete to Xero");
}
