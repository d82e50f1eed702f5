// The dashboard's and the list's knowledge, with a host, a clock and a backend of cardboard.
import assert from "node:assert/strict";
import test from "node:test";
import { Problem } from "../app/js/api.js";
import { createDashboardPage } from "../app/js/dashboard.js";
import { causeTitle, inSyncSentence, openSentence, runResult, runTook, syncResult } from "../app/js/dashboardwords.js";
import { createSelectionPage, tally } from "../app/js/selection.js";
import { rowWords } from "../app/js/selectionwords.js";
import { ends, strokes } from "../app/js/views/charts.js";
import { budgetRows } from "../app/js/views/dashboard.js";
import { hasGap, standings } from "../app/js/views/overtime.js";

const board = { runs: [], by_state: {} };
const answers = { "/api/me": { user: { admin: true } }, "/api/connections": {}, "/api/health": {} };

/** A page whose GETs are answered by `get`, time standing still. */
function dashboard(get, more = {}) {
  const asked = [];
  const page = createDashboardPage({
    api: {
      get: async (path) => { asked.push(path); return { body: answers[path] ?? get(path) }; },
      post: async (path) => { asked.push(path); return { body: { run_id: "r1" } }; },
    },
    session: { signIn: async () => "same" }, draw: () => undefined, zone: () => "Europe/Berlin",
    isHidden: () => false, wait: async () => undefined, later: () => 0, ...more,
  });
  return { page, asked };
}

test("days are asked for in the reader's time zone", async () => {
  const { page, asked } = dashboard(() => board);
  await page.open();
  assert.ok(asked.includes("/api/dashboard?zone=Europe%2FBerlin"));
  assert.equal(page.state().stage, "ready");
});

test("the log is asked for as the page itself was", () => {
  const { page } = dashboard(() => board, { asked: () => "?serviceOrigin=https%3A%2F%2Fcrm.zoho.eu" });
  assert.equal(page.logAddress(), "settings.html?serviceOrigin=https%3A%2F%2Fcrm.zoho.eu#/log");
});

test("a time zone the service does not know is left out", async () => {
  const { page, asked } = dashboard((path) => {
    if (path.includes("?")) throw new Problem({ kind: "http", status: 400 });
    return board;
  });
  await page.open();
  assert.equal(asked.at(-1), "/api/dashboard");
  assert.equal(page.state().stage, "ready");
});

test("a dashboard opened offline comes with the connection", async () => {
  let offline = true;
  const { page } = dashboard(() => {
    if (offline) throw new Problem({ kind: "offline" });
    return board;
  });
  page.setOnline(false);
  await page.open();
  assert.deepEqual([page.state().stage, page.state().online], ["failed", false]);
  offline = false;
  page.setOnline(true);
  await new Promise((done) => { setTimeout(done, 5); });
  assert.equal(page.state().stage, "ready");
});

test("figures stay when the next reading fails", async () => {
  let fails = false;
  const { page } = dashboard(() => {
    if (fails) throw new Problem({ kind: "timeout" });
    return board;
  });
  await page.open();
  fails = true;
  await page.load();
  assert.equal(page.state().stage, "ready");
  assert.equal(page.state().trouble.kind, "timeout");
  assert.equal(page.state().board, board);
});

test("a trouble that goes on is news once", async () => {
  let number = 0;
  const { page } = dashboard(() => {
    if (number++) throw new Problem({ kind: "http", status: 503, request: String(number) });
    return board;
  });
  await page.open();
  await page.load();
  const { trouble } = page.state();
  await page.load();
  assert.equal(page.state().trouble, trouble);
});

