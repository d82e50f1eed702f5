// @ts-check
/**
 * How every view asks the backend: what was shown stays while it loads, a trouble is shown where
 * it happened, an address this backend does not have is a state of its own, and a session that
 * ended interrupts what was being done without losing it.
 */
import { Problem } from "../api.js";

const GHOST_AFTER = 300;

/** What every slice that loads something begins with. */
export const fresh = Object.freeze({
  stage: /** @type {"idle" | "loading" | "ready" | "failed" | "missing"} */ ("idle"),
  ghost: false, busy: "", trouble: /** @type {Problem | null} */ (null), at: /** @type {string | null} */ (null),
});

/**
 * @param {{
 *   onSignedOut: (again: () => void) => void,
 *   now: () => Date,
 *   later: (act: () => void, ms: number) => any,
 * }} options
 */
export function createWork({ onSignedOut, now, later }) {
  /** @param {any} slice @param {unknown} error @param {() => void} again */
  function onProblem(slice, error, again) {
    if (!(error instanceof Problem)) throw error;
    if (error.kind === "signed_out") return onSignedOut(again);
    slice.set({ trouble: error });
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
      onProblem(slice, error, again);
    }
  }

  /**
   * Do something once at a time; true when it worked. A problem is told to `refused` first, which
   * answers true when it has dealt with it.
   * @param {any} slice @param {string} busy @param {() => Promise<unknown>} work
   * @param {(problem: Problem) => boolean | Promise<boolean>} [refused]
   */
  async function act(slice, busy, work, refused = () => false) {
    if (slice.get().busy) return false;
    slice.set({ busy, trouble: null });
    try {
      await work();
      return true;
    } catch (error) {
      const dealtWith = error instanceof Problem && error.kind === "http" && await refused(error);
      if (!dealtWith) onProblem(slice, error, () => { void act(slice, busy, work, refused); });
      return false;
    } finally {
      slice.set({ busy: "" });
    }
  }

  return { load, act };
}
