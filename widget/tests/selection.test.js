/** What the list button's page does with clicks and a lost session, without a browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "../app/js/api.js";
import { createActing } from "../app/js/acting.js";
import { createSelectionPage, toTryAgain, verdict } from "../app/js/selection.js";
import { runSays } from "../app/js/selectionwords.js";

const over = () => new Problem({ kind: "signed_out", status: 401 });
const rows = [{ zoho_id: "1", label: "A", state: "pending" }];

function page(posts, who = "same") {
  const sent = [];
  const api = {
    get: async (path) => ({ body: path.startsWith("/api/runs/") ? { id: "r", state: "done", rows: [] } : { rows, allowed: ["both"], connection: "connected" } }),
    async post(path, body) {
      sent.push([path, body.ids]);
      const answer = await posts();
      if (answer instanceof Error) throw answer;
      return { body: answer };
    },
  };
  const session = { user: () => ({ admin: true }), signIn: async () => who, person: () => ({ user: { name: "Ben" }, org: null }) };
  return { sent, ...createSelectionPage({ api, session, draw: () => {}, wait: async () => {}, later: () => 0 }) };
}

const settled = () => new Promise((done) => { setTimeout(done, 5); });

test("a click that meets the end of the session goes on after signing in", async () => {
  const answers = [over(), { run_id: "r" }];
  const shown = page(() => answers.shift());
  await shown.open({ module: "invoices", ids: ["1"] });
  await shown.sync("both");
  await shown.signIn();
  await settled();
  assert.deepEqual(shown.sent, [["/api/records/invoices/sync", ["1"]], ["/api/records/invoices/sync", ["1"]]]);
});

test("a click of one person never goes on as another", async () => {
  const shown = page(over, "another");
  await shown.open({ module: "invoices", ids: ["1"] });
  await shown.sync("both");
  await shown.signIn();
  await settled();
  assert.equal(shown.sent.length, 1);
  assert.deepEqual([shown.state().stage, shown.state().another.user.name, shown.state().signingIn], ["ready", "Ben", false]);
});

test("how a run went is told by its own end too, and never green when records were not reached", () => {
  const ended = (...states) => states.map((status, at) => ({ zoho_id: String(at), status }));
  for (const [state, rows, tone, again] of [
    ["done", ended("success", "skipped"), "ok", []],
    ["done", ended("success", null), "decide", ["1"]],
    ["done", ended("success", "held"), "decide", ["1"]],
    ["cancelled", ended("success", null), "quiet", ["1"]],
    ["cancelled", ended("failed", null), "blocked", ["0", "1"]],
    ["failed", ended("success", "success"), "blocked", []],
  ]) {
    assert.deepEqual([verdict({ state }, rows), toTryAgain(rows)], [tone, again], `${state} ${rows.map((row) => row.status)}`);
  }
});

test("a run says why it waits or failed, and nothing once it is done", () => {
  const message = { text: "Xero does not answer.", fix: null };
  const said = (state) => runSays({ state, message });
  assert.deepEqual(["running", "failed", "done", "cancelled"].map(said), ["Xero does not answer.", "Xero does not answer.", "", ""]);
  assert.equal(runSays({ state: "running", message: null }), "");
});

test("that a run was told to stop is said at once, once, and taken back when it could not be told", async () => {
  const told = [];
  const acting = createActing({ api: { post: async (path) => { told.push(path); if (told.length === 1) throw new Problem({ kind: "http", status: 503 }); } },
    session: {}, state: () => state, set: (patch) => Object.assign(state, patch) });
  const state = { run: { id: "r" }, stopping: false, actProblem: null };
  await acting.stopRun();
  assert.deepEqual([state.stopping, state.actProblem.status], [false, 503]);
  await Promise.all([acting.stopRun(), acting.stopRun()]);
  assert.deepEqual([state.stopping, state.actProblem, told.length], [true, null, 2]);
});
