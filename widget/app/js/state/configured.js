// @ts-check
/**
 * The settings document while it is edited: a draft over what is stored, what the change leads to,
 * and what somebody else saved meanwhile. Several views edit the one draft.
 */
import { differences, put, rebase } from "./documents.js";
import { joined, reopened, settled, undecided } from "./meanwhile.js";
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

/** @param {any} ctx */
export function createConfigured(ctx) {
  const slice = ctx.store.slice("configured", {
    ...fresh, stored: null, draft: null, etag: "", fields: {}, meanwhile: null, consequences: [], checking: false, unforeseen: null,
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

  /** @param {readonly string[]} path @param {any} value */
  function edit(path, value) {
    const { draft, meanwhile } = slice.get();
    place(path, value);
    slice.set({ meanwhile: reopened(meanwhile, draft, slice.get().draft) });
  }

  /** Ask, once the typing pauses, what the draft would lead to; nothing is stored. */
  function foresee() {
    const mine = ++round;
    ctx.later(() => { if (mine === round) void ask(mine); }, CHECK_AFTER);
  }

  /** @param {number} mine */
  async function ask(mine) {
    const { draft } = slice.get();
    if (!changesOf(slice.get()).length) return slice.set({ consequences: [], fields: {}, unforeseen: null });
    slice.set({ checking: true });
    const { body, problem } = await ctx.told(ctx.api.post("/api/settings/check", { document: draft }));
    if (mine !== round) return;
    slice.set({ checking: false, unforeseen: problem, consequences: body?.consequences ?? [], fields: body ? byPath({ body }) : slice.get().fields });
  }

  function discard() {
    round += 1;
    ctx.work.withdraw(slice);
    slice.set({ draft: slice.get().stored, fields: {}, consequences: [], meanwhile: null, trouble: null, checking: false, unforeseen: null });
  }

  /** Store the draft whole; true when it is stored. Never over a place that was saved meanwhile and is not settled. */
  const save = async () => !undecided(slice.get()) && ctx.work.act(slice, "save", async () => {
    if (undecided(slice.get())) return;
    const { draft, etag } = slice.get();
    const answer = await ctx.api.put("/api/settings", draft, { "If-Match": etag });
    round += 1;
    slice.set({ stored: answer.body, draft: answer.body, etag: answer.etag ?? "", fields: {}, meanwhile: null, consequences: [], unforeseen: null });
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
    slice, load, edit, foresee, discard, save,
    ready: () => slice.get().stage === "ready",
    /** Settle one place both of us changed. @param {any} held @param {"mine" | "theirs"} whose */
    settle(held, whose) {
      place(held.path, held[whose]);
      slice.set({ meanwhile: settled(slice.get().meanwhile, held, whose) });
    },
    /** The difference was read. */
    understood: () => slice.set({ meanwhile: null }),
  };
}
