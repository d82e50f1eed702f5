// @ts-check
/**
 * What the page of one list of chosen records knows and does; no DOM. It shows them as our database
 * knows them, syncs them in one run, and tells the result of each; those that failed can go again.
 */
import { createActing } from "./acting.js";
import { Problem, lasting, passes } from "./api.js";
import { isChosen, isPage, understood } from "./shapes.js";

const GHOST_AFTER = 300;
const FOLLOW_EVERY = 700;
const LOST_WAIT = 3000;
const FACES = 25;
const ENDED = ["done", "failed", "cancelled"];
/** Results a person may want to try again. */
const AGAIN = ["failed", "held"];

/**
 * @typedef {{ zoho_id: string, label: string, state: string, reason: any, xero_number: string | null, url: string | null,
 *   status: string | null, operation: string | null, message: any, changes: any[] }} Chosen
 * @typedef {{
 *   stage: string, ghost: boolean, online: boolean, module: string, ids: string[], rows: Chosen[], allowed: string[],
 *   denied: Record<string, any>, connection: string, organisation: any, admin: boolean, run: any, direction: string,
 *   trouble: Problem | null, actProblem: Problem | null, signInProblem: string | null, signingIn: boolean, busy: string, stopping: boolean, another: any,
 * }} SelectionState
 */

/** @returns {SelectionState} */
export function firstState() {
  return {
    stage: "starting", ghost: false, online: true, module: "", ids: [], rows: [], allowed: [], denied: {},
    connection: "connected", organisation: null, admin: false, run: null, direction: "both", trouble: null,
    actProblem: null, signInProblem: null, signingIn: false, busy: "", stopping: false, another: null,
  };
}

/** Whether the run of the page is over. @param {SelectionState} state */
export const isOver = ({ run, busy }) => !busy && ENDED.includes(run?.state);

/** What may go again once a run is over: what failed, what is held, what it did not reach. @param {Chosen[]} rows */
export const toTryAgain = (rows) => rows.filter((row) => !row.status || AGAIN.includes(row.status)).map((row) => row.zoho_id);

/** How a run went, by its own end and by its rows. @param {any} run @param {Chosen[]} rows @returns {"ok" | "quiet" | "decide" | "blocked"} */
export function verdict(run, rows) {
  const { failed, held, open } = tally(rows);
  if (run.state === "failed" || failed) return "blocked";
  if (held) return "decide";
  if (run.state === "cancelled") return "quiet";
  return open ? "decide" : "ok";
}

/** How many of the rows ended in each way. @param {Chosen[]} rows */
export function tally(rows) {
  const counted = { success: 0, held: 0, failed: 0, skipped: 0, open: 0 };
  for (const row of rows) {
    const name = /** @type {keyof typeof counted} */ (row.status ?? "open");
    counted[name in counted ? name : "open"] += 1;
  }
  return counted;
}

/**
 * @param {{
 *   api: any, session: any, draw: (state: SelectionState) => void, online?: boolean, face?: (module: string, id: string) => Promise<any>,
 *   openRecord?: (module: string, id: string) => unknown, wait?: (ms: number) => Promise<void>,
 *   later?: (act: () => void, ms: number) => any,
 * }} options
 */
