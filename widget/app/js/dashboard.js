// @ts-check
/** What the dashboard knows and does; no DOM. Figures stay on screen while new ones are asked for. */
import { createActing } from "./acting.js";
import { Problem, lasting, passes } from "./api.js";
import { getInZone } from "./zoned.js";
import { isBoard, isObject, understood } from "./shapes.js";

const GHOST_AFTER = 300;
const LOOK_AGAIN = 60000;
const FOLLOW_EVERY = 1500;
export const ENDED = ["done", "failed", "cancelled"];

/**
 * @typedef {{
 *   stage: string, ghost: boolean, online: boolean, admin: boolean, me: any, connections: any, health: any,
 *   board: any, loadedAt: string | null, trouble: Problem | null, actProblem: Problem | null,
 *   signInProblem: string | null, signingIn: boolean, busy: string, stopping: boolean, run: any, result: string, another: any,
 * }} DashboardState
 */

/** @returns {DashboardState} */
export function firstState() {
  return {
    stage: "starting", ghost: false, online: true, admin: false, me: null, connections: null, health: null,
    board: null, loadedAt: null, trouble: null, actProblem: null, signInProblem: null, signingIn: false,
    busy: "", stopping: false, run: null, result: "", another: null,
  };
}

/**
 * @param {{
 *   api: any, session: any, draw: (state: DashboardState) => void, zone?: () => string | undefined, asked?: () => string,
 *   openRecord?: (module: string, id: string) => unknown, isHidden?: () => boolean, now?: () => Date,
 *   wait?: (ms: number) => Promise<void>, later?: (act: () => void, ms: number) => any,
 * }} options
 */
export function createDashboardPage({
  api, session, draw, zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone, openRecord = () => null,
  asked = () => window.location.search,
  isHidden = () => document.hidden, now = () => new Date(),
  wait = (ms) => new Promise((done) => { setTimeout(done, ms); }), later = (act, ms) => setTimeout(act, ms),
}) {
  let state = firstState();
  let loading = false;
  /** @type {any} */
  let timer;

  /** @param {Partial<DashboardState>} patch */
  function set(patch) {
    state = { ...state, ...patch };
    draw(state);
  }

  const acting = createActing({ api, session, state: () => state, set });
  const { onActProblem } = acting;

  async function open() {
    if (!state.board) set({ stage: "loading" });
    later(() => { if (state.stage === "loading") set({ ghost: true }); }, GHOST_AFTER);
    await load();
  }

  async function load() {
    if (loading) return;
    loading = true;
    clearTimeout(timer);
    if (state.stage === "failed" || state.stage === "signed_out") set({ stage: "loading" });
    try {
      await readAll();
    } catch (error) {
      onLoadProblem(error);
    } finally {
      loading = false;
    }
    schedule();
    takeUpRun();
  }

  async function readAll() {
    const [me, connections, health, figures] = await Promise.all(
      [api.get("/api/me"), api.get("/api/connections"), api.get("/api/health"), getInZone(api, "/api/dashboard", zone())],
    );
    const [person, board] = [understood(me, isObject), understood(figures, isBoard)];
    set({
      stage: "ready", ghost: false, trouble: null, me: person, admin: Boolean(person.user?.admin),
      connections: understood(connections, isObject), health: understood(health, isObject), board, loadedAt: now().toISOString(),
    });
  }

  /** @param {unknown} error */
  function onLoadProblem(error) {
    if (!(error instanceof Problem)) throw error;
    if (state.board) set({ trouble: lasting(state.trouble, error) });
    else if (error.kind === "signed_out") set({ stage: "signed_out" });
    else set({ stage: "failed", trouble: error });
  }

  function schedule() {
    if (!state.board || state.trouble?.kind === "signed_out") return;
    timer = later(() => { if (isHidden() || state.busy) schedule(); else void load(); }, LOOK_AGAIN);
  }

  /** A bulk run that is under way, whoever started it, is followed to its end. */
  function takeUpRun() {
    const running = state.board?.runs?.find((/** @type {any} */ run) => run.kind !== "preview" && !ENDED.includes(run.state));
    if (running && !state.busy) void follow(running.id).catch(onActProblem);
  }

  /** @param {string} id */
  async function follow(id) {
    set({ busy: "run", stopping: false });
    let run = null;
    try {
      do {
        if (run) await wait(FOLLOW_EVERY);
        run = await lookAt(id) ?? run ?? { id, state: "queued" };
        set({ run });
      } while (!ENDED.includes(run.state));
    } finally {
      set({ busy: "", run: null });
    }
    await load();
    return run.state;
  }

  /** The run, or null when the network or the service stumbled: it goes on without us. @param {string} id */
  async function lookAt(id) {
    try {
      return (await api.get(`/api/runs/${encodeURIComponent(id)}`)).body;
    } catch (error) {
      if (passes(error)) return null;
      throw error;
    }
  }

  /** Look at everything now, by the rules of the schedule. */
  async function syncNow() {
    if (state.busy) return;
    set({ busy: "start", actProblem: null, result: "" });
    try {
      const { body } = await api.post("/api/modules/all/sync", { direction: "both" });
      set({ result: await follow(body.run_id) });
    } catch (error) {
      set({ busy: "" });
      onActProblem(error);
    }
  }

  async function signIn() {
    const who = await acting.signIn();
    if (who === "another") set({ ...firstState(), stage: "loading", online: state.online, another: session.person() });
    if (who) await load();
  }

  return {
    open, load, signIn, syncNow, stopRun: acting.stopRun, openRecord,
    state: () => state,
    /** The log is a view of the settings, which come up in this frame and join the same host. */
    logAddress: () => `settings.html${asked()}#/log`,
    readAnother: () => set({ another: null }),
    dismiss: () => set({ result: "", actProblem: null }),
    /** @param {boolean} online */
    setOnline(online) {
      set({ online });
      if (online && (state.board || state.stage === "failed")) void load();
    },
    /** @param {string} stage */
    stop: (stage) => set({ stage }),
  };
}
