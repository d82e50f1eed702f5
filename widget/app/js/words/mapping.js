// @ts-check
/** What the mapping says about fields, directions, rules and transforms. */
import { n, say, t } from "../i18n.js";
import { date, money } from "../format.js";

const SIZED = Object.freeze(["text", "string", "textarea", "email", "phone", "website"]);

/** @param {any} field one of the fields on offer */
export function typeText(field) {
  const kind = typeName(field?.type);
  const count = field?.choices?.length;
  if (count) return t("{type} · {count}", { type: kind, count });
  return field?.length && SIZED.includes(field.type) ? t("{type} · {count}", { type: kind, count: field.length }) : kind;
}

/** @param {string} type */
export function typeName(type) {
  return say({
    text: () => t("text"), textarea: () => t("long text"), string: () => t("text"), email: () => t("e-mail"), phone: () => t("phone"), website: () => t("web address"),
    date: () => t("date"), datetime: () => t("date and time"), boolean: () => t("yes or no"), picklist: () => t("pick list"), choice: () => t("pick list"), multiselectpicklist: () => t("pick list"),
    lookup: () => t("lookup"), link: () => t("link"), money: () => t("amount"), currency: () => t("amount"), number: () => t("number"), integer: () => t("number"), double: () => t("decimal"), decimal: () => t("decimal"),
    bigint: () => t("number"), percent: () => t("per cent"), tracking: () => t("tracking"), lines: () => t("lines"), subform: () => t("lines"), ownerlookup: () => t("lookup"), profileimage: () => t("picture"), fileupload: () => t("file"), autonumber: () => t("automatic number"), formula: () => t("formula"),
  }, String(type ?? "")) ?? String(type ?? "");
}

/** A value of the sample record. @param {any} field @param {any} [held] */
export function sampleText(field, held = field?.sample) {
  if (held === null || held === undefined || held === "") return "";
  if (typeof held === "object") return "";
  if (/^\d{4}-\d{2}-\d{2}$/.test(String(held))) return date(String(held));
  if (field.type === "money" || field.type === "currency") return money(String(held), null);
  if (typeof held === "boolean" || (field.type === "boolean" && /^(true|false)$/.test(held))) return String(held) === "true" ? t("Yes") : t("No");
  return String(held);
}

/** @returns {[string, string][]} */
export const flowNames = () => [["both", t("Both ways")], ["to_xero", t("To Xero")], ["to_zoho", t("To CRM")], ["off", t("Not synced")]];
/** @returns {[string, string][]} */
export const whenNames = () => [["always", t("Always")], ["create", t("On create")], ["empty", t("If empty")]];
/** @param {string} rule @returns {[string, string][]} */
export const ownerNames = (rule) => [["none", t("Rule: {rule}", { rule })], ["zoho", t("CRM wins")], ["xero", t("Xero wins")]];

/** @param {number} count */
export const valuesOpen = (count) => n("1 value open", "{n} values open", count);
/** @param {string[]} names @param {string} list */
export const stillOpen = (names, list) => n("1 value is still open: {list}.", "{n} values are still open: {list}.", names.length, { list });

/** @returns {[string, string][]} */
export function transformNames() {
  return [
    ["trim", t("Take blanks away")], ["upper", t("Capital letters")], ["lower", t("Small letters")], ["prefix", t("Put in front")],
    ["join", t("Join with another field")], ["split", t("Take one part")], ["date_shift", t("Move the date")], ["scale", t("Multiply")],
  ];
}

/** What a transform needs: name of the argument, kind of input, and its words. @param {string} op @returns {[string, string, string][]} */
export function transformArguments(op) {
  /** @type {Record<string, () => [string, string, string][]>} */
  const needs = {
    prefix: () => [["text", "text", t("Text in front")]],
    join: () => [["fields", "field", t("Field to join")], ["separator", "text", t("Written between")]],
    split: () => [["separator", "text", t("Cut at")], ["part", "number", t("Which part")]],
    date_shift: () => [["days", "number", t("Days")]],
    scale: () => [["factor", "text", t("Factor")]],
  };
  return Object.hasOwn(needs, op) ? needs[op]() : [];
}

/** @param {any} change an effect on one record */
export const effectSide = (change) => (change.side === "xero" ? t("in Xero") : t("in CRM"));
/** @param {number} count */
export const effectsTitle = (count) => n("What 1 record would get", "What {n} records would get", count);
/** @param {any} row */
export const versionText = (row) => t("Version {version}", { version: row.version });
