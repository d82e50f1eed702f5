// @ts-check
/** Taxes, accounts, statuses, currencies and terms: what Xero offers, what is proposed, what is missing. */
import { fresh } from "./work.js";

/** A tax as a key of the map. @param {any} zoho */
export const taxKey = (zoho) => `${zoho.name} ${Number(zoho.percentage)}`;

/** Whether a row of the tax map is for purchases alone: it says so, or its rate does. @param {any} row @param {any[]} rates */
export function isBought(row, rates) {
  const rate = rates.find((one) => one.code === row.xero);
  return row.use === "purchases" || Boolean(rate && rate.sales === false && rate.purchases !== false);
}

/** What is chosen for a tax, for what is sold or for what is bought; "" for nothing. @param {any[]} map @param {any} zoho @param {boolean} bought @param {any[]} rates @returns {string} */
export function chosenFor(map, zoho, bought, rates) {
  return map.find((row) => taxKey(row.zoho) === taxKey(zoho) && isBought(row, rates) === bought)?.xero ?? "";
}

/** The tax map with one choice put in. @param {any[]} map @param {any} zoho @param {string} xero empty: no partner @param {boolean} bought @param {any[]} rates */
export function withTax(map, zoho, xero, bought, rates) {
  const rest = map.filter((row) => taxKey(row.zoho) !== taxKey(zoho) || isBought(row, rates) !== bought);
  const tax = { name: zoho.name, percentage: zoho.percentage };
  return xero ? [...rest, { zoho: tax, xero, ...(bought && { use: "purchases" }) }] : rest;
}

/** What stands for a tax on purchases while nothing is chosen for them: the rate for sales where Xero takes it there, else the one its percentage finds. @param {any} row @param {any[]} map @param {any[]} rates @returns {{ code: string, asSold: boolean } | null} */
export function boughtAnyway(row, map, rates) {
  const sold = rates.find((one) => one.code === chosenFor(map, row.zoho, false, rates));
  if (sold && sold.purchases !== false) return { code: sold.code, asSold: true };
  return row.bought?.found ? { code: row.bought.found, asSold: false } : null;
}

/** Taxes to show: those CRM uses, and those that are mapped though CRM no longer has them. @param {any} told @param {any[]} map */
export function taxesOf(told, map) {
  const rows = told?.tax ?? [];
  const keys = rows.map((/** @type {any} */ row) => taxKey(row.zoho));
  const gone = map.filter((row) => !keys.includes(taxKey(row.zoho)));
  return [...rows, ...gone.filter((row, index) => gone.findIndex((one) => taxKey(one.zoho) === taxKey(row.zoho)) === index).map(({ zoho }) => ({ zoho, proposal: null, why: null, gone: true }))];
}

/** Whether purchases have a choice of their own for a tax. @param {any} told @param {any} row @param {any[]} map @param {any[]} rates */
export const showsBought = (told, row, map, rates) => (Boolean(told?.buys) && !row.gone) || Boolean(chosenFor(map, row.zoho, true, rates));

/** Whether documents with this tax wait, those of sales or those of purchases. @param {any} told @param {any} row @param {any[]} map @param {any[]} rates */
export function waiting(told, row, map, rates) {
  const bought = showsBought(told, row, map, rates) && !chosenFor(map, row.zoho, true, rates) && !boughtAnyway(row, map, rates);
  return { sold: !chosenFor(map, row.zoho, false, rates), bought };
}

/** Every proposal that nobody has decided yet. @param {any} told @param {any[]} map @param {any[]} rates @returns {{ zoho: any, xero: string, bought: boolean }[]} */
export function proposals(told, map, rates) {
  return (told?.tax ?? []).flatMap((/** @type {any} */ row) => {
    const { sold, bought } = waiting(told, row, map, rates);
    return [
      ...(sold && row.proposal ? [{ zoho: row.zoho, xero: row.proposal, bought: false }] : []),
      ...(bought && row.bought?.proposal ? [{ zoho: row.zoho, xero: row.bought.proposal, bought: true }] : []),
    ];
  });
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
