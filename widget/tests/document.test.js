/** What CRM has left reaches nothing that it shows now: neither answers, nor errors, nor clicks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "../app/js/api.js";
import { createRecordDocument } from "../app/js/document.js";

const over = () => new Problem({ kind: "signed_out", status: 401 });
const turn = () => new Promise((done) => { setTimeout(done, 5); });
const record = (label, more = {}) => ({ state: "in_sync", label, connection: "connected", links: [{ xero_number: label }], ...more });
const listed = (...ids) => ({ rows: ids.map((id) => ({ zoho_id: id, label: `INV-${id}`, state: "pending" })), allowed: ["both"], connection: "connected" });

/** A document whose answers come when the test says so, and the timers it has set. */
function stage(session = {}) {
  const [asked, timers, sleeping] = [[], new Set(), []];
  let drawn = null;
  const ask = (method) => (path, body) => new Promise((resolve, reject) => {
    asked.push({ method, path, body, answer: (found) => (found instanceof Error ? reject(found) : resolve({ body: found })) });
  });
  const page = createRecordDocument({ zone: () => undefined,
    api: { get: ask("GET"), post: ask("POST") }, session: { user: () => ({ admin: true }), signIn: async () => "same", person: () => ({ user: { name: "Ben" } }), ...session },
    draw: (what) => { drawn = what; }, isHidden: () => false, face: async () => null,
    later: (act, ms) => { if (ms < 1000) return 0; const timer = setTimeout(() => {}, 1e6).unref(); timers.add(timer); return timer; },
    wait: () => new Promise((done) => { sleeping.push(done); }),
  });
  /** Answer the oldest open question to a path. */
  async function answer(path, found) {
    const at = asked.findIndex((one) => one.path.startsWith(path) && !one.done);
    assert.ok(at >= 0, `${path} was not asked: ${asked.map((one) => one.path)}`);
    asked[at].done = true;
    asked[at].answer(found);
    await turn();
  }
  async function wake() { for (const done of sleeping.splice(0)) done(); await turn(); }
  const open = (module, ...ids) => { void page.open({ module, ids }); return turn(); };
  return { page, open, answer, wake, asked, timers, shown: () => drawn.shown, acts: () => drawn.acts, drawn: () => drawn };
}

const open = (asked) => asked.filter((one) => !one.done).map(({ method, path }) => `${method} ${path}`);
const A = "/api/records/invoices/1";
const B = "/api/records/invoices/2";

async function clickedOnA() {
  const one = stage();
  await one.open("invoices", "1");
  await one.answer(A, record("INV-1"));
  void one.acts().sync("to_xero");
  await turn();
  return one;
}

test("the answer of a list that was left fills no other list, and its buttons write what is shown", async () => {
  const one = stage();
  await one.open("invoices", "1", "2");
  await one.open("invoices", "3", "4");
  await one.answer("/api/records/invoices?ids=3,4", listed("3", "4"));
  await one.answer("/api/records/invoices?ids=1,2", listed("1", "2"));
  assert.deepEqual(one.shown().rows.map((row) => row.zoho_id), ["3", "4"]);
  void one.acts().sync("both");
  await turn();
  assert.deepEqual(one.asked.at(-1).body, { ids: ["3", "4"], direction: "both" });
});

test("nor does its failing read speak on the other", async () => {
  const one = stage();
  await one.open("invoices", "1", "2");
  await one.open("invoices", "3", "4");
  await one.answer("/api/records/invoices?ids=3,4", listed("3", "4"));
  await one.answer("/api/records/invoices?ids=1,2", new Problem({ kind: "http", status: 503 }));
  assert.deepEqual([one.shown().stage, one.shown().trouble], ["ready", null]);
});

test("the run of a list that was left is followed no further and takes nothing over", async () => {
  const one = stage();
  await one.open("invoices", "1", "2");
  await one.answer("/api/records/invoices?ids=1,2", listed("1", "2"));
  void one.acts().sync("both");
  await turn();
  await one.answer("/api/records/invoices/sync", { run_id: "r" });
  await one.open("invoices", "1", "3");
  await one.answer("/api/records/invoices?ids=1,3", listed("1", "3"));
  assert.equal(one.shown().busy, "");
  void one.acts().sync("both");
  await turn();
  await one.answer("/api/runs/r", { id: "r", state: "running", total: 2, done: 1 });
  await one.answer("/api/runs/r/items", { rows: [{ id: "1", zoho_id: "1", status: "failed" }] });
  await one.wake();
  assert.deepEqual([one.shown().busy, one.shown().run, one.shown().rows.map((row) => row.status)], ["sync", null, [null, null]]);
  assert.deepEqual(open(one.asked), ["POST /api/records/invoices/sync"]);
});

