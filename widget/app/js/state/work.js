// @ts-check
/**
 * How every view asks the backend: what was shown stays while it loads, a trouble is shown where
 * it happened, an address this backend does not have is a state of its own, and a session that
 * ended interrupts what was being done without losing it.
 */
import { Problem, lasting } from "../api.js";

const GHOST_AFTER = 300;

/** What every slice that loads something begins with. */
export const fresh = Object.freeze({
  stage: /** @type {"idle" | "loading" | "ready" | "failed" | "missing"} */ ("idle"),
  ghost: false, busy: "", trouble: /** @type {Problem | null} */ (null), at: /** @type {string | null} */ (null),
});

/** @typedef {(problem: Problem) => boolean | Promise<boolean>} Refused */
/** @typedef {{ slice: any, acting: boolean, again: () => void }} Interrupted */

/**
 * @param {{
 *   onSignedOut: () => void,
 *   now: () => Date,
 *   later: (act: () => void, ms: number) => any,
 * }} options
 */
export function createWork({ onSignedOut, now, later }) {
  /** @type {Interrupted[]} what a lost session interrupted, in its order */
  let interrupted = [];

  /** @param {unknown} error @param {any} slice @param {Interrupted | null} lost */
  function onProblem(error, slice, lost) {
    if (!(error instanceof Problem)) throw error;
    if (error.kind !== "signed_out") return slice.set({ trouble: lasting(slice.get().trouble, error) });
    if (lost) interrupted.push(lost);
    onSignedOut();
  }

  /**
   * Read something into a slice; `read` answers with the patch that holds it.
   * @param {any} slice @param {() => Promise<object>} read
   */
  async function load(slice, read) {
    const turn = (slice.get().turn ?? 0) + 1;
    const had = slice.get().stage === "ready";
    slice.set({ turn, ...(had ? {} : { stage: "loading", ghost: false }) });
    later(() => { if (slice.get().stage === "loading" && slice.get().turn === turn) slice.set({ ghost: true }); }, GHOST_AFTER);
    const again = () => { void load(slice, read); };
    try {
      const patch = await read();
      if (slice.get().turn === turn) slice.set({ ...patch, stage: "ready", ghost: false, trouble: null, at: now().toISOString() });
    } catch (error) {
      if (slice.get().turn !== turn) return;
      if (error instanceof Problem && error.status === 404 && !had) return slice.set({ stage: "missing", ghost: false });
      if (error instanceof Problem && error.kind === "signed_out") slice.set({ stage: had ? "ready" : "idle" });
      else if (!had) slice.set({ stage: "failed", ghost: false });
      onProblem(error, slice, { slice, acting: false, again });
    }
  }

  /** What of a problem is still to be told; whoever looks again because of it may meet another. @param {unknown} error @param {Refused} refused */
  async function leftOf(error, refused) {
    if (!(error instanceof Problem) || error.kind !== "http") return error;
    try {
      return (await refused(error)) ? null : error;
    } catch (another) {
      return another;
    }
  }

  /**
   * @param {any} slice @param {string} busy @param {() => Promise<unknown>} work @param {Refused} refused
   * @param {Interrupted | null} lost what goes on after signing in
   */
  async function attempt(slice, busy, work, refused, lost) {
    if (slice.get().busy) return false;
    slice.set({ busy, trouble: null });
    try {
      await work();
      return true;
    } catch (error) {
      const left = await leftOf(error, refused);
      if (left) onProblem(left, slice, lost);
      return false;
    } finally {
      slice.set({ busy: "" });
    }
  }

  /**
   * Do something once at a time; true when it worked. A problem is told to `refused` first, which
   * answers true when it has dealt with it. What a lost session interrupts goes on after signing in.
   * @param {any} slice @param {string} busy @param {() => Promise<unknown>} work @param {Refused} [refused]
   */
  const act = (slice, busy, work, refused = () => false) => attempt(slice, busy, work, refused, {
    slice, acting: true, again: () => { void act(slice, busy, work, refused); },
  });

  /**
   * The same for what cannot be taken back: it never goes on by itself, somebody has to ask again.
   * @param {any} slice @param {string} busy @param {() => Promise<unknown>} work @param {Refused} [refused]
   */
  const once = (slice, busy, work, refused = () => false) => attempt(slice, busy, work, refused, null);

  return {
    load, act, once,
    /** Something that goes on once somebody has signed in again. @param {any} slice @param {() => void} again */
    afterSigningIn(slice, again) { interrupted.push({ slice, acting: false, again }); },
    /** Nobody wants any more what was begun here. @param {any} slice */
    withdraw(slice) { interrupted = interrupted.filter((one) => !one.acting || one.slice !== slice); },
    /** Hand over what was interrupted; it is forgotten here. @returns {(() => void)[]} */
    takeInterrupted() {
      const taken = interrupted.map(({ again }) => again);
      interrupted = [];
      return taken;
    },
  };
}
