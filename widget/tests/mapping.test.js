/** The mapping without a browser: what is sent, what changed, what is open, and maps of taxes. */
import assert from "node:assert/strict";
import { test } from "node:test";
test("a sample is told as its reader writes it", () => {
  assert.match(sampleText({ type: "text" }, "2026-09-30"), /30 Sept? 2026|Sep 30, 2026/);
  assert.equal(sampleText({ type: "boolean" }, "true"), "Yes");
  assert.equal(sampleText({ type: "text", sample: "of the field" }), "of the field");
});

test("a rate that names its percentage does not say it twice", () => {
  assert.equal(rateName({ name: "20% (VAT on Income)", rate: "20" }), "20% (VAT on Income)");
  assert.equal(rateName({ name: "Zero Rated Income", rate: "0" }), "Zero Rated Income (0%)");
});

test("a run that is over is no longer under way, and a badge says what its inbox holds", () => {
  assert.deepEqual([runTitle({ kind: "sync", module: "all" }), endedTitle({ kind: "sync", module: "all" })], ["Syncing", "Sync of all modules"]);
  assert.equal(badgesOf({ inboxes: { conflicts: 1, attention: 0 }, modules: { accounts: { failing: 9 } } }).attention, 0);
  assert.equal(impossible("credit_notes", "to_xero", "This module cannot go to Xero."), "To CRM only");
