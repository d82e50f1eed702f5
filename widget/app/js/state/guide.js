// @ts-check
/**
 * The set-up guide: steps that follow from what the backend says, so that whoever leaves it, or
 * another administrator, finds it where it stood, on any machine.
 */
import { hasFirstSync } from "./firstsync.js";
import { waitingPreview } from "./runs.js";

/** @param {any} state the whole state */
export function stepsOf(state) {
  const { connections } = state.connection;
  const { health } = state.health;
  const modules = state.configured.stored?.modules ?? {};
  const on = Object.keys(modules).filter((key) => modules[key].enabled && hasFirstSync(key));
  const switched = Object.values(modules).filter((/** @type {any} */ one) => one.enabled).length;
  const xero = connections?.xero?.state;
  const open = state.guide.preflight?.checks?.filter((/** @type {any} */ one) => one.state !== "ok" && one.text) ?? [];
  const accepted = on.length > 0 && on.every((key) => health?.modules?.[key]?.accepted);
  const started = on.some((key) => health?.modules?.[key]?.accepted);
  const connected = xero === "connected";
  const done = {
    sign_in: Boolean(state.shell.me),
    zoho: connections?.zoho?.state === "connected",
    xero: ["connected", "choose_organisation"].includes(xero),
    organisation: connected,
    modules: connected && (started || Boolean(state.guide.seen.modules)) && on.length > 0,
    // What is still open holds up its own documents only: whoever has looked may go on.
    maps: connected && (started || Boolean(state.guide.seen.maps) || Boolean(state.guide.preflight && !open.length)),
    mapping: connected && (started || Boolean(state.guide.seen.mapping)),
    preview: accepted || Boolean(waitingPreview(state.runs.list, "all")),
    sync: accepted,
  };
  const order = /** @type {(keyof typeof done)[]} */ (["sign_in", "zoho", "xero", "organisation", "modules", "maps", "mapping", "preview", "sync"]);
  return { order, done, next: order.find((name) => !done[name]) ?? null, on, switched, open };
}

/** Views that are a step by having been looked at. */
const LOOKED_AT = Object.freeze(["modules", "maps", "mapping"]);

/** @param {any} ctx */
export function createGuide(ctx) {
  const slice = ctx.store.slice("guide", { seen: {}, preflight: null, unread: null });
  /** @param {any} answer what is seen; what was seen here and is not stored yet stays @param {object} [here] */
  const take = (answer, here = {}) => ({ seen: { ...here, ...Object.fromEntries((answer?.body?.seen ?? []).map((/** @type {string} */ name) => [name, true])) } });

  /** A step without a trace elsewhere is done when somebody has been there; everybody is told so. @param {string} name */
  async function done(name) {
    slice.set({ seen: { ...slice.get().seen, [name]: true } });
    const answer = await ctx.api.put(`/api/guide/${name}`).catch(ctx.quietly);
    if (answer) slice.set(take(answer, slice.get().seen));
  }

  return {
    slice, done,
    async load() {
      const [{ body, problem }, seen] = await Promise.all([ctx.told(ctx.api.get("/api/preflight")), ctx.api.get("/api/guide").catch(ctx.quietly)]);
      slice.set({ preflight: body ?? slice.get().preflight, unread: problem?.status === 404 ? null : problem, ...(seen && take(seen)) });
    },
    /** Somebody looks at a view, by whatever way. @param {string} view */
    visit(view) {
      const { shell, connection } = ctx.store.state();
      const counts = LOOKED_AT.includes(view) && !slice.get().seen[view] && shell.admin && connection.connections?.xero?.state === "connected";
      return counts ? done(view) : undefined;
    },
  };
}
