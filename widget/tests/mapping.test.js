/** The mapping without a browser: what is sent, what changed, what is open, and maps of taxes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { complaintsOf, createMapping, mapsValues, openValues, standingOf, unsavedModules } from "../app/js/state/mapping.js";
import { asSent, changedRows, laidOver } from "../app/js/state/mappingrows.js";
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
  assert.deepEqual([...found], [["b", [{ part: "xero", text: "No." }]]]);
});

test("a row may be called like something every object has", () => {
  const names = ["constructor", "toString", "hasOwnProperty"];
  const rows = names.map((name) => row(name));
  assert.deepEqual(complaintsOf(rows, { "rows.0.xero": "No." }).get("constructor"), [{ part: "xero", text: "No." }]);
  const theirs = rows.map((one) => ({ ...one, flow: "off" }));
  const found = laidOver([], rows, theirs);
  assert.deepEqual(found.both.map((one) => [one.path[0], one.base]), names.map((name) => [name, undefined]));
  assert.deepEqual(openValues(row("a", { value_map: {} }), { choices: ["constructor"] }, null, [{ part: "value_map" }]), ["constructor"]);
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

/** A mapping over a backend that holds documents by module, and refuses who does not know the version. */
function mappingOf(modules) {
  const sent = [];
  let held = {};
  const slice = { get: () => held, set: (more) => { held = { ...held, ...more }; } };
  const answer = (module) => ({ body: { rows: structuredClone(modules[module].rows), fields: { zoho: [], xero: [] } }, etag: `"${module}.${modules[module].version}"` });
  const known = (module, extra) => { if (extra["If-Match"] !== answer(module).etag) throw { status: 412 }; };
  const moduleOf = (path) => path.split("/")[3];
  const api = {
    get: async (path) => answer(moduleOf(path)),
    async put(path, body, extra) {
      const module = moduleOf(path);
      sent.push([path, extra["If-Match"], body.rows]);
      known(module, extra);
      modules[module] = { rows: body.rows, version: modules[module].version + 1 };
      return answer(module);
    },
    async post(path, body, extra) {
      sent.push([path, extra["If-Match"]]);
      known(moduleOf(path), extra);
      return { body: {} };
    },
  };
  const mapping = createMapping({
    store: { slice: (_name, start) => { held = start; return slice; } }, api, said() {}, later() {}, quietly: () => null,
    work: {
      withdraw() {},
      act: async (_slice, _name, does, refused) => { try { await does(); return true; } catch (problem) { if (!(await refused(problem))) throw problem; return false; } },
      load: async (_slice, does) => slice.set({ ...(await does()), stage: "ready" }),
    },
  });
  return { mapping, sent, state: () => held, rowOf: (name) => held.rows.find((one) => one.name === name) };
}

/** What somebody else saves of a row. */
function saveElsewhere(document, name, patch) {
  document.rows = document.rows.map((one) => (one.name === name ? { ...one, ...patch } : one));
  document.version += 1;
}

test("an older version is restored only over the one that was looked at, never over rows not saved", async () => {
  const modules = { accounts: { rows: [row("a")], version: 4 } };
  const { mapping, sent, state, rowOf } = mappingOf(modules);
  await mapping.load("accounts");
  mapping.edit("a", { flow: "off" });
  assert.equal(await mapping.restore(2), false);
  assert.deepEqual([sent, rowOf("a").flow, mapping.unsaved()], [[], "off", true]);
  mapping.edit("a", { flow: "both" });
  await mapping.restore(2);
  assert.deepEqual(sent, [["/api/mapping/accounts/versions/2/restore", '"accounts.4"']]);
  saveElsewhere(modules.accounts, "a", { flow: "off" });
  assert.equal(await mapping.restore(2), false);
  assert.equal(state().etag, '"accounts.5"');
  assert.deepEqual(state().meanwhile.theirs.map(({ path, after }) => [path, after]), [[["a", "flow"], "off"]]);
});

