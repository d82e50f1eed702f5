// @ts-check
/** Products of CRM, looked for by what somebody types, and what the chosen one is called. */
import { Problem } from "../api.js";

const ASK_AFTER = 250;
/** CRM looks for nothing shorter. */
export const SHORTEST = 2;

/** @typedef {{ id: string, label: string, number: string | null }} Product */
/** @typedef {{ stage: "asking" | "known" | "gone" | "failed", product?: Product, trouble?: Problem }} Named */

/** @param {any} ctx */
export function createProducts(ctx) {
  const slice = ctx.store.slice("products", {
    q: "", stage: /** @type {"idle" | "asking" | "ready" | "failed"} */ ("idle"), rows: /** @type {Product[]} */ ([]), trouble: /** @type {Problem | null} */ (null),
    named: /** @type {Record<string, Named>} */ ({}),
  });
  let round = 0;

  /** The products an address answers with, or what went wrong. @param {Record<string, string>} query */
  async function asked(query) {
    try {
      const { body } = await ctx.api.get(`/api/crm/search/products?${new URLSearchParams(query)}`);
      return { rows: /** @type {Product[]} */ (body?.rows ?? []) };
    } catch (error) {
      ctx.quietly(error);
      return { rows: [], trouble: /** @type {Problem} */ (error) };
    }
  }

  /** @param {number} mine */
  async function ask(mine) {
    const { rows, trouble = null } = await asked({ q: slice.get().q.trim() });
    if (mine === round) slice.set({ rows, trouble, stage: trouble ? "failed" : "ready" });
  }

  /** Look for what is typed, once the typing pauses. @param {string} q */
  function search(q) {
    const mine = ++round;
    const long = q.trim().length >= SHORTEST;
    slice.set({ q, trouble: null, ...(long ? { stage: "asking" } : { stage: "idle", rows: [] }) });
    if (long) ctx.later(() => { if (mine === round) void ask(mine); }, ASK_AFTER);
  }

  /** @param {string} id @param {Named} named */
  const hold = (id, named) => slice.set({ named: { ...slice.get().named, [id]: named } });

  return {
    slice, search,
    /** Ask again what failed, at once. */
    again() {
      slice.set({ trouble: null, stage: "asking" });
      return ask(++round);
    },
    /** Keep what a chosen product is called. @param {Product} product */
    know: (product) => hold(product.id, { stage: "known", product }),
    /** Find out what the product of this number is called. @param {string} id */
    async name(id) {
      const stage = slice.get().named[id]?.stage;
      if (stage && stage !== "failed") return;
      hold(id, { stage: "asking" });
      const { rows, trouble } = await asked({ id });
      const product = rows.find((row) => row.id === id);
      hold(id, trouble ? { stage: "failed", trouble } : product ? { stage: "known", product } : { stage: "gone" });
    },
  };
}
