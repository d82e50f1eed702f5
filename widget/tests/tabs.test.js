/** Copied tabs go on with the newest token, whichever of them traded it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSession } from "../app/js/auth.js";

const KEY = "zoho-xero-refresh";
const json = (body, status = 200) => new Response(JSON.stringify(body), { status });

/** A browser with one channel between all pages, and a backend that trades every token for the next number. */
function browser() {
  const ears = [];
  const made = {
    asked: [],
    async send(_, options) {
      const { refresh_token: shown } = JSON.parse(options.body);
      made.asked.push(shown);
      const [id, number] = shown.split(".");
      return json({ access_token: "a", refresh_token: `${id}.${Number(number) + 1}`, user: { id: "7" } });
    },
    /** @param {Map<string, string>} storage of the tab, copied or not */
    page(storage) {
      let mine;
      const channel = {
        addEventListener: (_, hear) => { mine = hear; ears.push(hear); },
        postMessage: (data) => { for (const hear of ears.filter((one) => one !== mine)) hear({ data }); },
      };
      const page = { location: { origin: "https://bridge.example" }, navigator: {} };
      return createSession({ base: "", guard: { expect: () => () => {} }, send: made.send, storage, page, channel });
    },
  };
  return made;
}

const kept = (refresh = "s.0") => new Map([[KEY, JSON.stringify({ refresh, user: "7" })]]);
const held = (storage) => JSON.parse(storage.get(KEY) ?? "null")?.refresh ?? null;

test("a copy of a tab goes on with what the other has traded, and the other with what the copy trades", async () => {
  const shown = browser();
  const [first, copy] = [kept(), kept()];
  const [one, other] = [shown.page(first), shown.page(copy)];
  await other.refresh();
  await one.refresh();
  await other.refresh();
  assert.deepEqual(shown.asked, ["s.0", "s.1", "s.2"]);
  assert.deepEqual([held(first), held(copy)], ["s.3", "s.3"]);
});

test("a page that opens with an old token learns the newest from the other tab before it shows one", async () => {
  const shown = browser();
  const [first, copy] = [kept(), kept()];
  const other = shown.page(copy);
  await other.refresh();
  await other.refresh();
  const late = shown.page(first);
  assert.equal(held(first), "s.2");
  assert.equal(await late.refresh(), true);
  assert.deepEqual(shown.asked, ["s.0", "s.1", "s.2"]);
});

test("an older token takes no newer one's place, and another session is left alone", async () => {
  const shown = browser();
  const [first, stranger] = [kept(), kept("t.0")];
  const one = shown.page(first);
  await one.refresh();
  shown.page(stranger);
  shown.page(kept());
  assert.deepEqual([held(first), held(stranger)], ["s.1", "t.0"]);
});

test("who signed out stays signed out, whatever other tabs hold", async () => {
  const shown = browser();
  const first = kept();
  shown.page(first).forget();
  await shown.page(kept()).refresh();
  assert.equal(held(first), null);
});

test("what is no token on the channel changes nothing", () => {
  const shown = browser();
  const first = kept();
  const ears = [];
  const channel = { addEventListener: (_, hear) => ears.push(hear), postMessage: () => {} };
  createSession({ base: "", guard: { expect: () => () => {} }, send: shown.send, storage: first, page: { location: { origin: "https://bridge.example" }, navigator: {} }, channel });
  for (const data of [null, 7, "s.9", {}, { refresh: 9 }, { refresh: "s.9", user: "7" }, { refresh: "s.9", user: 7, turn: 9 }]) ears[0]({ data });
  assert.equal(held(first), "s.0");
});