test("two people's edits of one row merge field by field; the same field waits for a choice", async () => {
  const modules = { accounts: { rows: [row("a"), row("b")], version: 1 } };
  const { mapping, sent, state, rowOf } = mappingOf(modules);
  await mapping.load("accounts");
  mapping.edit("a", { flow: "to_xero", owner: "zoho" });
  saveElsewhere(modules.accounts, "a", { on: "create", owner: "xero" });
  saveElsewhere(modules.accounts, "b", { flow: "off" });
  assert.equal(await mapping.save(), false);
  assert.deepEqual(asSent(rowOf("a")), asSent(row("a", { flow: "to_xero", on: "create", owner: "zoho" })));
  assert.equal(rowOf("b").flow, "off");
  const [place, ...others] = state().meanwhile.both;
  assert.deepEqual([place, others], [{ path: ["a", "owner"], base: "none", mine: "zoho", theirs: "xero" }, []]);
  assert.equal(await mapping.save(), false, "nothing is decided for anybody");
  assert.equal(sent.length, 1);
  mapping.settle(place, "theirs");
  assert.equal(rowOf("a").owner, "xero");
  mapping.edit("a", { owner: "none" });
  assert.equal(await mapping.save(), false, "what is edited again is chosen again");
  mapping.settle(state().meanwhile.both[0], "mine");
  assert.equal(await mapping.save(), true);
  assert.deepEqual(sent.at(-1).slice(1), ['"accounts.3"', [asSent(row("a", { flow: "to_xero", on: "create" })), asSent(row("b", { flow: "off" }))]]);
  assert.deepEqual([state().meanwhile, state().unsaved], [null, false]);
});

test("a row I edited and somebody else took away is a question of the whole row", async () => {
  const { rows, both } = laidOver([row("a"), row("b")], [row("a", { flow: "off" }), row("b")], [row("b")]);
  assert.deepEqual(both.map(({ path, theirs, mine }) => [path, theirs, mine.flow]), [[["a"], undefined, "off"]]);
  assert.deepEqual(rows.map(asSent), [row("b"), row("a", { flow: "off" })].map(asSent));
});

test("rows not saved wait while another module is looked at, and lie on top of what was saved meanwhile", async () => {
  const modules = { accounts: { rows: [row("a")], version: 1 }, quotes: { rows: [row("q")], version: 1 } };
  const { mapping, sent, state, rowOf } = mappingOf(modules);
  await mapping.load("accounts");
  mapping.edit("a", { flow: "off" });
  await mapping.load("quotes");
  assert.deepEqual([rowOf("q").flow, state().unsaved, unsavedModules(state()), mapping.unsaved()], ["both", false, ["accounts"], true]);
  mapping.edit("q", { on: "create" });
  saveElsewhere(modules.accounts, "a", { owner: "xero" });
  await mapping.load("accounts");
  assert.deepEqual([rowOf("a").flow, rowOf("a").owner, unsavedModules(state())], ["off", "xero", ["accounts", "quotes"]]);
  assert.deepEqual(state().meanwhile.theirs.map(({ path }) => path), [["a", "owner"]]);
  assert.equal(await mapping.save(), true);
  assert.deepEqual([sent.map(([path]) => path), unsavedModules(state())], [["/api/mapping/accounts"], ["quotes"]]);
  await mapping.load("quotes");
  assert.equal(rowOf("q").on, "create");
  mapping.discard();
  assert.equal(mapping.unsaved(), false);
});

test("a save that the end of the session interrupted stores the module it was clicked for", async () => {
  const modules = { accounts: { rows: [row("a")], version: 1 }, quotes: { rows: [row("q")], version: 1 } };
  const { mapping, sent, state } = mappingOf(modules);
  await mapping.load("accounts");
  mapping.edit("a", { flow: "off" });
  const saving = mapping.save();
  await mapping.load("quotes");
  await saving;
  assert.deepEqual(sent.map(([path, , rows]) => [path, rows[0].flow]), [["/api/mapping/accounts", "off"]]);
  assert.deepEqual([state().module, state().rows.map((one) => one.name), mapping.unsaved()], ["quotes", ["q"], false]);
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
