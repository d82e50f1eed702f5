// @ts-check
/**
 * The field mapping of one module while it is edited: rows over the stored ones, checked as they
 * change, with earlier versions to go back to.
 */
import { ORDER } from "../modules.js";
import { byPath } from "./configured.js";
import { same } from "./documents.js";
import { fresh } from "./work.js";

const CHECK_AFTER = 350;
const SENT = Object.freeze(["name", "zoho", "xero", "flow", "on", "owner", "value_map", "transform", "fixed"]);
export const FLOWS = Object.freeze(["both", "to_xero", "to_zoho", "off"]);

/** A row as the backend takes it. @param {any} row */
export function asSent(row) {
  return Object.fromEntries(SENT.filter((name) => row[name] !== undefined && !(name === "fixed" && row[name] === null)).map((name) => [name, row[name]]));
}

/** Rows that differ from what is stored, new and missing ones included. @param {any} slice */
export function changedRows(slice) {
  if (!slice.stored || !slice.rows) return [];
  const before = new Map(slice.stored.rows.map((/** @type {any} */ row) => [row.name, asSent(row)]));
  const after = new Set(slice.rows.map((/** @type {any} */ row) => row.name));
  const changed = slice.rows.filter((/** @type {any} */ row) => !same(before.get(row.name), asSent(row)));
  return [...changed, ...slice.stored.rows.filter((/** @type {any} */ row) => !after.has(row.name))];
}

/** Complaints by row name: "rows.4.value_map" belongs to the fifth row. @param {any[]} rows @param {Record<string, string>} fields */
export function complaintsOf(rows, fields) {
  /** @type {Record<string, { part: string, text: string }[]>} */
  const found = {};
  for (const [path, text] of Object.entries(fields)) {
    const [, at, part = ""] = /^rows\.(\d+)(?:\.(.+))?$/.exec(path) ?? [];
    const name = rows[Number(at)]?.name;
    if (name) (found[name] ??= []).push({ part, text });
  }
  return found;
}

/** @param {any} field @returns {string[]} */
const wordsOf = (field) => (field?.choices ?? []).map((/** @type {any} */ one) => String(one.value ?? one));

/** The values of CRM that have no partner yet, where the check found a hole. @param {any} row @param {any} crm @param {any} books @param {{ part: string }[]} wrong */
export function openValues(row, crm, books, wrong) {
  if (row.flow === "off" || !wrong.some((one) => one.part === "value_map")) return [];
  const understood = new Set(wordsOf(books));
  return wordsOf(crm).filter((value) => !row.value_map?.[value] && !understood.has(value));
}

/** Whether a row is mapped value by value: its map names words of CRM, or was just begun. @param {any} row @param {any} crm @param {string[]} open */
export function mapsValues(row, crm, open) {
  const keys = Object.keys(row.value_map ?? {});
  if (open.length) return true;
  return Boolean(row.value_map) && wordsOf(crm).length > 0 && (!keys.length || keys.some((key) => wordsOf(crm).includes(key)));
}

/** How a row stands, for the filter above the table. @param {any} row @param {any[]} wrong */
export function standingOf(row, wrong) {
  if (row.flow === "off") return "off";
  if (wrong.length || !((row.zoho || row.fixed) && (row.xero || row.fixed))) return "open";
  return "mapped";
}

