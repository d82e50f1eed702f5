// @ts-check
/** Which modules still wait for their first sync: until then the service refuses to sync everything. */

/** Modules without a first sync of their own: payments and credit notes come with their invoices. */
const WITHOUT = Object.freeze(["payments", "credit_notes"]);

/** @param {string} key */
export const hasFirstSync = (key) => !WITHOUT.includes(key);

/** How many modules are on whose first sync nobody has started from a preview. @param {any} health */
export function firstSyncsDue(health) {
  return Object.entries(health?.modules ?? {}).filter(([key, one]) => one.enabled && !one.accepted && hasFirstSync(key)).length;
}
