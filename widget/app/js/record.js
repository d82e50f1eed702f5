// @ts-check
/**
 * What the page of one record knows and does; no DOM. It loads the record, follows a click until its
 * answer is stored, and keeps the last figures when the network, the service or the session goes.
 */
import { CLOSED, toSay } from "./acting.js";
import { Problem, lasting, passes } from "./api.js";
import { isObject, isPage, isRecord, understood } from "./shapes.js";
import { resultOf } from "./words.js";
import { getInZone } from "./zoned.js";

const GHOST_AFTER = 300;
const WATCH_FOR = 120000;
/** Refusals that mean somebody else was faster: what is true now is read. */
const OVERTAKEN = Object.freeze(["conflict_changed", "unknown_record"]);

/**
 * @typedef {{
 *   stage: "starting" | "outside" | "silent" | "wrong" | "signed_out" | "loading" | "failed" | "ready",
 *   wrong?: string, chosen?: number, ghost: boolean, record: any, loadedAt: string | null,
 *   trouble: Problem | null, actProblem: Problem | null, signInProblem: string | null,
 *   signingIn: boolean, busy: { kind: string, direction: string | null } | null,
 *   fate: "nothing" | "unknown" | "goes_on", result: string | null, notice: string | null, online: boolean, admin: boolean, connections: any, plan: any, another: any,
 *   earlier: { rows: any[], done: boolean, busy: boolean, problem: Problem | null },
 * }} RecordState
 */

/** Whether a request is worked on now: it has no answer yet, and does not rest. @param {any} request */
const isUnderWay = (request) => ["queued", "running"].includes(request?.state) && !request.rests_until;

const NOTHING_EARLIER = Object.freeze({ rows: [], done: false, busy: false, problem: null });
const EARLIER_ROWS = "20";

/** What was asked for beside the newest rows, and what newer ones have pushed out of those. @param {RecordState} state @param {any[]} newest */
function earlierThan({ record, earlier }, newest) {
  if (!earlier.rows.length) return earlier;
  const fallen = (record?.history ?? []).filter((/** @type {any} */ row) => !newest.some((one) => one.id === row.id));
  return { ...earlier, rows: [...fallen, ...earlier.rows] };
}

/** @returns {RecordState} */
export function firstState() {
  return {
    stage: "starting", ghost: false, record: null, loadedAt: null, trouble: null, actProblem: null,
    signInProblem: null, signingIn: false, busy: null, fate: "nothing", result: null, notice: null, online: true, admin: false, connections: null,
    plan: null, another: null, earlier: NOTHING_EARLIER,
  };
}

/**
 * @param {{
 *   api: ReturnType<typeof import("./api.js").createApi>,
 *   session: any,
 *   draw: (state: RecordState) => void,
 *   online?: boolean,
 *   wait?: (ms: number) => Promise<void>,
 *   now?: () => Date,
 *   isHidden?: () => boolean,
 *   face?: (module: string, id: string) => Promise<any>,
 *   later?: (act: () => void, ms: number) => any,
 *   zone?: () => string | undefined,
 * }} options
 */
