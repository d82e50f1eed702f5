// @ts-check
/** The log: filtered and searched in the backend, read page by page, one row opened beside the list. */
import { fresh } from "./work.js";

const PAGE = 200;
const TYPING = 300;
const DAY = 86400000;
export const STATUSES = Object.freeze(["success", "held", "failed", "skipped"]);
export const SPANS = Object.freeze(["1", "7", "30", "400"]);

/** The question for the backend that an address asks. @param {Record<string, string>} query @param {Date} now */
export function questionOf(query, now) {
  const asked = new URLSearchParams();
  for (const name of ["module", "q", "record", "message_key"]) if (query[name]) asked.set(name, query[name]);
  if (STATUSES.includes(query.status)) asked.set("status", query.status);
  const days = SPANS.includes(query.days) ? Number(query.days) : 7;
  if (days < 400) asked.set("from", new Date(now.getTime() - days * DAY).toISOString().slice(0, 19) + "Z");
  return asked;
}

/** @param {any} ctx */
export function createLog(ctx) {
  const slice = ctx.store.slice("log", {
    ...fresh, rows: [], cursor: null, counts: null, query: {}, typed: null, more: false, unread: null, asked: "",
  });
  let typing = 0;

  /** @param {Record<string, string>} query @param {boolean} [entered] */
  function show(query, entered = false) {
    const asked = questionOf(query, ctx.now()).toString().replace(/from=[^&]*/, `days=${query.days ?? ""}`);
    const again = slice.get().asked === asked && slice.get().stage === "ready";
    slice.set({ query, asked });
    return again && !entered ? undefined : load();
  }

  const load = () => ctx.work.load(slice, async () => {
    const asked = questionOf(slice.get().query, ctx.now());
    asked.set("limit", String(PAGE));
    const { body } = await ctx.api.get(`/api/log?${asked}`);
    return { rows: body.rows ?? [], cursor: body.cursor ?? null, counts: body.counts ?? null, unread: null };
  });

  async function more() {
    const { cursor, more: busy, query, rows } = slice.get();
    if (!cursor || busy) return;
    slice.set({ more: true, unread: null });
    const asked = questionOf(query, ctx.now());
    asked.set("limit", String(PAGE));
    asked.set("cursor", cursor);
    const { body, problem } = await ctx.told(ctx.api.get(`/api/log?${asked}`));
    slice.set({ more: false });
    if (slice.get().rows !== rows) return;
    slice.set(problem ? { unread: problem } : { rows: [...rows, ...(body.rows ?? [])], cursor: body.cursor ?? null });
  }

  /** @param {string} text what is typed; the search follows when the typing pauses */
  function type(text) {
    const mine = ++typing;
    slice.set({ typed: text });
    ctx.later(() => {
      if (mine !== typing) return;
      slice.set({ typed: null });
      ctx.go({ view: "log", query: { ...slice.get().query, q: text.trim() } }, true);
    }, TYPING);
  }

  /** @param {any} row */
  const retry = (row) => ctx.work.act(slice, `retry-${row.id}`, async () => {
    await ctx.api.post(`/api/log/${encodeURIComponent(row.id)}/retry`);
    ctx.said("retrying");
  });

  /** @param {any} row whose cause is meant */
  const retryAll = (row) => ctx.work.act(slice, "retry-all", async () => {
    const { body } = await ctx.api.post("/api/retry", { message_key: row.message.key });
    ctx.said("retrying_all", { count: body?.count ?? 0 });
    await load();
  });

  const exportCsv = () => ctx.work.act(slice, "csv", async () => {
    const text = await ctx.api.text(`/api/log.csv?${questionOf(slice.get().query, ctx.now())}`);
    // Excel takes a file for one of its own code page unless it begins with this mark.
    ctx.saveFile("log.csv", "text/csv", `\ufeff${text}`);
  });

  return { slice, load, show, more, type, retry, retryAll, exportCsv };
}