test("a run somebody else began is followed to its end", async () => {
  const states = ["running", "running", "done"];
  let runs = [{ id: "r9", kind: "sync", state: "running" }];
  const { page, asked } = dashboard((path) => {
    if (path === "/api/runs/r9") {
      const state = states.shift();
      if (state === "done") runs = [];
      return { id: "r9", state };
    }
    return { ...board, runs };
  });
  await page.open();
  await new Promise((done) => { setTimeout(done, 20); });
  assert.equal(asked.filter((path) => path === "/api/runs/r9").length, 3);
  assert.equal(page.state().run, null);
});

test("budgets are drawn in the shapes there are, and left out when nothing is known", () => {
  assert.deepEqual(budgetRows(undefined), []);
  assert.deepEqual(budgetRows({ xero: null, zoho: null }), []);
  const plain = budgetRows({ xero: { day: 12, minute: null }, zoho: { day: 5 } });
  assert.deepEqual(plain.map((one) => [one.left, one.limit]), [[12, null], [5, null]]);
  const [day] = budgetRows({ xero: { day: { left: 900, limit: 1000 }, reserve: 100 } });
  assert.deepEqual([day.left, day.limit, day.reserve], [900, 1000, 100]);
});

const day = (name, in_sync, pending, conflict, needs_attention) => ({ day: name, modules: { invoices: { in_sync, pending, conflict, needs_attention } } });

test("every day has its place, and one nobody counted is no zero", () => {
  const days = [day("2026-10-30", 10, 2, 1, 3), day("2026-11-01", 12, 0, 0, 1)];
  const stands = standings(days, "all");
  assert.equal(stands.length, 14);
  assert.deepEqual(stands.slice(-3), [
    { day: "2026-10-30", in_sync: 10, waiting: 2, needed: 4 }, { day: "2026-10-31", in_sync: null }, { day: "2026-11-01", in_sync: 12, waiting: 0, needed: 1 },
  ]);
  assert.equal(hasGap(stands), true);
  assert.equal(hasGap(standings(days.slice(1), "all")), false);
  assert.deepEqual(standings([], "all"), []);
});

test("a module that was not there yet is not counted as empty", () => {
  const both = { day: "2026-11-02", modules: { ...day("", 1, 0, 0, 0).modules, accounts: { in_sync: 5, pending: 1, conflict: 0, needs_attention: 0 } } };
  const days = [day("2026-11-01", 12, 0, 0, 1), both];
  assert.deepEqual(standings(days, "accounts").slice(-2), [{ day: "2026-11-01", in_sync: null }, { day: "2026-11-02", in_sync: 5, waiting: 1, needed: 0 }]);
  assert.equal(standings(days, "all").at(-1).in_sync, 6);
});

test("a line is drawn between known neighbours only, and says where it begins and ends", () => {
  assert.deepEqual(strokes([null, 1, 2, null, 3]), [[1, 2]]);
  assert.deepEqual(ends([null, 1, 2, null, 3]), [1, 2, 4]);
  assert.deepEqual(strokes([]), []);
});

test("how records stood is told by its first and its last day", () => {
  const stands = standings([day("2026-10-30", 1000, 2, 1, 3), day("2026-11-01", 1200, 0, 0, 1)], "all").slice(-3);
  const known = stands.filter((one) => one.in_sync !== null);
  assert.match(inSyncSentence(known), /^In sync: 1,000 on .*30.*, 1,200 on .*1/);
  assert.match(openSentence(known), /^Waiting: 2 on .*, 0 on .* Needs you: 4 on .*, 1 on /);
});

test("a run's end is told by what needs a person first", () => {
  assert.deepEqual(runResult({ state: "done", failed: 2, held: 1 })[0], "blocked");
  assert.deepEqual(runResult({ state: "done", failed: 0, held: 1 })[0], "decide");
  assert.deepEqual(runResult({ state: "reading" })[0], "busy");
  assert.equal(runTook({ started_at: "2026-01-01T00:00:00Z", finished_at: "2026-01-01T01:02:03Z" }), "1:02:03");
  assert.equal(runTook({ started_at: null, finished_at: null }), "–");
  assert.equal(causeTitle({ state: "conflict", message: null }), "Edited on both sides");
});