export function createRecordPage({
  api, session, draw, online = true, wait = (ms) => new Promise((done) => { setTimeout(done, ms); }),
  now = () => new Date(), isHidden = () => document.hidden, face = async () => null,
  later = (act, ms) => setTimeout(act, ms), zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone,
}) {
  let state = { ...firstState(), online };
  let path = "";
  let left = false;
  /** @type {Promise<void> | null} the newest read of the record */
  let reading = null;
  /** @type {() => Promise<any>} what CRM shows of a record that was never read */
  let seen = async () => null;
  /** @type {any} */
  let timer;
  /** @type {(() => void) | null} what a lost session interrupted */
  let interrupted = null;

  /** @param {Partial<RecordState>} patch */
  function set(patch) {
    state = { ...state, ...patch };
    draw(state);
  }

  /** @param {{ module: string, id: string }} what */
  async function open({ module, id }) {
    path = `/api/records/${module}/${id}`;
    seen = () => face(module, id);
    set({ stage: "loading" });
    later(() => { if (state.stage === "loading") set({ ghost: true }); }, GHOST_AFTER);
    await load();
  }

  /** Read the record again; what is shown stays until the answer is here. Of several reads the newest counts, and all wait for it. */
  async function load() {
    if (!path || left) return;
    const mine = read(() => reading === mine);
    reading = mine;
    /** @type {Promise<void> | null} */
    let awaited = null;
    while (awaited !== reading) await (awaited = reading);
  }

  /** @param {() => boolean} isNewest */
  async function read(isNewest) {
    clearTimeout(timer);
    if (state.stage === "failed" || state.stage === "signed_out") set({ stage: "loading" });
    const found = await readOnce().catch((/** @type {unknown} */ error) => ({ error }));
    if (left || !isNewest()) return;
    if ("error" in found) onLoadProblem(found.error);
    else set({ ...found, earlier: earlierThan(state, found.record.history ?? []), notice: isUnderWay(found.record.request) ? state.notice : null });
    schedule();
    follow();
    await foresee();
  }

  /** All that one read brings, so that it is drawn at once. */
  async function readOnce() {
    const body = understood(await getInZone(api, path, zone()), isRecord);
    const record = body.label ? body : await withFace(body);
    const connections = record.connection === "connected" ? null : await connectionsForAdmin();
    const admin = Boolean(session.user()?.admin);
    return /** @type {const} */ ({ stage: "ready", record, connections, admin, loadedAt: now().toISOString(), trouble: null, ghost: false });
  }

  /** What a click would write; the page is drawn without it, and stays when it cannot be had. */
  async function foresee() {
    if (state.trouble || state.busy || state.record?.connection !== "connected" || !state.record.allowed?.length) return;
    try {
      set({ plan: understood(await api.get(`${path}/plan`), isObject) });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      set({ plan: null });
    }
  }

  /** A record nobody has read yet has no name of ours; CRM's own stands in. @param {any} record */
  async function withFace(record) {
    const found = await seen().catch(() => null);
    if (!found?.name) return record;
    const { name, ...zoho } = found;
    return { ...record, label: name, zoho: { ...zoho, number: name, at: null } };
  }

  /** @param {unknown} error */
  function onLoadProblem(error) {
    if (!(error instanceof Problem)) throw error;
    if (error.kind === "signed_out" && !state.record) set({ stage: "signed_out" });
    else if (state.record) set({ trouble: lasting(state.trouble, error) });
    else set({ stage: "failed", trouble: error });
  }

  /** What happened before the rows that the record brings, page by page. */
  async function readEarlier() {
    const { record, earlier } = state;
    const last = earlier.rows.at(-1) ?? record?.history?.at(-1);
    if (!last || earlier.busy) return;
    const put = (/** @type {Partial<RecordState["earlier"]>} */ news) => set({ earlier: { ...state.earlier, ...news } });
    put({ busy: true, problem: null });
    try {
      const query = new URLSearchParams({ module: last.module, record: record.zoho_id, limit: EARLIER_ROWS, cursor: last.id });
      const { rows, cursor } = understood(await api.get(`/api/log?${query}`), isPage);
      put({ busy: false, done: !cursor, rows: [...state.earlier.rows, ...rows] });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      put({ busy: false, problem: error });
    }
  }

  /** Look again by and by: soon while something is under way, rarely otherwise, never unseen. */
  function schedule() {
    clearTimeout(timer);
    if (left || !state.record || state.trouble?.kind === "signed_out") return;
    const delay = { syncing: 1500, pending: 4000 }[/** @type {string} */ (state.record.state)] ?? 15000;
    timer = later(() => {
      if (isHidden() || state.busy) schedule();
      else void load();
    }, delay);
  }

  /** Somebody else's click on this record is followed like our own. */
  function follow() {
    const request = state.record?.request;
    if (state.busy || !isUnderWay(request)) return;
    set({ busy: { kind: "follow", direction: request.direction ?? null } });
    void watch(request.id).catch(onActProblem).finally(settle);
  }

  /** @param {string} direction */
  function sync(direction) {
    return act({ kind: "sync", direction }, async () => (await api.post(`${path}/sync`, { direction })).body, () => sync(direction));
  }

  /** @param {Record<string, string>} choices @param {boolean} remember */
  function resolve(choices, remember) {
    const version = state.record?.conflict?.version;
    return act({ kind: "resolve", direction: null }, async () => (await api.post(`${path}/resolve`, { choices, remember, ...(version && { version }) })).body,
      () => resolve(choices, remember));
  }

  /** @param {string | null} xeroId null: none of the candidates, create a new one */
  function link(xeroId) {
    return act({ kind: "link", direction: null }, async () => (await api.post(`${path}/link`, { xero_id: xeroId })).body, () => link(xeroId));
  }

  /**
   * Send something and follow it. What was accepted goes on whatever becomes of this page, and is
   * never sent again; what got no answer may have arrived or not.
   * @param {{ kind: string, direction: string | null }} busy
   * @param {() => Promise<any>} send
   * @param {() => void} again
   */
  async function act(busy, send, again) {
    if (state.busy) return;
    set({ busy, actProblem: null, fate: "nothing", result: null, notice: null, plan: null });
    let accepted = false;
    try {
      const body = await send();
      accepted = true;
      if (body?.request_id) await watch(body.request_id);
    } catch (error) {
      const unsent = error instanceof Problem && error.kind === "signed_out" && !accepted;
      if (unsent && !left) interrupted = again;
      set({ fate: accepted ? "goes_on" : passes(error) ? "unknown" : "nothing" });
      onActProblem(error);
    }
    await settle();
  }

  /** After a click: show what is true now, and say it when it worked. */
  async function settle() {
    const finished = state.busy;
    const overtaken = OVERTAKEN.includes(String(state.actProblem?.code));
    if (state.trouble?.kind !== "signed_out" && (!state.actProblem || overtaken || state.fate !== "nothing")) await load();
    const done = finished && !state.actProblem && !state.trouble && !state.notice && finished.kind !== "follow"
      ? resultOf(state.record, finished.direction ?? "both") : null;
    set({ busy: null, result: done });
    await foresee();
  }

  /** @param {unknown} error */
  function onActProblem(error) {
    if (!(error instanceof Problem)) throw error;
    if (error.kind === "signed_out") set({ trouble: error });
    else set({ actProblem: error });
  }

  /** Poll a request until it is done, or rests because a system does not answer; after two minutes it goes on without us. @param {string} id */
  async function watch(id) {
    const started = now().getTime();
    for (let round = 0; now().getTime() - started < WATCH_FOR; round += 1) {
      await wait(round < 4 ? 300 : 1200);
      if (left) return;
      const answer = await askAboutRequest(id);
      if (answer && !isUnderWay(answer)) return;
    }
    set({ notice: "still_running" });
  }

  /** @param {string} id */
  async function askAboutRequest(id) {
    try {
      return (await api.get(`/api/requests/${encodeURIComponent(id)}`)).body;
    } catch (error) {
      if (passes(error)) return null;
      throw error;
    }
  }

  /** Somebody else came back: what was begun before is not his. */
  async function startOver() {
    if (!path) return;
    interrupted = null;
    set({ ...firstState(), online: state.online, stage: "loading", another: session.person() });
    await load();
  }

  /** Sign in, then go on with what the lost session interrupted. */
  async function signIn() {
    set({ signInProblem: null, signingIn: true });
    let who;
    try {
      who = await session.signIn("sign_in");
    } catch (error) {
      const kind = /** @type {any} */ (error)?.kind ?? (error instanceof TypeError ? "offline" : null);
      if (!kind) throw error;
      set({ signInProblem: toSay(kind), signingIn: false });
      return undefined;
    }
    if (who === "another") return startOver();
    set({ signingIn: false, trouble: null });
    const again = interrupted;
    interrupted = null;
    return again ? again() : load();
  }

  /** Which of the two connections is missing; only administrators can do something about it; null when that cannot be had. */
  async function connectionsForAdmin() {
    if (!session.user()?.admin) return null;
    try {
      return (await api.get("/api/connections")).body;
    } catch (error) {
      if (!(error instanceof Problem) || error.kind === "signed_out") throw error;
      return null; // the record that was read is shown, without a way to connect
    }
  }

  /** For administrators: through the popup and back, then look again. @param {() => Promise<void>} work */
  async function connecting(work) {
    set({ actProblem: null, signInProblem: null });
    try {
      await work();
    } catch (error) {
      const kind = /** @type {any} */ (error)?.kind;
      if (CLOSED.includes(kind)) set({ signInProblem: toSay(kind) });
      else onActProblem(error);
    }
    await load();
  }

  const reconnect = () => connecting(async () => {
    if (state.connections?.zoho?.state !== "connected") return await session.signIn("connect") === "another" ? startOver() : undefined;
    await session.visit(async () => (await api.post("/api/connections/xero", { origin: session.origin() })).body.url);
    return chooseTheSameAgain();
  });

  /** @param {string} id one of the Xero organisations on offer */
  const choose = (id) => connecting(async () => {
    await api.put("/api/connections/xero/organisation", { id });
  });

  /** Who reconnects an organisation has chosen it already; otherwise the page offers the choice. */
  async function chooseTheSameAgain() {
    const { body } = await api.get("/api/connections");
    const wanted = state.record?.organisation?.id;
    const offered = (body.xero?.choices ?? []).some((/** @type {any} */ one) => one.id === wanted);
    if (body.xero?.state === "choose_organisation" && offered) {
      await api.put("/api/connections/xero/organisation", { id: wanted });
    }
  }

  return {
    open, load, sync, resolve, link, readEarlier, signIn, startOver, reconnect, choose,
    dismiss: () => set({ result: null }),
    readAnother: () => set({ another: null }),
    /** @param {boolean} online */
    setOnline(online) {
      set({ online });
      if (online) void load();
    },
    /** @param {RecordState["stage"]} stage @param {string} [wrong] @param {number} [chosen] */
    stop: (stage, wrong, chosen) => set({ stage, wrong, chosen }),
    /** CRM shows something else: look no further, and do nothing more here that is not begun. */
    leave() {
      left = true;
      interrupted = null;
      clearTimeout(timer);
    },
    state: () => state,
  };
}
