// @ts-check
/** What pages that start runs do alike: tell why an act failed, stop a run, sign in again. No DOM. */
import { Problem } from "./api.js";

/** How a window can end without what it was opened for; the last one is the person's own wish. */
export const CLOSED = Object.freeze(["closed", "refused", "late", "cancelled"]);

/** What of it there is to say. @param {string | null} kind */
export const toSay = (kind) => (kind === "cancelled" ? null : kind);

/**
 * @param {{ api: any, session: any, state: () => any, set: (patch: Record<string, any>) => void }} page
 */
export function createActing({ api, session, state, set }) {
  /** @param {unknown} error */
  function onActProblem(error) {
    if (!(error instanceof Problem)) throw error;
    if (error.kind === "signed_out") set({ trouble: error });
    else set({ actProblem: error });
  }

  /** Ask the run to end; one that ended meanwhile is told by the next look at it. */
  async function stopRun() {
    const { run, stopping } = state();
    if (!run || stopping) return;
    set({ stopping: true, actProblem: null });
    try {
      await api.post(`/api/runs/${encodeURIComponent(run.id)}/cancel`);
    } catch (error) {
      set({ stopping: false });
      if (!(error instanceof Problem) || error.status !== 404) onActProblem(error);
    }
  }

  /** Sign in by the popup: nothing when it did not come to that, else whether somebody else came back. */
  async function signIn() {
    set({ signInProblem: null, signingIn: true });
    let kind = null;
    let who = "same";
    try {
      who = await session.signIn("sign_in");
    } catch (error) {
      kind = error instanceof TypeError ? "offline" : /** @type {any} */ (error)?.kind;
      if (kind !== "offline" && !CLOSED.includes(kind)) throw error;
    }
    set({ signInProblem: toSay(kind), signingIn: false });
    return kind === null ? who : null;
  }

  return { onActProblem, stopRun, signIn };
}
