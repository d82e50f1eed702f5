/** An answer of another shape is no record without anything in it: it was not read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isBoard, isChosen, isPage, isRecord, understood } from "../app/js/shapes.js";
import { seenOf, stillMeant } from "../app/js/views/conflict.js";

const record = { state: "in_sync", connection: "connected" };

test("what is no record, list or board is told from one", () => {
  const neither = [5, "x", [], {}, null, true];
  for (const body of neither) {
    assert.deepEqual([isRecord(body), isChosen(body), isBoard(body), isPage(body)], [false, false, false, false], JSON.stringify(body));
  }
  assert.ok(isRecord({ ...record, history: null, conflict: null, links: [] }));
  for (const odd of [{ conflict: { fields: {} } }, { conflict: 5 }, { history: {} }, { links: "x" }, { money: [] }, { account: 5 }]) {
    assert.ok(!isRecord({ ...record, ...odd }), JSON.stringify(odd));
  }
  assert.ok(isChosen({ rows: [{}], allowed: [] }) && !isChosen({ rows: [5], allowed: [] }));
  assert.ok(isBoard({ by_state: {}, runs: [] }) && !isBoard({ by_state: {}, runs: {} }));
});

test("such an answer is a problem with the number of its request", () => {
  assert.equal(understood({ body: record, status: 200, request: "7" }, isRecord), record);
  assert.throws(() => understood({ body: [], status: 200, request: "7" }, isRecord), { kind: "unreadable", status: 200, request: "7" });
});

test("a choice is one between the values that were seen, and no other", () => {
  const fields = [{ field: "due_date", zoho: "a", xero: "b" }, { field: "notes", zoho: null, xero: "d" }];
  const choices = { due_date: { side: "xero", seen: seenOf(fields[0]) }, notes: { side: "zoho", seen: seenOf(fields[1]) }, gone: { side: "zoho", seen: "" } };
  assert.deepEqual(stillMeant(fields, choices), { valid: { due_date: "xero", notes: "zoho" }, overtaken: [] });
  for (const news of [{ xero: "c" }, { zoho: "c" }, { locked: true }]) {
    assert.deepEqual(stillMeant([{ ...fields[0], ...news }, fields[1]], choices), { valid: { notes: "zoho" }, overtaken: ["due_date"] });
  }
});
