/** What the list button's page does with clicks and a lost session, without a browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "../app/js/api.js";
import { createSelectionPage } from "../app/js/selection.js";

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
