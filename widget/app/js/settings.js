// @ts-check
/** What the settings page knows and does; no DOM. Steps follow from what the backend says. */
import { Problem } from "./api.js";

/** The modules this version syncs, in the order of their dependence. */
export const MODULES = ["accounts", "products", "invoices", "payments"];
/** Those with a first sync of their own; payments come with their invoices. */
const FIRST_SYNCED = ["accounts", "products", "invoices"];
const ENDED = ["done", "finished", "failed", "cancelled", "partial"];

/**
 * @typedef {{
 *   stage: string, ghost: boolean, online: boolean, admin: boolean, me: any, connections: any, settings: any,
 *   health: any, draft: any, etag: string, run: any, preview: any, trouble: Problem | null,
 *   signInProblem: string | null, signingIn: boolean, busy: string, confirming: boolean, result: string,
 * }} SettingsState
 */

/** @returns {SettingsState} */
export function firstState() {
  return {
    stage: "starting", ghost: false, online: true, admin: false, me: null, connections: null, settings: null,
    health: null, draft: null, etag: "", run: null, preview: null, trouble: null, signInProblem: null,
    signingIn: false, busy: "", confirming: false, result: "",
  };
}

/** Which steps are done, and which is next. @param {SettingsState} state */
export function stepsOf(state) {
  const { connections, health } = state;
  const on = FIRST_SYNCED.filter((key) => state.settings?.modules?.[key]?.enabled);
  const done = {
    sign_in: Boolean(state.me),
    zoho: connections?.zoho?.state === "connected",
    xero: ["connected", "choose_organisation"].includes(connections?.xero?.state),
    organisation: connections?.xero?.state === "connected",
    preview: Boolean(state.preview?.finished) || on.every((key) => health?.modules?.[key]?.accepted),
    sync: on.length > 0 && on.every((key) => health?.modules?.[key]?.accepted),
  };
  const order = /** @type {(keyof typeof done)[]} */ (["sign_in", "zoho", "xero", "organisation", "preview", "sync"]);
  return { order, done, next: order.find((name) => !done[name]) ?? null };
}

/** How many fields of the draft differ from what is stored. @param {SettingsState} state */
export function changesIn(state) {
  if (!state.draft || !state.settings) return 0;
  const modules = MODULES.flatMap((key) => ["enabled", "schedule"].map((name) => state.draft.modules[key]?.[name] !== state.settings.modules[key]?.[name]));
  return [...modules, state.draft.language !== state.settings.language].filter(Boolean).length;
}

