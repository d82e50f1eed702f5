// @ts-check
/** Both connections: made through a popup, one organisation chosen; reset, or left for good, with a name typed. */
import { fresh } from "./work.js";

/** @param {any} ctx */
export function createConnection(ctx) {
  const slice = ctx.store.slice("connection", { ...fresh, connections: null, confirming: /** @type {"" | "reset" | "leave"} */ (""), typed: "", popup: null });

  const load = () => ctx.work.load(slice, async () => {
    const { body } = await ctx.api.get("/api/connections");
    return { connections: body };
  });

  /** Through a popup and back; a window that was closed is said, not thrown. @param {string} busy @param {() => Promise<unknown>} work */
  const through = (busy, work) => ctx.work.act(slice, busy, async () => {
    slice.set({ popup: null });
    try {
      await work();
    } catch (error) {
      const kind = /** @type {any} */ (error)?.kind;
      if (!["blocked", "closed", "refused"].includes(kind)) throw error;
      slice.set({ popup: kind });
    }
    await ctx.refresh();
  });

  const connectXero = () => through("xero", async () => {
    const { body } = await ctx.api.post("/api/connections/xero", { origin: ctx.session.origin() });
    await ctx.session.visit(body.url);
  });

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
    connectZoho: () => through("zoho", async () => { if (await ctx.session.signIn("connect") === "another") await ctx.startOver(); }),
    /** @param {"" | "reset" | "leave"} confirming */
    ask(confirming) {
      ctx.work.withdraw(slice);
      slice.set({ confirming, typed: "", trouble: null });
    },
    /** @param {string} typed */
    type: (typed) => slice.set({ typed }),
  };
}
