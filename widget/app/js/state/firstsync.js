// @ts-check
/** Which modules still wait for their first sync: until then the service refuses to sync everything. */

import { isAttached } from "../modules.js";

/** Whether a module has a first sync of its own: payments and credit notes come with their invoices. @param {string} key */
export const hasFirstSync = (key) => !isAttached(key);

/** How many modules are on whose first sync nobody has started from a preview. @param {any} health */
export function firstSyncsDue(health) {
  return Object.entries(health?.modules ?? {}).filter(([key, one]) => one.enabled && !one.accepted && hasFirstSync(key)).length;
}