/** @param {{ api: any, session: any, draw: (state: SettingsState) => void, wait?: (ms: number) => Promise<void> }} options */
export function createSettingsPage({ api, session, draw, wait = (ms) => new Promise((done) => { setTimeout(done, ms); }) }) {
  let state = firstState();

  /** @param {Partial<SettingsState>} patch */
  function set(patch) {
    state = { ...state, ...patch };
    draw(state);
  }

  /** Anything that asks the backend: a trouble is shown, never swallowed. @param {string} busy @param {() => Promise<void>} work */
  async function act(busy, work) {
    if (state.busy) return;
    set({ busy, trouble: null, result: "" });
    try {
      await work();
    } catch (error) {
      onProblem(error);
    }
    set({ busy: "" });
  }

  /** @param {unknown} error */
  function onProblem(error) {
    const kind = /** @type {any} */ (error)?.kind;
    if (["blocked", "closed", "refused"].includes(kind)) set({ signInProblem: kind });
    else if (!(error instanceof Problem)) throw error;
    else if (error.kind === "signed_out") set({ stage: "signed_out", me: null });
    else set(state.connections ? { trouble: error } : { trouble: error, stage: "failed" });
  }

  /** A run goes on while nobody looks; whoever comes back sees it, and a finished preview still counts. */
  async function takeUpRuns() {
    const { body } = await api.get("/api/runs");
    const whole = (body.rows ?? []).filter((/** @type {any} */ run) => run.module === "all");
    const view = (/** @type {any} */ run) => ({ ...run, kind: run.kind === "preview" ? "preview" : "sync", finished: ENDED.includes(run.state) });
    const preview = whole.find((/** @type {any} */ run) => run.kind === "preview" && ["done", "finished"].includes(run.state));
    if (preview) set({ preview: view(preview) });
    const [newest] = whole.map(view);
    if (!newest || newest.finished) return;
    set({ run: newest });
    void act(newest.kind, async () => { await follow(newest.id, newest.kind); await readAll(); });
  }

  async function open() {
    set({ stage: "loading" });
    setTimeout(() => { if (state.stage === "loading") set({ ghost: true }); }, 300);
    await load();
    if (state.stage === "ready") await takeUpRuns().catch(onProblem);
  }

  const load = () => act("load", readAll);

  async function readAll() {
    const [me, connections, settings, health] = await Promise.all(
      ["/api/me", "/api/connections", "/api/settings", "/api/health"].map((path) => api.get(path)),
    );
    const draft = changesIn(state) ? state.draft : structuredClone(settings.body);
    set({
      stage: "ready", ghost: false, me: me.body, admin: Boolean(me.body.user?.admin), connections: connections.body,
      settings: settings.body, etag: settings.etag ?? "", draft, health: health.body,
    });
  }

  /** @param {"sign_in" | "connect"} purpose */
  async function signIn(purpose) {
    set({ signInProblem: null, signingIn: true });
    try {
      await session.signIn(purpose);
    } catch (error) {
      onProblem(error);
    }
    set({ signingIn: false });
    if (!state.signInProblem) await open();
  }

  async function connectXero() {
    await act("xero", async () => {
      const { body } = await api.post("/api/connections/xero", { origin: session.origin() });
      await session.visit(body.url);
      await readAll();
    });
  }

  /** @param {string} id */
  const choose = (id) => act("organisation", async () => {
    await api.put("/api/connections/xero/organisation", { id });
    await readAll();
  });

  const save = () => act("save", async () => {
    const stored = await api.put("/api/settings", state.draft, { "If-Match": state.etag });
    set({ settings: stored.body, draft: structuredClone(stored.body), etag: stored.etag ?? "", result: "saved" });
  });

  /** Start over from what somebody else has stored meanwhile. */
  const takeTheirs = () => act("load", async () => { set({ draft: state.settings }); await readAll(); });

  /** @param {"preview" | "sync"} kind */
  const start = (kind) => act(kind, async () => {
    const given = kind === "sync" && state.preview ? { direction: "both", preview: state.preview.id } : { direction: "both" };
    const { body } = await api.post(`/api/modules/all/${kind}`, given);
    await follow(body.run_id, kind);
    await readAll();
  });

  /** @param {string} id @param {string} kind */
  async function follow(id, kind) {
    for (;;) {
      const { body } = await api.get(`/api/runs/${encodeURIComponent(id)}`);
      const finished = ENDED.includes(body.state);
      set({ run: { ...body, kind, finished } });
      if (finished) {
        if (kind === "preview" && body.state !== "failed" && body.state !== "cancelled") set({ preview: state.run });
        return;
      }
      await wait(1000);
    }
  }

  /** Ask to stop; the run's own progress then says that it has. */
  async function cancel() {
    try {
      await api.post(`/api/runs/${encodeURIComponent(state.run.id)}/cancel`);
    } catch (error) {
      onProblem(error);
    }
  }

  const reset = () => act("reset", async () => {
    await api.remove("/api/connections/xero");
    set({ confirming: false, preview: null, run: null, result: "reset" });
    await readAll();
  });

  return {
    open, load, signIn, connectXero, choose, save, takeTheirs, start, cancel, reset,
    state: () => state,
    /** @param {(draft: any) => void} change */
    edit(change) { const draft = structuredClone(state.draft); change(draft); set({ draft }); },
    discard: () => set({ draft: structuredClone(state.settings) }),
    /** @param {boolean} confirming */
    confirm: (confirming) => set({ confirming }),
    dismiss: () => set({ result: "" }),
    /** @param {boolean} online */
    setOnline(online) { set({ online }); },
    /** @param {string} stage */
    stop: (stage) => set({ stage }),
  };
}
