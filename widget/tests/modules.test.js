/** What the pages know of the modules by themselves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readPageLoad } from "../app/js/host.js";
import { MODULES } from "../app/js/modulelist.js";
import { ORDER, isAttached, isOfPeople, moduleName, moduleOf, moduleOfEntity } from "../app/js/modules.js";
import { GROUPS, matrixOf } from "../app/js/state/modules.js";
import { chosenTitle } from "../app/js/selectionwords.js";
import { alwaysDecide, notInXero, whatSendingCreates } from "../app/js/words.js";
import { moduleName as nameOf, scopeLines, xeroName } from "../app/js/words/modules.js";

test("what CRM opens is known by the name CRM gives it", () => {
  for (const one of MODULES.filter(({ entity }) => entity)) {
    assert.equal(moduleOfEntity(one.entity)?.key, one.key);
    assert.equal(readPageLoad({ Entity: one.entity, EntityId: "1" }).module, one.key);
  }
  assert.equal(moduleOfEntity(""), null);
  assert.deepEqual(MODULES.filter(({ entity }) => !entity).map(({ key }) => key), ORDER.filter(isAttached));
});

test("groups follow one another and each has its modules together", () => {
  const groups = MODULES.map(({ group }) => group);
  assert.deepEqual(groups, GROUPS.flatMap((group) => groups.filter((one) => one === group)));
  assert.deepEqual(ORDER.filter(isOfPeople), ["accounts", "contacts", "vendors"]);
});

test("every module is called by words of its own, and an unknown one by what is known of it", () => {
  for (const say of [moduleName, notInXero, whatSendingCreates, (key) => chosenTitle(key, 2)]) {
    const said = ORDER.filter((key) => !isAttached(key)).map(say);
    assert.equal(new Set(said).size, said.length, said.join());
  }
  assert.deepEqual([moduleName("leads"), nameOf("leads", "Leads"), nameOf("all"), xeroName("leads", "Contacts")], ["leads", "Leads", "All modules", "Contacts"]);
  assert.equal(notInXero("leads"), "This record is not in Xero yet.");
  assert.equal(chosenTitle("leads", 1), "1 record chosen");
  assert.equal(alwaysDecide("payments"), "Always decide these fields this way");
  assert.equal(moduleOf("constructor"), null);
});

test("what comes along with another module has no scope of its own", () => {
  const held = { enabled: true, filter: [], start_date: null };
  assert.deepEqual(scopeLines(held, moduleOf("payments").along(), String), ["With invoices"]);
  assert.deepEqual(scopeLines(held, "", String), ["All records"]);
});

test("the matrix has the settings' modules in their order, whatever order they came in", () => {
  const modules = Object.fromEntries([...ORDER].reverse().map((key) => [key, {}]));
  assert.deepEqual(matrixOf(null, { modules }).map(({ key }) => key), ORDER);
});
