// @ts-check
/** How it is going: read when asked for and every half minute while somebody looks; and the audit. */
import { fresh } from "./work.js";

/** @param {any} ctx */
export function createHealth(ctx) {
  const slice = ctx.store.slice("health", { ...fresh, health: null, audit: undefined, auditRun: "" });

  const load = () => ctx.work.load(slice, async () => {
    const { body } = await ctx.api.get("/api/health");
    return { health: body };
  });

  /** The last audit; undefined when this backend has none to tell. */
  async function loadAudit() {
    const answer = await ctx.api.get("/api/audit").catch(ctx.quietly);
    if (answer) slice.set({ audit: answer.body?.last ?? null });
  }

  const audit = () => ctx.work.act(slice, "audit", async () => {
    const { body } = await ctx.api.post("/api/audit");
    slice.set({ auditRun: body?.run_id ?? "" });
    ctx.said("audit_started");
    ctx.later(() => { slice.set({ auditRun: "" }); void loadAudit(); }, 5000);
  });

  return { slice, load, loadAudit, audit };
}

/** How many records wait in each inbox. @param {any} health */
export function badgesOf(health) {
  if (health?.inboxes) return health.inboxes;
  const rows = Object.values(health?.modules ?? {});
  const sum = (/** @type {string} */ name) => rows.reduce((total, row) => total + Number(/** @type {any} */ (row)[name] ?? 0), 0);
  return { conflicts: sum("conflict"), attention: sum("failing") };
}