test("a click that ends on another record neither speaks there nor frees its buttons", async () => {
  const one = await clickedOnA();
  await one.answer(`${A}/sync`, { request_id: "ra" });
  await one.open("invoices", "2");
  await one.answer(B, record("INV-2"));
  void one.acts().sync("to_xero");
  await turn();
  await one.wake();
  assert.deepEqual([one.shown().record.label, one.shown().busy?.kind, one.shown().result], ["INV-2", "sync", null]);
  assert.deepEqual(open(one.asked), [`POST ${B}/sync`], "what was left is asked after no more");
});

test("nor is its error shown there", async () => {
  const one = await clickedOnA();
  await one.open("invoices", "2");
  await one.answer(B, record("INV-2"));
  await one.answer(`${A}/sync`, new Problem({ kind: "http", status: 503 }));
  assert.deepEqual([one.shown().actProblem, one.shown().fate, one.shown().notice], [null, "nothing", null]);
});

test("a record whose connections come late is not drawn over the next", async () => {
  const one = stage();
  await one.open("invoices", "1");
  await one.answer(A, record("INV-1", { connection: "disconnected" }));
  await one.open("invoices", "2");
  await one.answer(B, record("INV-2"));
  await one.answer("/api/connections", { xero: { state: "revoked" } });
  assert.equal(one.shown().record.label, "INV-2");
});

test("a page with nothing to show stays so, whatever is asked of it or comes late", async () => {
  const one = stage();
  await one.open("invoices", "1");
  await one.answer(A, record("INV-1"));
  void one.page.load();
  one.page.stop("wrong", "module");
  await one.answer(A, record("INV-1"));
  void one.page.load();
  one.page.setOnline(true);
  await turn();
  assert.deepEqual([one.shown().stage, one.page.state().record, open(one.asked)], ["wrong", null, []]);
});

test("a record behind a list is looked at no more", async () => {
  const one = stage();
  await one.open("invoices", "1");
  await one.answer(A, record("INV-1", { state: "pending", request: { id: "r9", state: "running" } }));
  await one.open("invoices", "3", "4");
  await one.wake();
  assert.deepEqual(open(one.asked), ["GET /api/records/invoices?ids=3,4"]);
});

test("a click that a lost session interrupted never reaches another record or list", async () => {
  for (const late of [false, true]) {
    const one = await clickedOnA();
    if (!late) await one.answer(`${A}/sync`, over());
    await one.open("invoices", "2");
    if (late) await one.answer(`${A}/sync`, over());
    await one.answer(B, over());
    void one.acts().signIn();
    await turn();
    assert.deepEqual(open(one.asked), [`GET ${B}`]);
  }
});

test("who moves on while signing in sees the record that is shown now, and who came back", async () => {
  for (const who of ["same", "another"]) {
    const box = {};
    const one = stage({ signIn: () => new Promise((done) => { box.signedIn = done; }) });
    await one.open("invoices", "1");
    await one.answer(A, over());
    void one.acts().signIn();
    await one.open("invoices", "2");
    await one.answer(B, over());
    assert.equal(one.shown().stage, "signed_out");
    box.signedIn(who);
    await turn();
    await one.answer(B, record("INV-2"));
    assert.deepEqual([one.shown().record.label, one.shown().another?.user.name], ["INV-2", who === "another" ? "Ben" : undefined]);
  }
});

test("of several reads the newest counts, whichever comes last", async () => {
  const one = stage();
  await one.open("invoices", "1");
  void one.page.load();
  const [older, newer] = one.asked;
  newer.answer({ ...record("INV-1"), state: "conflict" });
  await turn();
  older.answer(record("INV-1"));
  await turn();
  assert.equal(one.shown().record.state, "conflict");
});

test("that CRM is offline is known to the next record too", async () => {
  const one = stage();
  await one.open("invoices", "1");
  one.page.setOnline(false);
  await one.open("invoices", "2");
  assert.equal(one.shown().online, false);
});
