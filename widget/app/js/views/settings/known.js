// @ts-check
/** What the page has read of the names behind codes and numbers in the settings. */
import { accountName, rateName } from "../../words/maps.js";

/** @typedef {{ account: (code: string) => string, rate: (code: string) => string, product: (id: string) => string, status: (module: string, xero: string) => string, field: (module: string) => (path: string) => string }} Known */

/** @param {any} state the whole state @returns {Known} */
export function knownOf(state) {
  const { choices, told } = state.maps;
  const find = (/** @type {any[] | undefined} */ rows, /** @type {string} */ code) => rows?.find((row) => row.code === code || row.id === code);
  return {
    account(code) { const row = find(choices?.accounts, code); return row ? accountName(row) : code; },
    rate(code) { const row = find(choices?.tax_rates, code); return row ? rateName(row) : code; },
    product: (id) => state.products.named[id]?.product?.label ?? id,
    status: (module, xero) => told?.status?.[module]?.find((/** @type {any} */ row) => row.xero === xero)?.label ?? xero,
    field: (module) => (path) => state.modules.offers[module]?.find((/** @type {any} */ one) => one.path === path)?.label ?? path.replaceAll("_", " "),
  };
}
