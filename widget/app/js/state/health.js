// @ts-check
/** How it is going: read when asked for and every half minute while somebody looks; and the audit. */
import { isOver } from "./runs.js";
import { fresh } from "./work.js";

/** A run that is no more has ended. */
const GONE = Object.freeze({ state: "failed", message: null });

/** @param {any} ctx */
export function createHealth(ctx) {
  const slice = ctx.store.slice("health", { ...fresh, health: null, audit: undefined, auditUnread: null, auditRun: "", auditFailed: null });

  const load = () => ctx.work.load(slice, async () => {
    const { body } = await ctx.api.get("/api/health");
    return { health: body };
  });

  /** The last audit; undefined when this backend has none to tell. */
  async function loadAudit() {
    const { body, problem } = await ctx.told(ctx.api.get("/api/audit"));
    if (problem?.status === 404) return;
    slice.set(problem ? { auditUnread: problem } : { auditUnread: null, audit: body.last ?? null });
  }

  const audit = () => ctx.work.act(slice, "audit", async () => {
    const { body } = await ctx.api.post("/api/audit");
    slice.set({ auditRun: body.run_id, auditFailed: null });
    ctx.said("audit_started");
    void follow(body.run_id);
  });

  /** Look at a comparison until it has ended, then at its verdict; while nobody can look it waits. @param {string} id */
  async function follow(id) {
    /** @type {any} */
    let run = null;
    for (let round = 0; !isOver(run); round += 1) {
      await ctx.wait(round < 5 ? 1000 : 3000);
      if (slice.get().auditRun !== id) return;
      const { body, problem } = ctx.resting() ? { body: null, problem: null } : await ctx.told(ctx.api.get(`/api/runs/${encodeURIComponent(id)}`));
      run = problem?.status === 404 ? GONE : body ?? run;
    }
    await loadAudit();
    slice.set({ auditRun: "", auditFailed: run.state === "done" ? null : run });
  }

  return { slice, load, loadAudit, audit };
}

/** How many records wait in each inbox. @param {any} health */
export function badgesOf(health) {
  if (health?.inboxes) return health.inboxes;
  const rows = Object.values(health?.modules ?? {});
  const sum = (/** @type {string} */ name) => rows.reduce((total, row) => total + Number(/** @type {any} */ (row)[name] ?? 0), 0);
  return { conflicts: sum("conflict"), attention: sum("failing") };
}
