// @ts-check
/**
 * The settings document while it is edited: a draft over what is stored, what the change leads to,
 * and what somebody else saved meanwhile. Several views edit the one draft.
 */
import { differences, put, rebase } from "./documents.js";
import { fresh } from "./work.js";

const CHECK_AFTER = 350;

/** @param {any} slice @returns {import("./documents.js").Difference[]} */
export function changesOf(slice) {
  return slice.draft && slice.stored ? differences(slice.stored, slice.draft) : [];
}

/** Complaints of the backend by their dotted path. @param {any} problem */
export function byPath(problem) {
  const fields = Array.isArray(problem?.body?.fields) ? problem.body.fields : [];
  return Object.fromEntries(fields.map((/** @type {any} */ one) => [String(one.path ?? one.field ?? ""), String(one.detail ?? one.text ?? "")]));
}

/** Whether a place that two people changed waits for a choice. @param {any} slice */
export const undecided = (slice) => Boolean(slice.meanwhile?.both.some((/** @type {any} */ one) => !one.chosen));

/** @typedef {{ theirs: any[], both: any[] }} Meanwhile */

/** What others saved, with what of it was told before and is not read yet. @param {Meanwhile | null} before @param {Meanwhile} now @returns {Meanwhile} */
function joined(before, now) {
  const anew = new Set(now.theirs.map(({ path }) => path.join()));
  const still = (/** @type {any[]} */ places) => places.filter(({ path }) => !anew.has(path.join()));
  return { theirs: [...still(before?.theirs ?? []), ...now.theirs], both: [...still(before?.both ?? []), ...now.both] };
}

/** @param {any} ctx */
export function createConfigured(ctx) {
  const slice = ctx.store.slice("configured", {
    ...fresh, stored: null, draft: null, etag: "", fields: {}, meanwhile: null, consequences: [], checking: false,
  });
  let round = 0;

  const load = () => ctx.work.load(slice, async () => {
    const { body, etag } = await ctx.api.get("/api/settings");
    const held = slice.get();
    if (!changesOf(held).length) return { stored: body, draft: body, etag: etag ?? "" };
    const { draft, theirs, both } = rebase(held.stored, held.draft, body);
    // The next save will know this version: whoever saves has to have seen what it brought.
    const meanwhile = theirs.length ? joined(held.meanwhile, { theirs, both }) : held.meanwhile;
    return { stored: body, draft, etag: etag ?? "", meanwhile };
  });

  /** @param {readonly string[]} path @param {any} value */
  function place(path, value) {
    const held = slice.get();
    const fields = Object.fromEntries(Object.entries(held.fields).filter(([name]) => !name.startsWith(path.join("."))));
    slice.set({ draft: put(held.draft, path, value), fields });
    foresee();
  }

  /** What was edited again is to be chosen again. @param {readonly string[]} path @param {any} value */
  function edit(path, value) {
    const { meanwhile } = slice.get();
    const both = meanwhile?.both.map((/** @type {any} */ one) => (one.path.join() === path.join() ? { ...one, mine: value, chosen: undefined } : one));
    if (meanwhile) slice.set({ meanwhile: { ...meanwhile, both } });
    place(path, value);
  }

  /** Ask, once the typing pauses, what the draft would lead to; nothing is stored. */
  function foresee() {
    const mine = ++round;
    ctx.later(() => { if (mine === round) void ask(mine); }, CHECK_AFTER);
  }

  /** @param {number} mine */
  async function ask(mine) {
    const { draft } = slice.get();
    if (!changesOf(slice.get()).length) return slice.set({ consequences: [], fields: {} });
    slice.set({ checking: true });
    const answer = await ctx.api.post("/api/settings/check", { document: draft }).catch(ctx.quietly);
    if (mine !== round) return;
    const body = answer?.body ?? {};
    slice.set({ checking: false, consequences: body.consequences ?? [], fields: answer ? byPath({ body }) : slice.get().fields });
  }

  function discard() {
    round += 1;
    ctx.work.withdraw(slice);
    slice.set({ draft: slice.get().stored, fields: {}, consequences: [], meanwhile: null, trouble: null, checking: false });
  }

  /** Store the draft whole; true when it is stored. Never over a place that was saved meanwhile and is not settled. */
  const save = async () => !undecided(slice.get()) && ctx.work.act(slice, "save", async () => {
    const { draft, etag } = slice.get();
    const answer = await ctx.api.put("/api/settings", draft, { "If-Match": etag });
    round += 1;
    slice.set({ stored: answer.body, draft: answer.body, etag: answer.etag ?? "", fields: {}, meanwhile: null, consequences: [] });
    ctx.said("saved");
  }, refused);

  /** @param {import("../api.js").Problem} problem */
  async function refused(problem) {
    if (problem.status === 422) slice.set({ fields: byPath(problem) });
    if (problem.status !== 412) return false;
    const { body, etag } = await ctx.api.get("/api/settings");
    const held = slice.get();
    const { draft, theirs, both } = rebase(held.stored, held.draft, body);
    slice.set({ stored: body, draft, etag: etag ?? "", meanwhile: joined(held.meanwhile, { theirs, both }) });
    return true;
  }

  return {
    slice, load, edit, discard, save,
    ready: () => slice.get().stage === "ready",
    /** Settle one place both of us changed. @param {any} held @param {"mine" | "theirs"} whose */
    settle(held, whose) {
      const { meanwhile } = slice.get();
      place(held.path, held[whose]);
      slice.set({ meanwhile: { ...meanwhile, both: meanwhile.both.map((/** @type {any} */ one) => (one.path === held.path ? { ...one, chosen: whose } : one)) } });
    },
    /** The difference was read. */
    understood: () => slice.set({ meanwhile: null }),
  };
}
