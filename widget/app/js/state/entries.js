// @ts-check
/**
 * Lists of the settings whose entries have names of their own: the rates by tax and use, the
 * addresses by themselves. So two people's entries merge, and a difference says which entry it is.
 */
import { taxKey } from "./maps.js";

const AT = /^(.*) (\S+) \/ (\w*)$/s;

/** @param {any} row of the tax map */
const rateKey = (row) => `${taxKey(row.zoho)} / ${row.use ?? ""}`;

/** The tax and the use that such a key names. @param {string} key */
export function taxAt(key) {
  const [, name = key, percentage = "", use = ""] = AT.exec(key) ?? [];
  return { name, percentage, use };
}

/** Rows of one tax and use stay together. @param {any[]} rows */
const byTax = (rows) => Object.fromEntries(rows.map((row) => [rateKey(row), rows.filter((other) => rateKey(other) === rateKey(row))]));

/** @param {any} held @param {string} name @param {(list: any) => any} turn */
const turned = (held, name, turn) => (held?.[name] ? { ...held, [name]: turn(held[name]) } : held);

/** The settings with such lists as objects. @param {any} document */
export function keyed(document) {
  const list = (/** @type {(rows: any[]) => any} */ turn) => (/** @type {any} */ held) => (Array.isArray(held) ? turn(held) : held);
  const addresses = list((rows) => Object.fromEntries(rows.map((one) => [one, one])));
  return turned(turned(document, "tax_map", list(byTax)), "notify", (held) => turned(held, "emails", addresses));
}

/** The settings as the backend has them. @param {any} document */
export function listed(document) {
  const list = (/** @type {any} */ held) => (Array.isArray(held) ? held : Object.values(held).flat());
  return turned(turned(document, "tax_map", list), "notify", (held) => turned(held, "emails", list));
}
