// @ts-check
/**
 * The two inboxes: a list and the card of one record. What was decided stays chosen while the list
 * is read again; a settled record leaves the list and the next one comes up.
 */
import { same } from "./documents.js";
import { fresh } from "./work.js";

const PAGE = 50;
/** Answers that end something: each is asked twice, and never goes on by itself. */
export const ENDING = Object.freeze(["never", "delete", "give_up", "keep"]);
/** How long a decided record may still be listed by the backend while its click is worked on. */
const STILL_LISTED = 10000;

/** Refusals that mean the question is no longer the one that was answered. */
const OVERTAKEN = Object.freeze(["answer_not_offered", "nothing_to_confirm", "conflict_changed"]);

/** Whether somebody else was faster: the record waits no more, or for another answer. @param {import("../api.js").Problem} problem */
const overtaken = ({ status, code }) => status === 404 || (status === 409 && OVERTAKEN.includes(code));

/** @param {any} ctx @param {"conflicts" | "attention"} name */
export function createInbox(ctx, name) {
  const slice = ctx.store.slice(name, {
    ...fresh, rows: [], cursor: null, total: 0, causes: [], counts: {}, fields: [], module: "", kind: "", field: "", sort: "", id: "", choices: {}, remember: {},
    settled: {}, more: false, unread: null, search: null,
  });

  /** @param {string | null} [cursor] */
  const address = (cursor = null) => {
    const { module, kind, field, sort } = slice.get();
    return `/api/${name}?${new URLSearchParams({ limit: String(PAGE), ...(module && { module }), ...(kind && { kind }), ...(field && { field }), ...(sort && { sort }), ...(cursor && { cursor }) })}`;
  };

  const load = () => ctx.work.load(slice, async () => {
    const { body } = await ctx.api.get(address());
    const { rows, choices } = slice.get();
    const found = taken(body, []);
    return { ...found, unread: null, choices: stillMeant(choices, rows, found.rows) };
  });

  /** @param {any} body @param {any[]} before */
  function taken(body, before) {
    const since = ctx.now().getTime() - STILL_LISTED;
    const gone = (/** @type {any} */ row) => slice.get().settled[row.id] > since;
    const found = body.rows ?? [];
    const rows = [...before, ...found.filter((/** @type {any} */ row) => !gone(row))];
    const total = Math.max(rows.length, Number(body.total ?? rows.length) - found.filter(gone).length);
    return { rows, total, cursor: body.cursor ?? null, causes: body.causes ?? [], counts: body.counts ?? {}, fields: body.fields ?? [] };
  }

  async function more() {
    const { cursor, more: busy, rows } = slice.get();
    if (!cursor || busy) return;
    slice.set({ more: true, unread: null });
    const { body, problem } = await ctx.told(ctx.api.get(address(cursor)));
    slice.set({ more: false, unread: problem, ...(body && taken(body, rows)) });
  }

  /** @param {any} row @param {string} busy @param {() => Promise<any>} work @param {string} said */
  const settle = (row, busy, work, said) => ctx.work[ENDING.includes(busy) ? "once" : "act"](slice, busy, async () => {
    await work();
    const held = slice.get();
    const rows = held.rows.filter((/** @type {any} */ one) => one.id !== row.id);
    slice.set({ rows, choices: without(held.choices, row.id), total: Math.max(0, held.total - 1), settled: { ...held.settled, [row.id]: ctx.now().getTime() }, search: null });
    onward(row, held.rows, said);
  }, (/** @type {any} */ problem) => overtaken(problem) && readAnew(row));

  /** Somebody else was faster: what waits now is shown, and that nothing was sent. @param {any} row */
  async function readAnew(row) {
    const { rows, choices } = slice.get();
    slice.set({ choices: without(choices, row.id), search: null });
    await load();
    const waits = slice.get().rows.some((/** @type {any} */ one) => one.id === row.id);
    onward(row, rows, waits ? "changed_meanwhile" : "settled_meanwhile");
    return true;
  }

  /** Say what became of a record; when it is gone the one behind it comes up. @param {any} row @param {any[]} before @param {string} said */
  function onward(row, before, said) {
    const { rows } = slice.get();
    const index = before.findIndex((one) => one.id === row.id);
    const stays = rows.some((/** @type {any} */ one) => one.id === row.id);
    ctx.said(said, { label: row.label });
    if (!stays) ctx.go({ view: name, id: rows[Math.min(index, rows.length - 1)]?.id ?? "" }, true);
    void ctx.refresh();
  }

  /** @param {any} row */
  const apply = (row) => settle(row, "apply", () => ctx.api.post(`/api/records/${row.module}/${row.zoho_id}/resolve`, {
    choices: slice.get().choices[row.id] ?? {}, remember: Boolean(slice.get().remember[row.id]), ...(row.conflict?.version && { version: row.conflict.version }),
  }), "applied");

  /** @param {any} row @param {string} action @param {Record<string, string>} [more] */
  const decide = (row, action, more = {}) => settle(row, action,
    () => ctx.api.post(`/api/attention/${encodeURIComponent(row.id)}`, { action, ...more }), action === "retry" ? "retrying" : "decided");

  /** Look in Xero for a partner the matching did not find. @param {any} row @param {string} q */
  async function search(row, q) {
    slice.set({ search: { q, rows: null, problem: null } });
    if (q.trim().length < 2) return;
    const { body, problem } = await ctx.told(ctx.api.get(`/api/xero/search/${row.module}?${new URLSearchParams({ q: q.trim() })}`));
    if (slice.get().search?.q === q) slice.set({ search: { q, rows: body?.rows ?? null, problem } });
  }

  return {
    slice, load, more, apply, decide, search,
    /** @param {string} id @param {boolean} [entered] */
    show(id, entered = false) { slice.set({ id, search: null }); return slice.get().stage === "ready" && !entered ? undefined : load(); },
    again: () => (slice.get().rows.length <= PAGE && !slice.get().busy && !slice.get().search ? load() : undefined),
    /** Another module has other fields. @param {"module" | "kind" | "field" | "sort"} what @param {string} value */
    filter(what, value) { slice.set({ ...(what === "module" && { field: "" }), [what]: value, stage: "idle" }); return load(); },
    /** @param {string} id @param {Record<string, string>} choices */
    choose(id, choices) { slice.set({ choices: { ...slice.get().choices, [id]: choices } }); },
    /** What is chosen for a record now; the page may not have drawn it yet. @param {string} id */
    chosen: (id) => slice.get().choices[id] ?? {},
    /** @param {string} id @param {boolean} on */
    remember(id, on) { slice.set({ remember: { ...slice.get().remember, [id]: on } }); },
    openSearch() { slice.set({ search: { q: "", rows: null, problem: null } }); },
    retryCause: (/** @type {string} */ key) => ctx.work.act(slice, "retry-all", async () => {
      const { body } = await ctx.api.post("/api/retry", { message_key: key });
      ctx.said("retrying_all", { count: body?.count ?? 0 });
      await load();
    }),
  };
}

/** @param {Record<string, any>} held @param {string} id */
function without(held, id) {
  const { [id]: _, ...rest } = held;
  return rest;
}

/**
 * The choices that still choose what was seen: a field whose values are others now, or that no
 * longer waits, is open again.
 * @param {Record<string, Record<string, string>>} choices @param {any[]} before @param {any[]} after
 */
export function stillMeant(choices, before, after) {
  const seen = (/** @type {any[]} */ rows, /** @type {string} */ id, /** @type {string} */ name) =>
    rows.find((one) => one.id === id)?.conflict?.fields?.find((/** @type {any} */ one) => one.field === name);
  const meant = (/** @type {string} */ id, /** @type {string} */ name) => {
    const [old, now] = [seen(before, id, name), seen(after, id, name)];
    return old && now && same([old.zoho, old.xero], [now.zoho, now.xero]);
  };
  return Object.fromEntries(Object.entries(choices).map(([id, chosen]) => [id,
    Object.fromEntries(Object.entries(chosen).filter(([name]) => meant(id, name)))]));
}