export function createSelectionPage({
  api, session, draw, online = true, face = async () => null, openRecord = () => null,
  wait = (ms) => new Promise((done) => { setTimeout(done, ms); }), later = (act, ms) => setTimeout(act, ms),
}) {
  let state = { ...firstState(), online };
  let left = false;
  /** @type {(() => void) | null} what a lost session interrupted */
  let interrupted = null;

  /** @param {Partial<SelectionState>} patch */
  function set(patch) {
    state = { ...state, ...patch };
    draw(state);
  }

  const acting = createActing({ api, session, state: () => state, set });
  const { onActProblem } = acting;

  /** @param {{ module: string, ids: string[] }} what */
  async function open({ module, ids }) {
    set({ ...firstState(), online: state.online, stage: "loading", module, ids });
    later(() => { if (state.stage === "loading") set({ ghost: true }); }, GHOST_AFTER);
    await load();
  }

  async function load() {
    if (left || !state.ids.length) return;
    if (["failed", "signed_out"].includes(state.stage)) set({ stage: "loading" });
    try {
      await read();
    } catch (error) {
      onLoadProblem(error);
    }
  }

  async function read() {
    const { module, ids } = state;
    const body = understood(await api.get(`/api/records/${module}?ids=${ids.join(",")}`), isChosen);
    const results = new Map(state.rows.map((row) => [row.zoho_id, row]));
    const rows = body.rows.map((/** @type {any} */ row) => {
      const known = results.get(row.zoho_id);
      return { status: null, operation: null, message: null, changes: [], ...known, ...row, label: row.label || known?.label || "" };
    });
    set({
      stage: "ready", ghost: false, trouble: null, rows, allowed: body.allowed, denied: body.denied ?? {},
      connection: body.connection, organisation: body.organisation, admin: Boolean(session.user()?.admin),
    });
    void nameTheUnknown();
  }

  /** Records nobody has read yet have no name of ours; CRM's own stands in, for the first few. */
  async function nameTheUnknown() {
    const nameless = state.rows.filter((row) => !row.label).slice(0, FACES);
    for (const row of nameless) {
      if (left) return;
      const seen = await face(state.module, row.zoho_id).catch(() => null);
      if (seen?.name) patchRow(row.zoho_id, { label: seen.name });
    }
  }

  /** @param {string} id @param {Partial<Chosen>} patch */
  function patchRow(id, patch) {
    set({ rows: state.rows.map((row) => (row.zoho_id === id ? { ...row, ...patch } : row)) });
  }

  /** @param {unknown} error */
  function onLoadProblem(error) {
    if (!(error instanceof Problem)) throw error;
    if (state.rows.length) set({ trouble: lasting(state.trouble, error) });
    else if (error.kind === "signed_out") set({ stage: "signed_out" });
    else set({ stage: "failed", trouble: error });
  }

  /** @param {string} direction @param {string[]} [ids] */
  async function sync(direction, ids = state.ids) {
    if (state.busy || !ids.length) return;
    const fresh = state.rows.map((row) => (ids.includes(row.zoho_id) ? { ...row, status: null, message: null } : row));
    const { module } = state;
    set({ busy: "sync", stopping: false, direction, actProblem: null, run: null, rows: fresh });
    await attended(async () => {
      const { body } = await api.post(`/api/records/${module}/sync`, { ids, direction });
      await attended(() => finish(body.run_id), () => goOn(body.run_id));
    }, () => sync(direction, ids));
    set({ busy: "" });
  }

  /** A run that was begun is followed further, never begun again. @param {string} id */
  async function goOn(id) {
    if (state.busy) return;
    set({ busy: "sync", stopping: false, actProblem: null });
    await attended(() => finish(id), () => goOn(id));
    set({ busy: "" });
  }

  /** @param {string} id */
  async function finish(id) {
    await follow(id);
    if (!left) await read();
  }

  /** Do something; when the session ends in it, ``again`` takes it up after the sign-in, unless CRM has shown something else since. @param {() => Promise<void>} work @param {() => unknown} again */
  async function attended(work, again) {
    try {
      await work();
    } catch (error) {
      if (error instanceof Problem && error.kind === "signed_out" && !left) interrupted = () => { void again(); };
      onActProblem(error);
    }
  }

  /** @param {string} id */
  async function follow(id) {
    const path = `/api/runs/${encodeURIComponent(id)}`;
    let after = "";
    while (!left) {
      const run = await ifThere(() => api.get(path));
      const read = await ifThere(() => takeResults(path, after));
      after = read ?? after;
      if (run) set({ run: run.body });
      if (run && read !== null && ENDED.includes(run.body.state)) break;
      await wait(run ? FOLLOW_EVERY : LOST_WAIT);
    }
  }

  /**
   * What is asked for, or null when the network or the service stumbled: the run goes on without us.
   * @template T
   * @param {() => Promise<T>} ask
   */
  async function ifThere(ask) {
    try {
      return await ask();
    } catch (error) {
      if (passes(error)) return null;
      throw error;
    }
  }

  /** What became of each record so far; the position from which to go on. @param {string} path @param {string} after */
  async function takeResults(path, after) {
    const body = understood(await api.get(`${path}/items?limit=200${after && `&cursor=${after}`}`), isPage);
    const found = new Map(body.rows.map((/** @type {any} */ item) => [item.zoho_id, item]));
    if (found.size) {
      set({
        rows: state.rows.map((row) => {
          const item = found.get(row.zoho_id);
          return item ? { ...row, label: item.label || row.label, status: item.status, operation: item.operation, message: item.message, changes: item.changes ?? [] } : row;
        }),
      });
    }
    return body.rows.at(-1)?.id ?? after;
  }

  /** Somebody else came back: what was begun before is not his. */
  async function startOver() {
    const { module, ids } = state;
    interrupted = null;
    const opened = open({ module, ids });
    set({ another: session.person() });
    await opened;
  }

  async function signIn() {
    const who = await acting.signIn();
    if (!who) return;
    if (who === "another") return startOver();
    const again = interrupted;
    interrupted = null;
    await load();
    again?.();
  }

  return {
    open, load, sync, stopRun: acting.stopRun, signIn, startOver, openRecord,
    again: () => sync(state.direction, toTryAgain(state.rows)),
    state: () => state,
    readAnother: () => set({ another: null }),
    /** @param {boolean} online */
    setOnline(online) {
      set({ online });
      if (online && !state.busy) void load();
    },
    /** CRM shows something else: look no further, and do nothing more here that is not begun. */
    leave() {
      left = true;
      interrupted = null;
    },
  };
}
