/** What the record page does with answers, troubles and clicks, without a browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { getInZone } from "../app/js/zoned.js";
import { Problem } from "../app/js/api.js";
import { createRecordPage } from "../app/js/record.js";

const inSync = { state: "in_sync", label: "INV-1", connection: "connected", links: [{ xero_number: "INV-1" }] };

function page({ record = () => inSync, post = () => ({ request_id: "r1" }), requests = [{ state: "done" }], session = {}, now = () => new Date(), later = (act, ms) => setTimeout(act, ms).unref() } = {}) {
  const calls = [];
  const say = async (method, path, body, make) => {
    calls.push([method, path, body]);
    const answer = await make();
    if (answer instanceof Error) throw answer;
    return { body: answer };
  };
  const api = {
    get: (path) => say("GET", path, undefined, () => (path.startsWith("/api/requests/") ? requests.shift() ?? { state: "done" } : record(path))),
    post: (path, body) => say("POST", path, body, () => post()),
  };
  const made = createRecordPage({
    zone: () => undefined,
    api, session: { user: () => ({ admin: true }), signIn: async () => "same", ...session },
    draw: () => {}, wait: async () => {}, isHidden: () => true, now, later,
  });
  return { calls, ...made };
}

const offline = () => new Problem({ kind: "offline" });
const over = () => new Problem({ kind: "signed_out", status: 401 });
const open = async (options) => { const made = page(options); await made.open({ module: "invoices", id: "1" }); return made; };

test("a click asks, waits for the request and shows what is true afterwards", async () => {
  const one = await open({ requests: [{ state: "queued" }, { state: "running" }, { state: "done" }] });
  await one.sync("to_xero");
  assert.deepEqual(one.calls.map(([method, path]) => `${method} ${path}`), [
    "GET /api/records/invoices/1", "POST /api/records/invoices/1/sync", "GET /api/requests/r1",
    "GET /api/requests/r1", "GET /api/requests/r1", "GET /api/records/invoices/1",
  ]);
  assert.deepEqual(one.calls[1][2], { direction: "to_xero" });
  assert.equal(one.state().busy, null);
  assert.equal(one.state().result, "INV-1 is now in Xero.");
});

test("a click that rests because a system does not answer is let go and followed no further", async () => {
  const rests = "2026-11-26T14:12:00Z";
  const waiting = { ...inSync, state: "pending", request: { id: "r1", state: "running", rests_until: rests } };
  const answers = [inSync, waiting];
  const one = await open({ record: () => answers.shift() ?? waiting, requests: [{ state: "running" }, { state: "running", rests_until: rests }] });
  await one.sync("to_xero");
  assert.deepEqual([one.state().busy, one.state().record.state, one.state().result], [null, "pending", null]);
  assert.equal(one.calls.filter(([, path]) => path === "/api/requests/r1").length, 2);
});

test("an accepted click is followed through a service that stumbles", async () => {
  const unavailable = new Problem({ kind: "http", status: 503 });
  const one = await open({ requests: [{ state: "queued" }, unavailable, new Problem({ kind: "http", status: 429 }), offline(), { state: "done" }] });
  await one.sync("to_xero");
  assert.deepEqual([one.state().actProblem, one.state().result], [null, "INV-1 is now in Xero."]);
});

test("a click without an answer may have arrived, one that was refused has not", async () => {
  for (const [problem, fate] of [
    [new Problem({ kind: "timeout" }), "unknown"], [offline(), "unknown"], [new Problem({ kind: "http", status: 502 }), "unknown"],
    [new Problem({ kind: "http", status: 409 }), "nothing"], [new Problem({ kind: "http", status: 403 }), "nothing"],
  ]) {
    const one = await open({ post: () => problem });
    const before = one.calls.length;
    await one.sync("to_xero");
    assert.equal(one.state().fate, fate);
    assert.equal(one.state().actProblem, problem);
    const read = one.calls.slice(before).filter(([method, path]) => method === "GET" && path === "/api/records/invoices/1");
    assert.equal(read.length, fate === "unknown" ? 1 : 0, "what may have happened is looked at");
  }
});

test("a session that ends while an accepted click is followed sends nothing again", async () => {
  const one = await open({ requests: [over()] });
  await one.sync("to_xero");
  assert.equal(one.state().fate, "goes_on");
  await one.signIn();
  assert.equal(one.calls.filter(([method]) => method === "POST").length, 1);
});

test("a click that takes too long is no success, and its notice goes when it is answered", async () => {
  let at = Date.now();
  const open1 = { ...inSync, request: { id: "r1", state: "running" } };
  const shown = [inSync, open1];
  const one = page({ record: () => shown.shift() ?? inSync, requests: Array(400).fill({ state: "running" }), now: () => new Date(at += 1000) });
  await one.open({ module: "invoices", id: "1" });
  await one.sync("to_xero");
  assert.deepEqual([one.state().notice, one.state().result], ["still_running", null]);
  await one.load();
  assert.equal(one.state().notice, null);
});

test("a click that leads to a hold is not called a success", async () => {
  const answers = [inSync, { ...inSync, state: "needs_attention" }];
  const one = await open({ record: () => answers.shift() });
  await one.sync("both");
  assert.equal(one.state().result, null);
});

test("a second click while one is under way does nothing", async () => {
  const one = await open();
  await Promise.all([one.sync("to_xero"), one.sync("to_xero")]);
  assert.equal(one.calls.filter(([method]) => method === "POST").length, 1);
});

test("a failing click stays on the page with its number", async () => {
  const one = await open({ post: () => new Problem({ kind: "http", status: 503, request: "7F3A-19C2" }) });
  await one.sync("to_xero");
  assert.equal(one.state().actProblem.request, "7F3A-19C2");
  assert.equal(one.state().record, inSync);
  assert.equal(one.state().busy, null);
});

test("the last figures stay when a later read fails", async () => {
  const answers = [inSync, offline()];
  const one = await open({ record: () => answers.shift() });
  await one.load();
  assert.equal(one.state().stage, "ready");
  assert.equal(one.state().record, inSync);
  assert.equal(one.state().trouble.kind, "offline");
});

test("a trouble that goes on is news once; another one is told", async () => {
  const failing = (status, request) => new Problem({ kind: "http", status, request });
  const answers = [inSync, failing(503, "1"), failing(503, "2"), failing(500, "3"), offline()];
  const one = await open({ record: () => answers.shift() });
  const told = [];
  while (answers.length) {
    await one.load();
    told.push(one.state().trouble.request || one.state().trouble.kind);
  }
  assert.deepEqual(told, ["1", "1", "3", "offline"]);
});

const paused = { ...inSync, state: "disconnected", connection: "disconnected" };

test("a record is shown when who is connected cannot be had, and not when the session is over", async () => {
  const asked = (about) => (path) => (path === "/api/connections" ? about() : paused);
  const lost = await open({ record: asked(() => new Problem({ kind: "http", status: 502 })) });
  assert.deepEqual([lost.state().stage, lost.state().record, lost.state().connections, lost.state().trouble], ["ready", paused, null, null]);
  assert.equal((await open({ record: asked(over) })).state().stage, "signed_out");
});

test("a first read that fails says so", async () => {
  assert.equal((await open({ record: offline })).state().stage, "failed");
  assert.equal((await open({ record: over })).state().stage, "signed_out");
});

test("a click that meets the end of the session goes on after signing in", async () => {
  const answers = [over(), { request_id: "r1" }];
  const one = await open({ post: () => answers.shift() });
  await one.resolve({ due_date: "zoho" }, true);
  assert.equal(one.state().trouble.kind, "signed_out");
  assert.equal(one.state().record, inSync);
  await one.signIn();
  await new Promise((done) => { setTimeout(done, 5); });
  const sent = one.calls.filter(([method]) => method === "POST").map(([, , body]) => body);
  assert.deepEqual(sent, [{ choices: { due_date: "zoho" }, remember: true }, { choices: { due_date: "zoho" }, remember: true }]);
  assert.equal(one.state().trouble, null);
});

test("who settles a conflict that somebody else settled is told, and sees what is true now", async () => {
  const mine = { ...inSync, state: "conflict", conflict: { fields: [{ field: "due_date" }], version: "v1" } };
  for (const code of ["conflict_changed", "unknown_record"]) {
    const read = [mine, inSync];
    const one = await open({ record: () => read.shift(), post: () => new Problem({ kind: "http", status: 409, code }) });
    await one.resolve({ due_date: "zoho" }, false);
    assert.deepEqual(one.calls[1].slice(1), ["/api/records/invoices/1/resolve", { choices: { due_date: "zoho" }, remember: false, version: "v1" }]);
    assert.deepEqual([one.state().record, one.state().actProblem.code, one.state().busy], [inSync, code, null]);
  }
});

test("a click of one person never goes on as another", async () => {
  const one = await open({ post: over, session: { signIn: async () => "another", person: () => ({ user: { name: "Ben" }, org: { name: "Bay" } }) } });
  await one.sync("to_xero");
  await one.signIn();
  await new Promise((done) => { setTimeout(done, 5); });
  assert.equal(one.calls.filter(([method]) => method === "POST").length, 1);
  assert.deepEqual([one.state().stage, one.state().another.user.name, one.state().trouble, one.state().signingIn], ["ready", "Ben", null, false]);
});

test("a window that was closed is said and can be tried again", async () => {
  const one = await open({ record: over, session: { signIn: async () => { throw Object.assign(new Error("x"), { kind: "closed" }); } } });
  await one.signIn();
  assert.equal(one.state().signInProblem, "closed");
  assert.equal(one.state().signingIn, false);
});

test("somebody else's request is followed to its end", async () => {
  const answers = [{ ...inSync, state: "syncing", request: { id: "r9", state: "running" } }, inSync];
  const one = await open({ record: () => answers.shift() });
  await new Promise((done) => { setTimeout(done, 5); });
  assert.ok(one.calls.some(([, path]) => path === "/api/requests/r9"));
  assert.equal(one.state().record.state, "in_sync");
  assert.equal(one.state().result, null);
});

test("however often it is read at once, the page looks again only once", async () => {
  const timers = [];
  const one = page({ later: (act, ms) => { const timer = setTimeout(() => {}, 1e6).unref(); if (ms > 1000) timers.push(timer); return timer; } });
  await Promise.all(Array.from({ length: 5 }, () => one.open({ module: "invoices", id: "1" })));
  await Promise.all([one.load(), one.load(), one.load()]);
  assert.equal(timers.filter((timer) => !timer._destroyed).length, 1);
});

test("a record is asked for with the reader's zone, and without it where the service does not know it", async () => {
  const asked = [];
  const api = { get: async (path) => { asked.push(path); if (path.includes("zone")) throw new Problem({ kind: "http", status: 400 }); return { body: {} }; } };
  await getInZone(api, "/api/records/invoices/1", "Pacific/Auckland");
  await getInZone(api, "/api/records/invoices/1", undefined);
  assert.deepEqual(asked, ["/api/records/invoices/1?zone=Pacific%2FAuckland", "/api/records/invoices/1", "/api/records/invoices/1"]);
});

test("what happened earlier is read page by page, whatever happens meanwhile, and a failing page is asked for again", async () => {
  const rows = (from, count) => Array.from({ length: count }, (_, at) => ({ id: String(from - at), module: "invoices" }));
  let newest = rows(40, 10);
  const pages = [offline(), { rows: rows(30, 20), cursor: "11" }, { rows: rows(10, 10), cursor: null }];
  const one = await open({ record: (path) => (path.startsWith("/api/log") ? pages.shift() : { ...inSync, zoho_id: "1", history: newest }) });
  const ids = () => [...one.state().record.history, ...one.state().earlier.rows].map((row) => Number(row.id));
  await one.readEarlier();
  assert.deepEqual([one.state().earlier.problem.kind, one.state().earlier.busy, ids().length], ["offline", false, 10]);
  await one.readEarlier();
  newest = rows(42, 10);
  await one.load();
  await one.readEarlier();
  assert.deepEqual(ids(), Array.from({ length: 42 }, (_, at) => 42 - at));
  assert.deepEqual([one.state().earlier.done, one.state().earlier.problem], [true, null]);
  assert.equal(one.calls.filter(([, path]) => path.startsWith("/api/log")).at(-1)[1], "/api/log?module=invoices&record=1&limit=20&cursor=11");
});
