/** Looking for a product without a browser: pauses, answers that come late, troubles, names. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "../app/js/api.js";
import { createProducts } from "../app/js/state/products.js";
import { createStore } from "../app/js/state/store.js";

function products(answer) {
  const asked = [];
  const due = [];
  const made = createProducts({
    store: createStore(() => {}, (act) => act()), later: (act) => due.push(act),
    quietly: (error) => { if (!(error instanceof Problem)) throw error; },
    api: { get: async (path) => { const query = new URLSearchParams(path.split("?")[1]); asked.push(query.toString()); return { body: { rows: await answer(query) } }; } },
  });
  return { ...made, asked, pause: async () => { due.splice(0).forEach((act) => act()); await new Promise(setImmediate); } };
}
const oak = { id: "7", label: "Oak table", number: "OAK-1" };

test("only what is typed when the typing pauses is asked for, and nothing shorter than CRM takes", async () => {
  const shown = products(async () => [oak]);
  for (const typed of ["o", "oa", "oak"]) shown.search(typed);
  await shown.pause();
  assert.deepEqual(shown.asked, ["q=oak"]);
  assert.deepEqual([shown.slice.get().stage, shown.slice.get().rows], ["ready", [oak]]);
  shown.search(" o ");
  await shown.pause();
  assert.deepEqual([shown.asked.length, shown.slice.get().stage, shown.slice.get().rows], [1, "idle", []]);
});

test("an answer that comes late changes nothing", async () => {
  let late;
  const shown = products((query) => (query.get("q") === "oak" ? new Promise((done) => { late = done; }) : Promise.resolve([])));
  shown.search("oak");
  await shown.pause();
  shown.search("elm");
  await shown.pause();
  late([oak]);
  await shown.pause();
  assert.deepEqual(shown.slice.get().rows, []);
});

test("a search that fails is no empty list, and is asked again", async () => {
  let down = true;
  const shown = products(async () => { if (down) throw new Problem({ kind: "http", status: 502 }); return [oak]; });
  shown.search("oak");
  await shown.pause();
  assert.deepEqual([shown.slice.get().stage, shown.slice.get().trouble?.status], ["failed", 502]);
  down = false;
  await shown.again();
  assert.deepEqual([shown.slice.get().stage, shown.slice.get().trouble, shown.slice.get().rows], ["ready", null, [oak]]);
});

test("a chosen product is called by its name, told to be gone, or asked about again", async () => {
  let down = true;
  const shown = products(async (query) => { if (down) throw new Problem({ kind: "offline" }); return query.get("id") === "7" ? [oak] : []; });
  await shown.name("7");
  assert.equal(shown.slice.get().named["7"].stage, "failed");
  down = false;
  await shown.name("7");
  await shown.name("7");
  await shown.name("8");
  assert.deepEqual(shown.slice.get().named["7"].product, oak);
  assert.equal(shown.slice.get().named["8"].stage, "gone");
  assert.deepEqual(shown.asked, ["id=7", "id=7", "id=8"]);
});