/** The list's page over a backend that answers with these items. */
function selection(items, known = [], runs = []) {
  const posted = [];
  const page = createSelectionPage({
    api: {
      get: async (path) => {
        if (path.startsWith("/api/records/")) return { body: { rows: known, allowed: ["both"], denied: {}, connection: "connected" } };
        if (path.includes("/items")) return { body: { rows: path.includes("cursor") ? [] : items } };
        const run = runs.shift() ?? { state: "done", done: items.length, total: items.length };
        if (run instanceof Error) throw run;
        return { body: run };
      },
      post: async (path, body) => { posted.push(body); return { body: { run_id: "r1" } }; },
    },
    session: { user: () => null, signIn: async () => "same" }, draw: () => undefined, face: async (module, id) => ({ name: `CRM ${id}` }),
    wait: async () => undefined, later: () => 0,
  });
  return { page, posted };
}

test("results are told per record and only what failed goes again", async () => {
  const known = [{ zoho_id: "1", label: "A", state: "in_sync" }, { zoho_id: "2", label: "", state: "not_linked" }];
  const items = [{ id: "7", zoho_id: "1", status: "success" }, { id: "8", zoho_id: "2", status: "failed", label: "B" }];
  const { page, posted } = selection(items, known);
  await page.open({ module: "invoices", ids: ["1", "2"] });
  await page.sync("to_xero");
  assert.deepEqual(tally(page.state().rows), { success: 1, held: 0, failed: 1, skipped: 0, open: 0 });
  await page.again();
  assert.deepEqual(posted, [{ ids: ["1", "2"], direction: "to_xero" }, { ids: ["2"], direction: "to_xero" }]);
});

test("a record nobody has read bears CRM's own name", async () => {
  const { page } = selection([], [{ zoho_id: "2", label: "", state: "not_linked" }]);
  await page.open({ module: "invoices", ids: ["2", "3"] });
  await new Promise((done) => { setTimeout(done, 5); });
  assert.equal(page.state().rows[0].label, "CRM 2");
});

test("a conflict whose fields a list does not hold is not said to be in none", () => {
  assert.equal(rowWords({ state: "conflict", status: null }), "Conflict");
});

test("a lost look at a run does not end the following", async () => {
  const items = [{ id: "7", zoho_id: "1", status: "success" }];
  const { page, posted } = selection(items, [], [{ state: "running" }, new Problem({ kind: "offline" }), new Problem({ kind: "http", status: 503 })]);
  await page.open({ module: "invoices", ids: ["1"] });
  await page.sync("both");
  assert.deepEqual([page.state().run.state, page.state().actProblem, posted.length], ["done", null, 1]);
});

test("a session that ends inside a run is taken up in it, and begins no second one", async () => {
  const { page, posted } = selection([], [], [{ state: "running" }, new Problem({ kind: "signed_out", status: 401 })]);
  await page.open({ module: "invoices", ids: ["1"] });
  await page.sync("both");
  assert.equal(page.state().trouble.kind, "signed_out");
  await page.signIn();
  await new Promise((done) => { setTimeout(done, 5); });
  assert.deepEqual([page.state().run.state, posted.length], ["done", 1]);
});

test("a sync of everything says how it ended, and outlives a lost look", async () => {
  for (const end of ["done", "failed", "cancelled"]) {
    const states = ["running", new Problem({ kind: "timeout" }), end];
    const { page } = dashboard((path) => {
      if (path !== "/api/runs/r1") return board;
      const state = states.shift();
      if (state instanceof Error) throw state;
      return { id: "r1", state };
    });
    await page.open();
    await page.syncNow();
    assert.deepEqual([page.state().result, page.state().actProblem], [end, null]);
  }
  const words = ["done", "failed", "cancelled"].map(syncResult);
  assert.equal(new Set(words).size, 3);
});
