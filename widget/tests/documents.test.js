/** Documents several people edit: nothing of either is lost, and every difference is told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { differences, put, read, rebase, same } from "../app/js/state/documents.js";

const base = { modules: { a: { on: true, rule: "ask" }, b: { on: false } }, list: [1, 2], name: null };

test("equal documents have no difference, whatever the order of their keys", () => {
  assert.ok(same({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }));
  assert.ok(!same({ a: 1 }, { a: 1, b: undefined }));
  assert.deepEqual(differences(base, structuredClone(base)), []);
});

test("a difference is told with its place; lists are compared whole", () => {
  const next = put(put(base, ["modules", "a", "on"], false), ["list"], [2]);
  assert.deepEqual(differences(base, next), [
    { path: ["modules", "a", "on"], before: true, after: false }, { path: ["list"], before: [1, 2], after: [2] },
  ]);
});

test("putting a value leaves the given document alone", () => {
  const next = put(base, ["modules", "b", "on"], true);
  assert.equal(read(base, ["modules", "b", "on"]), false);
  assert.equal(read(next, ["modules", "b", "on"]), true);
  assert.equal(next.modules.a, base.modules.a);
});

test("my changes lie on top of what somebody else stored meanwhile", () => {
  const mine = put(base, ["modules", "a", "on"], false);
  const theirs = put(base, ["modules", "b", "on"], true);
  const { draft, both, theirs: told } = rebase(base, mine, theirs);
  assert.deepEqual([draft.modules.a.on, draft.modules.b.on], [false, true]);
  assert.deepEqual(both, []);
  assert.deepEqual(told, [{ path: ["modules", "b", "on"], before: false, after: true }]);
});

test("a place both changed differently waits for a choice, and mine stays until then", () => {
  const { draft, both } = rebase(base, put(base, ["name"], "mine"), put(base, ["name"], "theirs"));
  assert.equal(draft.name, "mine");
  assert.deepEqual(both, [{ path: ["name"], base: null, mine: "mine", theirs: "theirs" }]);
});

test("names that every object has are names like any other", () => {
  for (const name of ["constructor", "toString", "__proto__"]) {
    const next = put({}, [name, "on"], true);
    assert.deepEqual([Object.keys(next), read(next, [name, "on"]), read({}, [name])], [[name], true, undefined]);
    assert.deepEqual(differences({}, put({}, [name], 1)), [{ path: [name], before: undefined, after: 1 }]);
  }
});

test("a change within what somebody else took away is a change of the whole of it", () => {
  const { draft, both } = rebase(base, put(base, ["modules", "a", "on"], false), put(base, ["modules", "a"], undefined));
  assert.deepEqual(both, [{ path: ["modules", "a"], base: { on: true, rule: "ask" }, mine: { on: false, rule: "ask" }, theirs: undefined }]);
  assert.deepEqual(draft.modules.a, { on: false, rule: "ask" });
});

test("what both changed to the same value is no question", () => {
  const next = put(base, ["name"], "same");
  assert.deepEqual(rebase(base, next, structuredClone(next)).both, []);
});
