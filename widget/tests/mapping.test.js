/** The mapping without a browser: what is sent, what changed, what is open, and maps of taxes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { asSent, changedRows, complaintsOf, createMapping, mapsValues, openValues, standingOf } from "../app/js/state/mapping.js";
import { boughtAnyway, chosenFor, proposals, taxesOf, waiting, withTax } from "../app/js/state/maps.js";
import { badgesOf } from "../app/js/state/health.js";
import { sampleText } from "../app/js/words/mapping.js";
import { rateName } from "../app/js/words/maps.js";
import { endedTitle, runTitle } from "../app/js/words/runs.js";
import { impossible } from "../app/js/words/modules.js";

const row = (name, more = {}) => ({ name, zoho: name, xero: name, flow: "both", on: "always", owner: "none", type: "text", locked: null, ...more });
const field = { choices: [{ value: "A" }, { value: "B" }] };

test("only what the backend takes is sent back", () => {
  assert.deepEqual(asSent(row("a", { label: "A", fixed: null, transform: [{ op: "trim" }] })), {
    name: "a", zoho: "a", xero: "a", flow: "both", on: "always", owner: "none", transform: [{ op: "trim" }],
  });
});

test("new, changed and missing rows are changes; a label is none", () => {
  const stored = { rows: [row("a"), row("b"), row("c")] };
  const rows = [row("a", { label: "other" }), row("b", { flow: "off" }), row("d")];
  assert.deepEqual(changedRows({ stored, rows }).map((one) => one.name), ["b", "d", "c"]);
});

test("a complaint about a place belongs to its row", () => {
  const found = complaintsOf([row("a"), row("b")], { "rows.1.xero": "No.", "rows.9.xero": "Lost.", other: "?" });
  assert.deepEqual(found, { b: [{ part: "xero", text: "No." }] });
});

test("a row is open while a value has no partner, and off is off", () => {
  const mapped = row("a", { value_map: { A: "1" } });
  const hole = [{ part: "value_map", text: "B has no partner." }];
  assert.deepEqual(openValues(mapped, field, null, hole), ["B"]);
  assert.deepEqual(openValues(mapped, field, { choices: [{ value: "B" }] }, hole), []);
  assert.deepEqual(openValues(mapped, field, null, []), []);
  assert.equal(standingOf(mapped, hole), "open");
  assert.equal(standingOf({ ...mapped, flow: "off" }, hole), "off");
  assert.equal(standingOf(row("a"), []), "mapped");
  assert.equal(standingOf(row("a", { zoho: null, fixed: "NZ" }), []), "mapped");
});

test("a map of Xero's states is not taken for one of CRM's values", () => {
  assert.equal(mapsValues(row("a", { value_map: { VOIDED: "Cancelled" } }), field, []), false);
  assert.equal(mapsValues(row("a", { value_map: { A: "1" } }), field, []), true);
  assert.equal(mapsValues(row("a", { value_map: {} }), field, []), true);
  assert.equal(mapsValues(row("a"), field, ["A"]), true);
});

test("one tax has one partner, whatever way its percentage is written", () => {
  const map = withTax([{ zoho: { name: "VAT", percentage: "20.0" }, xero: "OUTPUT" }], { name: "VAT", percentage: 20 }, "OUTPUT2", false, []);
  assert.deepEqual(map, [{ zoho: { name: "VAT", percentage: 20 }, xero: "OUTPUT2" }]);
  assert.deepEqual(withTax(map, { name: "VAT", percentage: "20" }, "", false, []), []);
});

test("a tax that CRM no longer has stays visible, and a decided one is no proposal", () => {
  const told = { tax: [{ zoho: { name: "GST", percentage: "15" }, proposal: "OUTPUT2" }] };
  const map = [{ zoho: { name: "Old", percentage: "10" }, xero: "OUTPUT" }];
  assert.deepEqual(taxesOf(told, map).map((one) => [one.zoho.name, Boolean(one.gone)]), [["GST", false], ["Old", true]]);
  assert.equal(proposals(told, map, []).length, 1);
  assert.equal(proposals(told, withTax(map, { name: "GST", percentage: 15 }, "OUTPUT2", false, []), []).length, 0);
});

test("a tax has a rate for what is sold and one for what is bought, each chosen by itself", () => {
  const rates = [{ code: "OUTPUT2", sales: true, purchases: false }, { code: "INPUT2", sales: false, purchases: true }, { code: "NONE", sales: true, purchases: true }, { code: "CAPEX", sales: false, purchases: true }];
  const zoho = { name: "VAT", percentage: "20" };
  const row = { zoho, proposal: "OUTPUT2", bought: { xero: null, found: null, proposal: "INPUT2" } };
  const told = { tax: [row], buys: true };
  assert.deepEqual(waiting(told, row, [], rates), { sold: true, bought: true });
  assert.deepEqual(waiting({ ...told, buys: false }, row, [], rates), { sold: true, bought: false });
  const both = proposals(told, [], rates).reduce((map, one) => withTax(map, one.zoho, one.xero, one.bought, rates), []);
  assert.deepEqual(both, [{ zoho, xero: "OUTPUT2" }, { zoho, xero: "INPUT2", use: "purchases" }]);
  assert.deepEqual(waiting(told, row, both, rates), { sold: false, bought: false });
  assert.deepEqual(withTax(both, zoho, "CAPEX", true, rates), [{ zoho, xero: "OUTPUT2" }, { zoho, xero: "CAPEX", use: "purchases" }]);
  assert.deepEqual(withTax(both, zoho, "", false, rates), [{ zoho, xero: "INPUT2", use: "purchases" }]);
  const bare = [{ zoho, xero: "OUTPUT2" }, { zoho, xero: "INPUT2" }];
  assert.equal(chosenFor(bare, zoho, true, rates), "INPUT2");
  assert.equal(chosenFor(bare, zoho, false, rates), "OUTPUT2");
  assert.deepEqual(boughtAnyway(row, [{ zoho, xero: "NONE" }], rates), { code: "NONE", asSold: true });
  assert.deepEqual(boughtAnyway({ zoho, bought: { found: "INPUT2" } }, [{ zoho, xero: "OUTPUT2" }], rates), { code: "INPUT2", asSold: false });
  assert.equal(taxesOf(null, both).length, 1);
});

test("an older version is restored only over the one that was looked at, never over rows not saved", async () => {
  const sent = [];
  let held = {};
  const slice = { get: () => held, set: (more) => { held = { ...held, ...more }; } };
  const mine = { body: { rows: [row("a")], fields: { zoho: [], xero: [] } }, etag: '"4"' };
  const api = {
    get: async () => mine,
    post: async (path, body, extra) => { sent.push([path, extra]); return { body: {} }; },
  };
  const ctx = {
    store: { slice: (_name, start) => { held = start; return slice; } }, api, said() {}, later() {}, quietly: () => null,
    work: {
      act: async (_slice, _name, does, refused) => { try { await does(); } catch (problem) { await refused(problem); } },
      load: async (_slice, does) => slice.set({ ...(await does()), stage: "ready" }),
    },
  };
  const mapping = createMapping(ctx);
  await mapping.load("accounts");
  mapping.edit("a", { flow: "off" });
  assert.equal(await mapping.restore(2), false);
  assert.deepEqual([sent, held.rows[0].flow, mapping.unsaved()], [[], "off", true]);
  mapping.edit("a", { flow: "both" });
  await mapping.restore(2);
  assert.deepEqual(sent[0], ["/api/mapping/accounts/versions/2/restore", { "If-Match": '"4"' }]);
  mine.etag = '"5"';
  mine.body = { ...mine.body, rows: [row("a", { flow: "off" })] };
  api.post = async () => { throw { status: 412 }; };
  await mapping.restore(2);
  assert.equal(held.etag, '"5"');
  assert.deepEqual(held.meanwhile.rows.map((one) => one.name), ["a"]);
});

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
});
