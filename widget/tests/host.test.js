/** Only the embedding page is heard, and what it says is checked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { guardMessages, hostOrigin, inTime, readPageLoad } from "../app/js/host.js";

const HOST = "https://crm.zoho.eu";

function fakePage({ search = `?serviceOrigin=${encodeURIComponent(HOST)}`, ancestor = HOST, embedded = true } = {}) {
  const listeners = [];
  const page = {
    location: { search, ancestorOrigins: ancestor ? [ancestor] : undefined },
    addEventListener: (name, hear, capture) => { assert.equal(name, "message"); assert.equal(capture, true); listeners.push(hear); },
    say(event) {
      let stopped = false;
      for (const hear of listeners) {
        hear({ ...event, stopImmediatePropagation: () => { stopped = true; } });
        if (stopped) return false;
      }
      return true;
    },
  };
  page.parent = embedded ? { name: "parent" } : page;
  return page;
}

test("the host must be embedding, allowed and who it says it is", () => {
  assert.equal(hostOrigin(fakePage(), [HOST]), HOST);
  assert.equal(hostOrigin(fakePage({ embedded: false }), [HOST]), null);
  assert.equal(hostOrigin(fakePage(), ["https://crm.zoho.com"]), null);
  assert.equal(hostOrigin(fakePage({ ancestor: "https://evil.example" }), [HOST]), null);
  assert.equal(hostOrigin(fakePage({ search: "" }), [HOST]), null);
});

test("a message passes only from the parent window at the host's origin", () => {
  const page = fakePage();
  guardMessages({ page, origin: HOST });
  assert.equal(page.say({ source: page.parent, origin: HOST, data: {} }), true);
  assert.equal(page.say({ source: page.parent, origin: "https://evil.example", data: {} }), false);
  assert.equal(page.say({ source: { name: "child" }, origin: HOST, data: {} }), false);
  assert.equal(page.say({ source: null, origin: HOST, data: {} }), false);
});

test("the popup's message reaches its receiver and nobody else", () => {
  const page = fakePage();
  const guard = guardMessages({ page, origin: HOST });
  const [popup, heard] = [{ name: "popup" }, []];
  const stop = guard.expect(popup, "https://bridge.example", (data) => heard.push(data));
  assert.equal(page.say({ source: popup, origin: "https://bridge.example", data: 1 }), false);
  page.say({ source: popup, origin: "https://evil.example", data: 2 });
  page.say({ source: { name: "other" }, origin: "https://bridge.example", data: 3 });
  stop();
  page.say({ source: popup, origin: "https://bridge.example", data: 4 });
  assert.deepEqual(heard, [1]);
});

test("a record id is a string or an array of digits", () => {
  const invoice = (EntityId) => readPageLoad({ Entity: "Invoices", EntityId });
  assert.deepEqual(invoice("5001").ids, ["5001"]);
  assert.deepEqual(invoice(["5001", "5002", "5001"]).ids, ["5001", "5002"]);
  for (const wrong of ["", "12a", "1".repeat(31), "../1", 5001, null, undefined, {}, [], [["1"]], ["1", "x"]]) {
    assert.deepEqual(invoice(wrong), { wrong: "id" }, String(wrong));
  }
  assert.deepEqual(invoice(Array.from({ length: 101 }, (_, i) => String(i))), { wrong: "many", count: 101 });
});

test("a module that is not synced is said to be so", () => {
  for (const Entity of ["Leads", "toString", "__proto__", "", null, 7]) {
    assert.deepEqual(readPageLoad({ Entity, EntityId: "1" }), { wrong: "module" });
  }
  assert.deepEqual(readPageLoad(null), { wrong: "module" });
});

test("a wait ends", async () => {
  await assert.rejects(inTime(new Promise(() => {}), 5), { kind: "silent" });
  assert.equal(await inTime(Promise.resolve(7), 50), 7);
});
