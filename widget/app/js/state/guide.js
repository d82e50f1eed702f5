// @ts-check
/**
 * The set-up guide: steps that follow from what the backend says, so that whoever leaves it finds
 * it where it stood, on any machine.
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

const KEPT = "zoho-xero-guide";

/** @param {any} ctx */
export function createGuide(ctx) {
  const slice = ctx.store.slice("guide", { seen: ctx.keep.read(KEPT) ?? {}, preflight: null });
  return {
    slice,
    async load() {
      const answer = await ctx.api.get("/api/preflight").catch(ctx.quietly);
      slice.set({ preflight: answer?.body ?? null });
    },
    /** A step without a trace in the backend is done when somebody has been there. @param {string} name */
    done(name) {
      const seen = { ...slice.get().seen, [name]: true };
      slice.set({ seen });
      ctx.keep.write(KEPT, seen);
    },
  };
}