/** @param {any} ctx */
export function createMapping(ctx) {
  const slice = ctx.store.slice("mapping", {
    ...fresh, module: "", stored: null, rows: null, etag: "", fields: {}, effects: [], records: 0, checking: false,
    filter: "", text: "", open: "", choosing: "", sample: 0, versions: null, meanwhile: null, unsaved: false,
  });
  let round = 0;

  /** @param {any[]} rows */
  const took = (rows) => ({ rows, unsaved: changedRows({ ...slice.get(), rows }).length > 0 });

  /** @param {string} [module] */
  async function load(module) {
    const wanted = module || slice.get().module || ORDER[0];
    const again = wanted === slice.get().module && slice.get().stage === "ready";
    if (again && slice.get().unsaved) return;
    if (!again) slice.set({ module: wanted, stage: "idle", stored: null, rows: null, fields: {}, effects: [], open: "", choosing: "", versions: null, meanwhile: null, unsaved: false, text: "", filter: "", sample: 0 });
    await ctx.work.load(slice, async () => {
      const { body, etag } = await ctx.api.get(`/api/mapping/${wanted}`);
      return { stored: body, rows: body.rows, etag: etag ?? "", unsaved: false };
    });
    if (slice.get().stage === "ready") check();
  }

  /** @param {string} name @param {Record<string, any>} patch */
  function edit(name, patch) {
    const { rows, fields } = slice.get();
    const next = rows.map((/** @type {any} */ row) => (row.name === name ? { ...row, ...patch } : row));
    // The arrow keys choose on their way: the values stay on the page until somebody leaves them.
    slice.set({ ...took(next), fields: stillTrue(fields, next, name), choosing: patch.value_map ? name : "" });
    check();
  }

  /** What was said of a row is old news once it is edited, except values that are open still. @param {Record<string, string>} fields @param {any[]} rows @param {string} name */
  function stillTrue(fields, rows, name) {
    const at = rows.findIndex((row) => row.name === name);
    const { zoho, xero } = slice.get().stored.fields;
    const field = (/** @type {any[]} */ side, /** @type {string} */ path) => side.find((one) => one.path === path);
    const open = openValues(rows[at], field(zoho, rows[at].zoho), field(xero, rows[at].xero), [{ part: "value_map" }]).length > 0;
    return Object.fromEntries(Object.entries(fields).filter(([path]) => !path.startsWith(`rows.${at}.`) || (open && path === `rows.${at}.value_map`)));
  }

  /** A new row for two fields that had none. @param {string} zoho @param {string} xero */
  function add(zoho, xero) {
    const { rows } = slice.get();
    const taken = new Set(rows.map((/** @type {any} */ row) => row.name));
    const base = `custom_${zoho || xero}`.toLowerCase().replace(/[^a-z0-9]+/g, "_").slice(0, 56).replace(/_+$/, "");
    let name = base;
    for (let number = 2; taken.has(name); number += 1) name = `${base}_${number}`;
    slice.set({ ...took([...rows, { name, zoho: zoho || null, xero: xero || null, flow: "both", on: "always", owner: "none", type: "text", locked: null, added: true }]), open: name, filter: "", text: "" });
    check();
  }

  /** @param {string} name */
  function remove(name) {
    slice.set(took(slice.get().rows.filter((/** @type {any} */ row) => row.name !== name)));
    check();
  }

  /** Ask, once the typing pauses, what fits and what three records would get; nothing is stored. */
  function check() {
    const mine = ++round;
    ctx.later(() => { if (mine === round) void ask(mine); }, CHECK_AFTER);
  }

  /** @param {number} mine */
  async function ask(mine) {
    const { module, rows } = slice.get();
    slice.set({ checking: true });
    const answer = await ctx.api.post(`/api/mapping/${module}/check`, { rows: rows.map(asSent) }).catch(ctx.quietly);
    if (mine !== round) return;
    const body = answer?.body;
    slice.set({ checking: false, ...(body && { fields: byPath({ body }), effects: body.effects ?? [], records: body.records ?? 0 }) });
  }

  const save = () => ctx.work.act(slice, "save", async () => {
    const { module, rows, etag } = slice.get();
    const answer = await ctx.api.put(`/api/mapping/${module}`, { rows: rows.map(asSent) }, { "If-Match": etag });
    slice.set({ stored: answer.body, rows: answer.body.rows, etag: answer.etag ?? "", meanwhile: null, unsaved: false, versions: null });
    ctx.said("mapping_saved");
    check();
  }, refused);

  /** @param {import("../api.js").Problem} problem */
  async function refused(problem) {
    if (problem.status === 422) { slice.set({ fields: byPath(problem) }); return Object.keys(byPath(problem)).length > 0; }
    if (problem.status !== 412) return false;
    const held = slice.get();
    const { body, etag } = await ctx.api.get(`/api/mapping/${held.module}`);
    const theirs = changedRows({ stored: held.stored, rows: body.rows });
    const mine = new Map(changedRows(held).map((/** @type {any} */ row) => [row.name, row]));
    const rows = body.rows.map((/** @type {any} */ row) => (mine.has(row.name) ? { ...row, ...mine.get(row.name) } : row));
    const added = [...mine.values()].filter((row) => row.added && !rows.some((/** @type {any} */ one) => one.name === row.name));
    slice.set({ stored: body, etag: etag ?? "", meanwhile: { rows: theirs, base: held.stored.rows, body } });
    slice.set(took([...rows, ...added]));
    return true;
  }

  async function loadVersions() {
    const { module } = slice.get();
    const answer = await ctx.api.get(`/api/mapping/${module}/versions`).catch(ctx.quietly);
    slice.set({ versions: answer?.body?.rows ?? [] });
  }

  /** Never over rows that are not saved. @param {number} version */
  const restore = async (version) => !slice.get().unsaved && ctx.work.act(slice, `restore-${version}`, async () => {
    const { module, etag } = slice.get();
    await ctx.api.post(`/api/mapping/${module}/versions/${version}/restore`, {}, { "If-Match": etag });
    slice.set({ unsaved: false, rows: slice.get().stored.rows, versions: null });
    ctx.said("restored");
    await load(module);
  }, refused);

  return {
    slice, load, edit, add, remove, save, loadVersions, restore,
    unsaved: () => slice.get().unsaved,
    discard() { ctx.work.withdraw(slice); slice.set({ ...took(slice.get().stored.rows), fields: {}, meanwhile: null, trouble: null }); check(); },
    understood: () => slice.set({ meanwhile: null }),
    /** @param {string} name */
    open: (name) => slice.set({ open: slice.get().open === name ? "" : name, choosing: "" }),
    /** Which of the sample records is shown. @param {number} sample */
    sample: (sample) => slice.set({ sample }),
    /** @param {string} filter */
    show: (filter) => slice.set({ filter }),
    /** @param {string} text */
    search: (text) => slice.set({ text }),
    closeVersions: () => slice.set({ versions: null }),
  };
}
