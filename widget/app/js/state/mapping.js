// @ts-check
/**
 * The field mapping of one module while it is edited: rows over the stored ones, checked as they
 * change, with earlier versions to go back to. What is not saved of a module that is left waits
 * until somebody comes back to it.
 */
import { ORDER } from "../modules.js";
import { byPath } from "./configured.js";
import { own, put, same } from "./documents.js";
import { asRows, asSent, byName, changedRows, laidOver } from "./mappingrows.js";
import { joined, reopened, settled, undecided } from "./meanwhile.js";
import { fresh } from "./work.js";

const CHECK_AFTER = 350;
export const FLOWS = Object.freeze(["both", "to_xero", "to_zoho", "off"]);

/** Complaints by row name: "rows.4.value_map" belongs to the fifth row. @param {any[]} rows @param {Record<string, string>} fields */
export function complaintsOf(rows, fields) {
  /** @type {Map<string, { part: string, text: string }[]>} */
  const found = new Map();
  for (const [path, text] of Object.entries(fields)) {
    const [, at, part = ""] = /^rows\.(\d+)(?:\.(.+))?$/.exec(path) ?? [];
    const name = rows[Number(at)]?.name;
    if (name) found.set(name, [...(found.get(name) ?? []), { part, text }]);
  }
  return found;
}

/** @param {any} field @returns {string[]} */
const wordsOf = (field) => (field?.choices ?? []).map((/** @type {any} */ one) => String(one.value ?? one));

/** The values of CRM that have no partner yet, where the check found a hole. @param {any} row @param {any} crm @param {any} books @param {{ part: string }[]} wrong */
export function openValues(row, crm, books, wrong) {
  if (row.flow === "off" || !wrong.some((one) => one.part === "value_map")) return [];
  const understood = new Set(wordsOf(books));
  return wordsOf(crm).filter((value) => !own(row.value_map, value) && !understood.has(value));
}

/** Whether a row is mapped value by value: its map names words of CRM, or was just begun. @param {any} row @param {any} crm @param {string[]} open */
export function mapsValues(row, crm, open) {
  const keys = Object.keys(row.value_map ?? {});
  if (open.length) return true;
  return Boolean(row.value_map) && wordsOf(crm).length > 0 && (!keys.length || keys.some((key) => wordsOf(crm).includes(key)));
}

/** Whether a row was looked at as it stands: what is stored fitted when it was saved. @param {any} slice @returns {(row: any) => boolean} */
export function lookedAt(slice) {
  const seen = [slice.stored.rows, slice.checked ?? []].map((rows) => new Map(rows.map((/** @type {any} */ row) => [row.name, asSent(row)])));
  return (row) => seen.some((rows) => same(rows.get(row.name), asSent(row)));
}

/** How a row stands, for the filter above the table. @param {any} row @param {any[]} wrong */
export function standingOf(row, wrong) {
  if (row.flow === "off") return "off";
  if (wrong.length || !((row.zoho || row.fixed) && (row.xero || row.fixed))) return "open";
  return "mapped";
}

/** What a module begins with when it is turned to; what is kept of its rows lies over it. */
const AT_FIRST = Object.freeze({
  stored: null, rows: null, etag: "", fields: {}, effects: [], records: 0, checking: false, checked: null, unchecked: null,
  filter: "", text: "", open: "", choosing: "", sample: 0, versions: null, versionsUnread: null, meanwhile: null, unsaved: false,
});
const KEPT = Object.freeze(["stored", "rows", "etag", "fields", "meanwhile", "unsaved"]);

/** The modules with rows that are not saved, the shown one first. @param {any} slice @returns {string[]} */
export const unsavedModules = (slice) => [...(slice.unsaved ? [slice.module] : []), ...Object.keys(slice.drafts)];

