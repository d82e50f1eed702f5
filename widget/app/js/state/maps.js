// @ts-check
/** Taxes, accounts, statuses, currencies and terms: what Xero offers, what is proposed, what is missing. */
import { fresh } from "./work.js";

/** A tax as a key of the map. @param {any} zoho */
export const taxKey = (zoho) => `${zoho.name} ${Number(zoho.percentage)}`;

/** The tax map with one choice put in. @param {any[]} map @param {any} zoho @param {string} xero empty: no partner */
export function withTax(map, zoho, xero) {
  const rest = map.filter((row) => taxKey(row.zoho) !== taxKey(zoho));
  return xero ? [...rest, { zoho: { name: zoho.name, percentage: zoho.percentage }, xero }] : rest;
}

/** Taxes to show: those CRM uses, and those that are mapped though CRM no longer has them. @param {any} told @param {any[]} map */
export function taxesOf(told, map) {
  const rows = told?.tax ?? [];
  const known = new Set(rows.map((/** @type {any} */ row) => taxKey(row.zoho)));
  return [...rows, ...map.filter((row) => !known.has(taxKey(row.zoho))).map((row) => ({ ...row, proposal: null, why: null, gone: true }))];
}

/** Every proposal that nobody has decided yet. @param {any} told @param {any[]} map */
export function proposals(told, map) {
  const chosen = new Set(map.map((row) => taxKey(row.zoho)));
  return (told?.tax ?? []).filter((/** @type {any} */ row) => row.proposal && !chosen.has(taxKey(row.zoho)));
}

/** @param {any} ctx */
export function createMaps(ctx) {
  const slice = ctx.store.slice("maps", { ...fresh, told: null, choices: null });
  const load = () => ctx.work.load(slice, async () => {
    const [told, choices] = await Promise.all([
      ctx.api.get("/api/maps").catch(ctx.unlessMissing), ctx.api.get("/api/xero/choices").catch(ctx.unlessMissing),
    ]);
    return { told: told?.body ?? null, choices: choices?.body ?? null };
  });
  return { slice, load };
}
