// @ts-check
/** What a place of a mapping is called and what stands in it, where two people changed it. */
import { say, t } from "../i18n.js";
import { list } from "../format.js";
import { rowPartName } from "./changes.js";
import { flowNames, ownerNames, transformNames, whenNames } from "./mapping.js";

/** A place of a mapping: the row, what of it, and which of its values. @param {string[]} path @param {(name: string) => string} rowName */
export const mappingPlace = ([name, part, ...values], rowName) => [rowName(name), ...(part ? [rowPartName(part)] : []), ...values].join(" · ");

/** What stands in such a place. @param {string[]} path @param {any} value @param {{ fieldName: (side: string, field: string) => string, rule: string }} about */
export function mappingValue([, part], value, { fieldName, rule }) {
  if (!part) return value ? t("kept") : t("taken away");
  if (value === null || value === undefined || value === "") return part === "zoho" || part === "xero" ? t("Not synced") : t("(empty)");
  const named = (/** @type {[string, string][]} */ names) => names.find(([key]) => key === value)?.[1] ?? String(value);
  return say(/** @type {Record<string, any>} */ ({
    zoho: () => fieldName("zoho", value), xero: () => fieldName("xero", value), flow: () => named(flowNames()), on: () => named(whenNames()), owner: () => named(ownerNames(rule)),
    value_map: () => (typeof value === "object" ? list(Object.entries(value).map(([from, to]) => `${from} → ${to}`)) || t("(empty)") : String(value)),
    transform: () => list(value.map((/** @type {any} */ one) => transformNames().find(([op]) => op === one.op)?.[1] ?? one.op)),
  }), part) ?? String(value);
}
