// @ts-check
/**
 * The settings document while it is edited: a draft over what is stored, what the change leads to,
 * and what somebody else saved meanwhile. Several views edit the one draft.
 */
import { addressesIn, withTyped } from "./addresses.js";
import { differences, put, rebase } from "./documents.js";
import { keyed, listed } from "./entries.js";
import { joined, reopened, settled, undecided } from "./meanwhile.js";
import { fresh } from "./work.js";

const CHECK_AFTER = 350;

/** @param {any} slice @returns {import("./documents.js").Difference[]} */
export function changesOf(slice) {
  return slice.draft && slice.stored ? differences(keyed(slice.stored), keyed(withTyped(slice))) : [];
}

/** Complaints of the backend by their dotted path. @param {any} problem */
export function byPath(problem) {
  const fields = Array.isArray(problem?.body?.fields) ? problem.body.fields : [];
  return Object.fromEntries(fields.map((/** @type {any} */ one) => [String(one.path ?? one.field ?? ""), String(one.detail ?? one.text ?? "")]));
}

/** @param {any} ctx */
export function createConfigured(ctx) {
  const slice = ctx.store.slice("configured", {
    ...fresh, stored: null, draft: null, etag: "", fields: {}, meanwhile: null, consequences: [], checking: false, unforeseen: null, address: "",
  });
  let round = 0;

  const load = () => ctx.work.load(slice, async () => {
    const { body, etag } = await ctx.api.get("/api/settings");
    const held = slice.get();
    return changesOf(held).length ? overtaken(body, etag) : { stored: body, draft: body, etag: etag ?? "" };
  });

  /** What somebody else stored, with one's own changes on top. The next save knows this version: whoever saves has to have seen what it brought. @param {any} body @param {string | null} etag */
  function overtaken(body, etag) {
    const held = slice.get();
    const { draft, theirs, both } = rebase(keyed(held.stored), keyed(held.draft), keyed(body));
    const meanwhile = theirs.length ? joined(held.meanwhile, { theirs, both }) : held.meanwhile;
    if (theirs.length) ctx.readNames();
    return { stored: body, draft: listed(draft), etag: etag ?? "", meanwhile };
  }

  /** @param {readonly string[]} path @param {any} value */
  function place(path, value) {
    const held = slice.get();
    const fields = Object.fromEntries(Object.entries(held.fields).filter(([name]) => !name.startsWith(path.join("."))));
    slice.set({ draft: listed(put(keyed(held.draft), path, value)), fields });
    foresee();
  }

  /** @param {readonly string[]} path @param {any} value */
  function edit(path, value) {
    const { draft, meanwhile } = slice.get();
    place(path, value);
    slice.set({ meanwhile: reopened(meanwhile, keyed(draft), keyed(slice.get().draft)) });
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
    slice.set({ draft: slice.get().stored, fields: {}, consequences: [], meanwhile: null, trouble: null, checking: false, unforeseen: null, address: "" });
  }

  /**
   * Store the draft whole; true when it is stored. Never over a place that was saved meanwhile and
   * is not settled. What comes after it comes after it too when the session ended in between.
   * @param {() => unknown} [then]
   */
  const save = async (then = () => undefined) => !undecided(slice.get()) && ctx.work.act(slice, "save", async () => {
    if (undecided(slice.get())) return;
    const { address, etag } = slice.get();
    const answer = await ctx.api.put("/api/settings", withTyped(slice.get()), { "If-Match": etag });
    round += 1;
    slice.set({ stored: answer.body, draft: answer.body, etag: answer.etag ?? "", fields: {}, meanwhile: null, consequences: [], unforeseen: null, address: addressesIn(address).wrong && address });
    ctx.said("saved");
    await then();
  }, refused);

  /** @param {import("../api.js").Problem} problem */
  async function refused(problem) {
    if (problem.status === 422) slice.set({ fields: byPath(problem) });
    if (problem.status !== 412) return false;
    const { body, etag } = await ctx.api.get("/api/settings");
    slice.set(overtaken(body, etag));
    return true;
  }

  return {
    slice, load, edit, foresee, discard, save,
    unsaved: () => changesOf(slice.get()).length > 0 || slice.get().address.trim() !== "",
    /** An address is typed; it counts as added once it is one. @param {string} address */
    type: (address) => slice.set({ address }),
    /** Add what is typed, unless it is no address: then it stays. */
    addTyped() {
      const { draft, address } = slice.get();
      const next = withTyped(slice.get());
      if (next !== draft) edit(["notify", "emails"], next.notify.emails);
      slice.set({ address: addressesIn(address).wrong && address });
    },
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
