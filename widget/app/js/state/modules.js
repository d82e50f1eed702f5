// @ts-check
/** The switch matrix: which modules there are, what each direction allows, and what is in scope. */
import { fresh } from "./work.js";
import { read } from "./documents.js";
import { MODULES } from "../modulelist.js";
import { ORDER } from "../modules.js";

export const SWITCHES = Object.freeze(["create", "update", "delete"]);
export const DIRECTIONS = Object.freeze(["to_xero", "to_zoho"]);

/** The modules of a settings document, in the order people think of them. @param {any} document */
export const keysOf = (document) => ORDER.filter((key) => document?.modules?.[key]);
export const GROUPS = Object.freeze([...new Set(MODULES.map((one) => one.group))]);

/** @param {any} answer rows of `GET /api/modules`, however they are wrapped */
function rowsOf(answer) {
  const held = Array.isArray(answer) ? answer : answer?.rows ?? answer?.modules ?? answer ?? {};
  return Array.isArray(held) ? held : Object.entries(held).map(([key, row]) => ({ key, .../** @type {any} */ (row) }));
}

/** One row per module the settings document knows, in the order people think of them. @param {any} told @param {any} document */
export function matrixOf(told, document) {
  const byKey = Object.fromEntries(rowsOf(told).map((row) => [row.key, row]));
  return MODULES.filter(({ key }) => document?.modules?.[key]).map(({ key, group, attached, only }) => {
    const row = byKey[key] ?? {};
    const way = (/** @type {string} */ direction) => ({
      possible: row.directions?.[direction]?.possible ?? (only === null || only === direction),
      why: row.directions?.[direction]?.why ?? null,
    });
    return {
      key, group, label: row.label ?? null, xeroLabel: row.xero_label ?? null, available: row.available ?? true,
      to_xero: way("to_xero"), to_zoho: way("to_zoho"),
      fixed: row.conflict_fixed ?? (attached ? "xero" : null),
    };
  });
}

/** The part a boolean plays: a switch that is off makes those behind it idle. @param {any} held a module's settings @param {string} direction */
export function idle(held, direction) {
  return { direction: !held.enabled, switches: !held.enabled || !held[direction].allow };
}

/** @param {any} ctx @param {any} configured */
export function createModules(ctx, configured) {
  const slice = ctx.store.slice("modules", { ...fresh, told: null, open: "", offers: {}, counts: {} });

  const load = () => ctx.work.load(slice, async () => {
    const answer = await ctx.api.get("/api/modules").catch(ctx.unlessMissing);
    return { told: answer?.body ?? null };
  });

  /** Fields a filter may name, read when its editor opens. @param {string} module */
  async function openScope(module) {
    slice.set({ open: module });
    if (!module) return;
    if (!slice.get().offers[module]?.fields) {
      const { body, problem } = await ctx.told(ctx.api.get(`/api/mapping/${module}`));
      slice.set({ offers: { ...slice.get().offers, [module]: { fields: body && (body.fields?.zoho ?? []), problem } } });
    }
    await count(module);
  }

  /** How many records the scope in the draft takes in. @param {string} module */
  async function count(module) {
    const held = read(configured.slice.get().draft, ["modules", module]);
    const asked = { filter: held.filter, start_date: held.start_date };
    const { body, problem } = await ctx.told(ctx.api.post(`/api/modules/${module}/scope`, asked));
    const counted = problem?.status === 404 ? null : { ...body, problem };
    slice.set({ counts: { ...slice.get().counts, [module]: counted } });
  }

  return { slice, load, openScope, count };
}
