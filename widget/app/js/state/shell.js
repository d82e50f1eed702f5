// @ts-check
/**
 * The settings page without its looks: who reads, which view, what all views share, and what
 * happens when session, network or service go.
 */
import { toSay } from "../acting.js";
import { Problem } from "../api.js";
import { createConfigured } from "./configured.js";
import { createConnection } from "./connection.js";
import { createGuide, stepsOf } from "./guide.js";
import { createHealth } from "./health.js";
import { createInbox } from "./inbox.js";
import { createConfiguration } from "./configuration.js";
import { createLog } from "./log.js";
import { createMapping } from "./mapping.js";
import { createMaps } from "./maps.js";
import { createModules } from "./modules.js";
import { browserPlace, formatRoute, parseRoute } from "./route.js";
import { createProducts } from "./products.js";
import { createRuns } from "./runs.js";
import { createStore } from "./store.js";
import { createWork } from "./work.js";

const LOOK_AGAIN = 30000;

/** Hand a text to the reader as a file. @param {string} name @param {string} type @param {string} text */
function saveFile(name, type, text) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** @param {any} options api, session, draw; the rest can be replaced in tests */
export function createSettingsPage({
  api, session, draw, place = browserPlace(window), soon,
  openRecord = (/** @type {string} */ _module, /** @type {string} */ _id) => null,
  wait = (/** @type {number} */ ms) => new Promise((done) => { setTimeout(done, ms); }),
  now = () => new Date(), later = (/** @type {() => void} */ act, /** @type {number} */ ms) => setTimeout(act, ms), file = saveFile,
}) {
  const store = createStore(draw, soon);
  const shell = store.slice("shell", /** @type {any} */ ({
    stage: "starting", ghost: false, online: true, me: null, admin: false, route: { view: "guide", id: "", query: {} }, trouble: null,
    ended: false, signingIn: false, popup: null, toast: null, another: null,
  }));
  const work = createWork({ now, later, onSignedOut: () => shell.set({ ended: true }) });

  const ctx = {
    api, session, store, work, wait, now, later, saveFile: file, refresh, startOver,
    /** @param {string} what @param {any} [params] */
    said: (what, params = {}) => shell.set({ toast: { what, params } }),
    /** What accounts, tax rates and states are called, where nobody has looked at them yet. */
    readNames: () => { if (views.maps.slice.get().stage === "idle") void views.maps.load(); },
    /** Everything kept for the organisation is gone, this session with it. */
    left() {
      session.forget();
      shell.set({ stage: "left" });
    },
    /** Where the reader is. @returns {any} */
    at: () => shell.get().route,
    /** @param {any} route @param {boolean} [instead] */
    go(route, instead = false) {
      place.go(formatRoute(route), instead);
      if (instead) move();
    },
    /** An address this backend does not have answers nothing. @param {unknown} error */
    unlessMissing(error) {
      if (error instanceof Problem && error.status === 404) return null;
      throw error;
    },
    /** For what the page can do without. @param {unknown} error */
    quietly(error) {
      if (!(error instanceof Problem)) throw error;
      if (error.kind === "signed_out") shell.set({ ended: true });
      return null;
    },
    /** What is asked for, or the problem that kept it away: the one is never taken for the other. @param {Promise<any>} asking @returns {Promise<{ body: any, problem: Problem | null }>} */
    async told(asking) {
      try {
        const { body } = await asking;
        return { body, problem: null };
      } catch (error) {
        ctx.quietly(error);
        return { body: null, problem: /** @type {Problem} */ (error) };
      }
    },
    /** Whether nobody looks, or nothing can be asked: what is followed waits. */
    resting: () => place.isHidden() || !shell.get().online || shell.get().ended,
  };
  const views = makeViews(ctx);

  /** Everything all views share, read anew. */
  async function refresh() {
    await Promise.all([views.connection.load(), views.health.load(), views.guide.load(), views.configured.load(), views.runs.load()]);
  }

  async function open() {
    if (!["starting", "failed", "signed_out", "loading", "left"].includes(shell.get().stage)) return load();
    shell.set({ stage: "loading" });
    later(() => { if (shell.get().stage === "loading") shell.set({ ghost: true }); }, 300);
    try {
      const { body } = await api.get("/api/me");
      shell.set({ me: body, admin: Boolean(body.user?.admin) });
      await refresh();
      const failed = [views.connection, views.health, views.configured].find((view) => view.slice.get().stage === "failed");
      if (failed) return shell.set({ stage: "failed", trouble: failed.slice.get().trouble });
      shell.set({ stage: "ready", ghost: false, trouble: null, ended: false });
      move();
      watch();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      shell.set(error.kind === "signed_out" ? { stage: "signed_out" } : { stage: "failed", trouble: error });
    }
    return undefined;
  }

  /** Quietly, what somebody may be looking at; a list that was read further stays as it is. */
  async function lookAgain() {
    await Promise.all([views.health.load(), views.connection.load()]);
    const { view } = shell.get().route;
    if (view === "conflicts" || view === "attention") await views[view].again();
  }

  let watching = false;
  /** Look again by and by, never unseen and never while offline. */
  function watch() {
    if (watching) return;
    watching = true;
    const turn = () => later(() => {
      if (!place.isHidden() && shell.get().online && !shell.get().ended && shell.get().stage === "ready") void lookAgain();
      turn();
    }, LOOK_AGAIN);
    turn();
  }

  /** Show what the address asks for; without one, the guide until the first sync, then the modules. */
  function move() {
    if (shell.get().stage !== "ready") return;
    const route = parseRoute(place.hash()) ?? { view: stepsOf(store.state()).next ? "guide" : "modules", id: "", query: {} };
    shell.set({ route, toast: shell.get().toast });
    void enter(route);
  }

  let shown = "";

  /** A view that is entered reads anew; moving within it does not. @param {import("./route.js").Route} route */
  function enter({ view, id, query }) {
    const entered = view !== shown;
    // Whoever leaves a preview has put it by: nothing starts from it any more.
    if (entered && shown === "preview") work.withdraw(views.runs.slice);
    shown = view;
    if (view !== "preview") views.runs.leave();
    void views.guide.visit(view);
    if (view === "modules") return Promise.all([views.modules.load(), views.modules.openScope(id)]);
    if (view === "log") return views.log.show(query, entered);
    if (view === "conflicts" || view === "attention") return views[view].show(id, entered);
    if (view === "preview") return id ? views.runs.show(id) : views.runs.load();
    if (view === "configuration") ctx.readNames();
    if (view === "health") return Promise.all([views.health.load(), views.health.loadAudit()]);
    return views[/** @type {keyof typeof views} */ (view)]?.load?.(id);
  }

  const load = () => refresh().then(() => enter(shell.get().route));

  /** Somebody else, or another organisation, came back: drafts and what was interrupted are not his. */
  async function startOver() {
    const { online, route } = shell.get();
    work.takeInterrupted();
    views.runs.leave();
    store.reset();
    shown = "";
    shell.set({ online, another: session.person() });
    place.go(formatRoute({ view: route.view }), true);
    await open();
  }

  /** Sign in, then go on with what the lost session interrupted. @param {"sign_in" | "connect"} [purpose] */
  async function signIn(purpose = "sign_in") {
    shell.set({ popup: null, signingIn: true });
    let who;
    try {
      who = await session.signIn(purpose);
    } catch (error) {
      const kind = /** @type {any} */ (error)?.kind ?? (error instanceof TypeError ? "offline" : null);
      if (!kind) throw error;
      return shell.set({ popup: toSay(kind), signingIn: false });
    }
    if (who === "another") return startOver();
    const again = work.takeInterrupted();
    shell.set({ signingIn: false, ended: false });
    if (shell.get().stage !== "ready") return open();
    for (const act of again) act();
    return again.length ? undefined : load();
  }

  place.onMove(move);
  place.warnWhen(() => views.configured.unsaved() || views.mapping.unsaved());

  return {
    views, open, load, signIn, go: ctx.go, refresh, openRecord,
    /** @param {import("./route.js").Route} route */
    link: formatRoute,
    state: () => store.state(),
    readAnother: () => shell.set({ another: null }),
    dismiss: () => shell.set({ toast: null }),
    /** @param {boolean} online */
    setOnline(online) {
      shell.set({ online });
      if (online && shell.get().stage === "ready") void load();
    },
    /** @param {string} stage */
    stop: (stage) => shell.set({ stage }),
  };
}

/** @param {any} ctx */
function makeViews(ctx) {
  const configured = createConfigured(ctx);
  return /** @type {any} */ ({
    configured, connection: createConnection(ctx), health: createHealth(ctx), guide: createGuide(ctx), runs: createRuns(ctx),
    modules: createModules(ctx, configured), mapping: createMapping(ctx), maps: createMaps(ctx), products: createProducts(ctx), configuration: createConfiguration(ctx),
    log: createLog(ctx), conflicts: createInbox(ctx, "conflicts"), attention: createInbox(ctx, "attention"),
  });
}
