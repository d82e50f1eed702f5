/** How every view of the settings asks: what goes on failing is news once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "../app/js/api.js";
import { createStore } from "../app/js/state/store.js";
import { createWork, fresh } from "../app/js/state/work.js";

test("a view that goes on failing keeps its first trouble, and a new act tells its own", async () => {
  const slice = createStore(() => {}, (draw) => draw()).slice("view", { ...fresh });
  const work = createWork({ onSignedOut: () => {}, now: () => new Date(), later: () => 0 });
  let number = 0;
  const fails = async () => { throw new Problem({ kind: "http", status: 503, request: String(number += 1) }); };
  await work.load(slice, async () => ({ rows: [] }));
  await work.load(slice, fails);
  await work.load(slice, fails);
  assert.equal(slice.get().trouble.request, "1");
  await work.act(slice, "save", fails);
  assert.equal(slice.get().trouble.request, "3");
});
