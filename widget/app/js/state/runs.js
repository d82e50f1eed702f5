// @ts-check
/** Previews and syncs: started, followed while they work, stopped, confirmed, undone, and their rows. */
import { fresh } from "./work.js";

const ENDED = Object.freeze(["done", "finished", "failed", "cancelled", "partial"]);
const PAGE = 50;

/** @param {any} run */
export const isOver = (run) => ENDED.includes(run?.state);

/** How many changes a run makes or would make; linking what is equal writes nothing people see. @param {any} run */
export function changesOf(run) {
  const by = run?.summary?.by_operation;
  const names = by ? ["create", "update", "delete"] : ["created", "updated", "deleted"];
  return names.reduce((sum, name) => sum + Number((by ?? run ?? {})[name] ?? 0), 0);
}

/** The last finished preview of a module that nothing was started from, newest first. @param {any[]} runs @param {string} [module] */
export function waitingPreview(runs, module) {
  const used = new Set(runs.map((run) => run.preview).filter(Boolean));
  return runs.find((run) => run.kind === "preview" && ["done", "finished"].includes(run.state)
    && !used.has(run.id) && (!module || run.module === module)) ?? null;
}

/** @param {any} ctx */
export function createRuns(ctx) {
  const slice = ctx.store.slice("runs", {
    ...fresh, list: [], run: null, rows: [], cursor: null, from: [], operation: "", status: "", rowsBusy: false, rowsRead: false, unread: null, open: "",
  });
  let following = "";
  let asked = 0;

  const load = () => ctx.work.load(slice, async () => {
    const { body } = await ctx.api.get("/api/runs");
    const list = body.rows ?? [];
    const busy = list.find((/** @type {any} */ run) => !isOver(run));
    if (busy) void follow(busy.id);
    return { list };
  });

  /** Show one run and its rows; follow it while it works. @param {string} id */
  async function show(id) {
    if (slice.get().run?.id !== id) slice.set({ run: null, rows: [], cursor: null, from: [], operation: "", status: "", rowsRead: false, unread: null, open: "", stage: "idle" });
    await ctx.work.load(slice, async () => {
      const { body } = await ctx.api.get(`/api/runs/${encodeURIComponent(id)}`);
      return { run: body };
    });
    const { run } = slice.get();
    if (!run) return;
    if (isOver(run)) await page();
    else await follow(id);
  }

  /** @param {string} kind preview or sync @param {string} module @param {any} given */
  const start = (kind, module, given = { direction: "both" }) => ctx.work.act(slice, kind, async () => {
    const { body } = await ctx.api.post(`/api/modules/${module}/${kind}`, given);
    ctx.go({ view: "preview", id: body.run_id });
  });

  /** A run that is no more is followed no further, and who looked at it sees the others. @param {string} id */
  function vanished(id) {
    const { list, run } = slice.get();
    following = "";
    slice.set({ list: list.filter((/** @type {any} */ one) => one.id !== id), ...(run?.id === id && { run: null, rows: [] }) });
    if (run?.id === id && ctx.at().view === "preview") ctx.go({ view: "preview", id: "" }, true);
    return null;
  }

  /** What a run that is not answered means. @param {string} id @param {any} error */
  function unanswered(id, error) {
    if (following !== id) return null;
    if (error?.status === 404) return vanished(id);
    if (error?.kind === "signed_out") {
      following = "";
      ctx.work.afterSigningIn(slice, () => { void follow(id); });
    }
    return ctx.quietly(error);
  }

  /** Look at a run until it is over; a lost connection is waited for, and so is who has to sign in again. @param {string} id */
  async function follow(id) {
    if (following === id) return;
    following = id;
    for (let round = 0; following === id; round += 1) {
      const answer = await ctx.api.get(`/api/runs/${encodeURIComponent(id)}`)
        .catch((/** @type {any} */ error) => unanswered(id, error));
      if (answer) slice.set({ run: answer.body, list: merged(slice.get().list, answer.body) });
      if (answer && (isOver(answer.body) || answer.body.confirm)) break;
      await ctx.wait(round < 5 ? 600 : 2000);
    }
    if (following !== id) return;
    following = "";
    if (isOver(slice.get().run)) await Promise.all([page(), ctx.refresh()]);
  }

  /** One page of the rows, by what is filtered. @param {string | null} [cursor] */
  async function page(cursor = null) {
    const { run, operation, status } = slice.get();
    if (!run) return;
    const mine = ++asked;
    slice.set({ rowsBusy: true, unread: null });
    const query = new URLSearchParams({ limit: String(PAGE), ...(cursor && { cursor }), ...(operation && { operation }), ...(status && { status }) });
    const { body, problem } = await ctx.told(ctx.api.get(`/api/runs/${encodeURIComponent(run.id)}/items?${query}`));
    if (mine !== asked) return;
    slice.set({ rowsBusy: false, rowsRead: !problem, unread: problem, rows: body?.rows ?? [], cursor: body?.cursor ?? null });
  }

  /** @param {string} id @param {string} path */
  const tell = async (id, path) => {
    const { body } = await ctx.api.post(`/api/runs/${encodeURIComponent(id)}/${path}`);
    if (body?.run_id) ctx.go({ view: "preview", id: body.run_id });
    else await show(id);
  };
  /** Deletions and what takes a run back are asked for again when the session was lost. @param {"cancel" | "undo" | "confirm"} path */
  const told = (path) => {
    const { id } = slice.get().run;
    return ctx.work[path === "cancel" ? "act" : "once"](slice, path, () => tell(id, path));
  };

  return {
    slice, load, show, start, page,
    /** The same rows once more. */
    again: () => page(slice.get().from.at(-1) ?? null),
    /** @param {string} operation @param {string} status */
    filter(operation, status) { slice.set({ operation, status, from: [] }); return page(); },
    next() { const { cursor, from } = slice.get(); slice.set({ from: [...from, cursor] }); return page(cursor); },
    back() { const from = slice.get().from.slice(0, -1); slice.set({ from }); return page(from.at(-1) ?? null); },
    cancel: () => told("cancel"), undo: () => told("undo"), confirm: () => told("confirm"),
    /** @param {string} id */
    open(id) { slice.set({ open: slice.get().open === id ? "" : id }); },
    leave() { following = ""; },
  };
}

/** @param {any[]} list @param {any} run */
function merged(list, run) {
  return list.some((one) => one.id === run.id) ? list.map((one) => (one.id === run.id ? run : one)) : [run, ...list];
}
