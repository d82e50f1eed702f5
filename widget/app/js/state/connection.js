// @ts-check
/** Both connections: made through a popup, one organisation chosen; reset, or left for good, with a name typed. */
import { CLOSED, toSay } from "../acting.js";
import { fresh } from "./work.js";

/** @param {any} ctx */
export function createConnection(ctx) {
  const slice = ctx.store.slice("connection", { ...fresh, connections: null, confirming: /** @type {"" | "reset" | "leave"} */ (""), typed: "", popup: null });

  const load = () => ctx.work.load(slice, async () => {
    const { body } = await ctx.api.get("/api/connections");
    return { connections: body };
  });

  /** Through a window and back; one that was closed is said, not thrown. The page can be used meanwhile, so nothing of it is busy. @param {() => Promise<unknown>} work */
  async function through(work) {
    slice.set({ popup: null, trouble: null });
    try {
      await work();
    } catch (error) {
      const kind = /** @type {any} */ (error)?.kind;
      if (CLOSED.includes(kind)) slice.set({ popup: toSay(kind) });
      else return ctx.work.once(slice, "connect", () => Promise.reject(error));
    }
    return ctx.refresh();
  }

  const connectXero = () => through(() => ctx.session.visit(async () => (await ctx.api.post("/api/connections/xero", { origin: ctx.session.origin() })).body.url));

  /** @param {string} id */
  const choose = (id) => ctx.work.act(slice, `choose-${id}`, async () => {
    await ctx.api.put("/api/connections/xero/organisation", { id });
    await ctx.refresh();
  });

  const reset = () => ctx.work.once(slice, "reset", async () => {
    await ctx.api.remove("/api/connections/xero");
    slice.set({ confirming: "", typed: "" });
    ctx.said("reset");
    await ctx.refresh();
  });

  /** Nothing of the organisation is left afterwards, so nothing is read again. @param {string} name */
  const leave = (name) => ctx.work.once(slice, "leave", async () => {
    await ctx.api.post("/api/organisation/leave", { name });
    slice.set({ confirming: "", typed: "" });
    ctx.left();
  });

  return {
    slice, load, connectXero, choose, reset, leave,
    connectZoho: () => through(async () => { if (await ctx.session.signIn("connect") === "another") await ctx.startOver(); }),
    /** @param {"" | "reset" | "leave"} confirming */
    ask(confirming) {
      ctx.work.withdraw(slice);
      slice.set({ confirming, typed: "", trouble: null });
    },
    /** @param {string} typed */
    type: (typed) => slice.set({ typed }),
  };
}