/** @param {any} ctx */
export function createMapping(ctx) {
  const slice = ctx.store.slice("mapping", { ...fresh, ...AT_FIRST, module: "", drafts: /** @type {Record<string, any>} */ ({}) });
  let round = 0;

  /** @param {any[]} rows @param {any} [stored] */
  const took = (rows, stored = slice.get().stored) => ({ rows, unsaved: changedRows({ stored, rows }).length > 0 });

  /** Show another module; what is not saved of the one before is put by, what was put by of this one comes back. @param {string} module */
  function turnTo(module) {
    round += 1;
    const held = slice.get();
    const kept = own(held.drafts, module);
    const { [module]: _, ...others } = held.drafts;
    const drafts = held.unsaved ? { ...others, [held.module]: Object.fromEntries(KEPT.map((part) => [part, held[part]])) } : others;
    slice.set({ ...AT_FIRST, stage: kept ? "ready" : "idle", trouble: null, module, ...kept, drafts });
  }

  /** Rows that were edited by hand, and what of it is to be chosen again. @param {any[]} next */
  function edited(next) {
    const { rows, meanwhile } = slice.get();
    return { ...took(next), meanwhile: reopened(meanwhile, byName(rows), byName(next)) };
  }

  /** What somebody else stored, with one's own rows on top of it. @param {any} body @param {string | null} etag */
  function overtaken(body, etag) {
    const held = slice.get();
    const { rows, theirs, both } = laidOver(held.stored.rows, held.rows, body.rows);
    const news = theirs.length ? { meanwhile: joined(held.meanwhile, { theirs, both }), fields: {} } : {};
    return { stored: body, etag: etag ?? "", ...took(rows, body), ...news };
  }

  /** @param {string} [module] */
  async function load(module) {
    const wanted = module || slice.get().module || ORDER[0];
    if (wanted !== slice.get().module) turnTo(wanted);
    await ctx.work.load(slice, async () => {
      const { body, etag } = await ctx.api.get(`/api/mapping/${wanted}`);
      return slice.get().unsaved ? overtaken(body, etag) : { stored: body, rows: body.rows, etag: etag ?? "" };
    });
    if (slice.get().stage === "ready") check();
  }

  /** @param {string} name @param {Record<string, any>} patch */
  function edit(name, patch) {
    const { rows, fields } = slice.get();
    const next = rows.map((/** @type {any} */ row) => (row.name === name ? { ...row, ...patch } : row));
    // The arrow keys choose on their way: the values stay on the page until somebody leaves them.
    slice.set({ ...edited(next), fields: stillTrue(fields, next, name), choosing: patch.value_map ? name : "" });
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
    slice.set({ ...edited([...rows, { name, zoho: zoho || null, xero: xero || null, flow: "both", on: "always", owner: "none", type: "text", locked: null, added: true }]), open: name, filter: "", text: "" });
    check();
  }

  /** @param {string} name */
  function remove(name) {
    slice.set(edited(slice.get().rows.filter((/** @type {any} */ row) => row.name !== name)));
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
    if (!rows) return;
    slice.set({ checking: true });
    const { body, problem } = await ctx.told(ctx.api.post(`/api/mapping/${module}/check`, { rows: rows.map(asSent) }));
    if (mine !== round) return;
    slice.set({ checking: false, unchecked: problem, ...(body && { checked: rows, fields: byPath({ body }), effects: body.effects ?? [], records: body.records ?? 0 }) });
  }

  /** What is not saved of a module, shown or put by. @param {string} module */
  const draftOf = (module) => (slice.get().module === module ? slice.get() : own(slice.get().drafts, module));

  /** Store the rows of the module that is shown now. Never over a place that was saved meanwhile and is not settled. */
  async function save() {
    const { module } = slice.get();
    return !undecided(slice.get()) && ctx.work.act(slice, "save", () => store(module), refused(module));
  }

  /** @param {string} module */
  async function store(module) {
    const draft = draftOf(module);
    if (!draft?.unsaved || undecided(draft)) return;
    const answer = await ctx.api.put(`/api/mapping/${module}`, { rows: draft.rows.map(asSent) }, { "If-Match": draft.etag });
    const { [module]: _, ...drafts } = slice.get().drafts;
    const shown = { stored: answer.body, rows: answer.body.rows, etag: answer.etag ?? "", meanwhile: null, unsaved: false, versions: null };
    slice.set(slice.get().module === module ? shown : { drafts });
    ctx.said("mapping_saved");
    check();
  }

  /** Rows of a module that is no longer shown are laid over the newer ones when somebody comes back. @param {string} module @returns {(problem: import("../api.js").Problem) => Promise<boolean>} */
  const refused = (module) => async (problem) => {
    if (![412, 422].includes(problem.status)) return false;
    const here = () => slice.get().module === module;
    if (problem.status === 422) {
      if (here()) slice.set({ fields: byPath(problem) });
      return Object.keys(byPath(problem)).length > 0;
    }
    const { body, etag } = await ctx.api.get(`/api/mapping/${module}`);
    if (here()) slice.set(overtaken(body, etag));
    return true;
  };

  async function loadVersions() {
    const { module } = slice.get();
    const { body, problem } = await ctx.told(ctx.api.get(`/api/mapping/${module}/versions`));
    if (slice.get().module === module) slice.set({ versions: body?.rows ?? null, versionsUnread: problem });
  }

  /** Never over rows that are not saved. @param {number} version */
  async function restore(version) {
    const { module, etag, unsaved } = slice.get();
    return !unsaved && ctx.work.act(slice, `restore-${version}`, () => bringBack(module, version, etag), refused(module));
  }

  /** @param {string} module @param {number} version @param {string} etag */
  async function bringBack(module, version, etag) {
    await ctx.api.post(`/api/mapping/${module}/versions/${version}/restore`, {}, { "If-Match": etag });
    ctx.said("restored");
    if (slice.get().module !== module) return;
    slice.set({ versions: null });
    await load(module);
  }

  return {
    slice, load, edit, add, remove, check, save, loadVersions, restore,
    unsaved: () => unsavedModules(slice.get()).length > 0,
    discard() { ctx.work.withdraw(slice); slice.set({ ...took(slice.get().stored.rows), fields: {}, meanwhile: null, trouble: null }); check(); },
    /** Settle one place both of us changed. @param {import("./meanwhile.js").Both} place @param {"mine" | "theirs"} whose */
    settle(place, whose) {
      const { rows, stored, meanwhile } = slice.get();
      const next = asRows(put(byName(rows), place.path, place[whose]), [...rows, ...stored.rows]);
      slice.set({ ...took(next), meanwhile: settled(meanwhile, place, whose) });
      check();
    },
    understood: () => slice.set({ meanwhile: null }),
    /** @param {string} name */
    open: (name) => slice.set({ open: slice.get().open === name ? "" : name, choosing: "" }),
    /** Which of the sample records is shown. @param {number} sample */
    sample: (sample) => slice.set({ sample }),
    /** @param {string} filter */
    show: (filter) => slice.set({ filter }),
    /** @param {string} text */
    search: (text) => slice.set({ text }),
    closeVersions: () => slice.set({ versions: null, versionsUnread: null }),
  };
}
