/** The characters underlined are exactly those that changed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { changedParts } from "../app/js/diff.js";

const marked = (value, other) => changedParts(value, other).map((part) => (part.changed ? `[${part.text}]` : part.text)).join("");

test("what was added is marked", () => {
  assert.equal(marked("PO 7731 rev. B", "PO 7731"), "PO 7731 [rev. B]");
  assert.equal(marked("PO 7731-2", "PO 7731"), "PO 7731[-2]");
});

test("a replaced word is marked", () => assert.equal(marked("Spring order Lyon", "Spring order Nice"), "Spring order [Lyon]"));

test("equal values have no mark and nothing is lost", () => {
  assert.equal(marked("same", "same"), "same");
  assert.equal(changedParts("a b  c", "x").map((part) => part.text).join(""), "a b  c");
});

test("a very long text is marked whole instead of keeping the page busy", () => {
  const long = "word ".repeat(5000);
  assert.deepEqual(changedParts(long, "other ".repeat(5000)), [{ text: long, changed: true }]);
});

test("a second blank is marked, for nobody sees it otherwise", () => {
  assert.equal(marked("Pemberton  Catering", "Pemberton Catering"), "Pemberton[  ]Catering");
});
