/** The one small window: opened in the click, blocked and reached by a link, left open, given up. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { guardMessages } from "../app/js/host.js";
import { createPopups } from "../app/js/popups.js";

const ORIGIN = "https://bridge.example";
const accept = (data) => data?.type === "done";
const settled = () => new Promise((done) => { setTimeout(done, 2); });

/** A page with timers that go off when told to; `blocks`: it opens no window. */
function browser(blocks = false) {
  const made = {
    opened: [], timers: new Map(), changes: 0, number: 0, hear: null,
    open(address) {
      if (blocks) return null;
      const window = { address, closed: false, opener: made, fronts: 0, location: {}, close() { window.closed = true; }, focus() { window.fronts += 1; } };
      made.opened.push(window);
      return window;
    },
    start(act, ms) { made.timers.set(++made.number, { act, ms }); return made.number; },
    stop(id) { made.timers.delete(id); },
    ring(ms) { for (const timer of [...made.timers.values()].filter((one) => one.ms === ms)) timer.act(); },
    addEventListener(_, hear) { made.hear = hear; },
    say: (source, data, origin = ORIGIN) => made.hear({ source, origin, data, stopImmediatePropagation() {} }),
  };
  Object.assign(made, { setInterval: made.start, setTimeout: made.start, clearInterval: made.stop, clearTimeout: made.stop });
  made.popups = createPopups({ page: made, origin: ORIGIN, guard: guardMessages({ page: made, origin: null }), onChange: () => { made.changes += 1; } });
  return made;
}

test("a window opens in the click, before its address is known, and its answer comes back", async () => {
  const shown = browser();
  let tell = (_) => {};
  const answer = shown.popups.through("xero", () => new Promise((done) => { tell = done; }), accept);
  assert.equal(shown.opened[0].address, "about:blank");
  tell("https://xero.example/consent");
  await settled();
  assert.equal(shown.opened[0].location.href, "https://xero.example/consent");
  assert.deepEqual(shown.popups.now(), { state: "open", purpose: "xero", url: "https://xero.example/consent", front: true });
  shown.popups.front();
  assert.equal(shown.opened[0].fronts, 1);
  shown.say({}, { type: "done" });
  shown.say(shown.opened[0], { type: "done" }, "https://evil.example");
  assert.ok(shown.popups.now());
  shown.say(shown.opened[0], { type: "done" });
  assert.deepEqual(await answer, { type: "done" });
  assert.deepEqual([shown.popups.now(), shown.timers.size], [null, 0]);
});

test("an address that cannot be had closes the window again", async () => {
  const shown = browser();
  await assert.rejects(shown.popups.through("xero", async () => { throw new TypeError("away"); }, accept), TypeError);
  assert.deepEqual([shown.opened[0].closed, shown.popups.now()], [true, null]);
});

test("where windows are blocked the window that a link of this page opens is heard, and no other", async () => {
  const shown = browser(true);
  const answer = shown.popups.through("connect", "https://bridge.example/start", accept);
  await settled();
  assert.deepEqual(shown.popups.now(), { state: "blocked", purpose: "connect", url: "https://bridge.example/start", front: false });
  shown.popups.follow();
  assert.equal(shown.popups.now().state, "open");
  shown.say({ opener: {} }, { type: "done" });
  shown.say({ opener: shown }, { type: "done" }, "https://evil.example");
  shown.say({ opener: shown }, { type: "other" });
  assert.ok(shown.popups.now());
  shown.say({ opener: shown }, { type: "done" });
  await answer;
});

test("waiting ends when the person gives it up, when the window is closed, and when it takes too long", async () => {
  const ends = [["cancelled", (one) => one.popups.cancel()], ["closed", (one) => { one.opened[0].close(); one.ring(300); one.ring(400); }], ["late", (one) => one.ring(600000)]];
  for (const [kind, end] of ends) {
    const shown = browser();
    const answer = shown.popups.through("sign_in", "https://bridge.example/start", accept);
    await settled();
    end(shown);
    await assert.rejects(answer, { kind });
    assert.equal(shown.popups.now(), null);
  }
});

test("a second click takes the place of the first, and an address that comes late goes nowhere", async () => {
  const shown = browser();
  let tell = (_) => {};
  const first = shown.popups.through("xero", () => new Promise((done) => { tell = done; }), accept);
  const second = shown.popups.through("sign_in", "https://bridge.example/start", accept);
  tell("https://xero.example/consent");
  await assert.rejects(first, { kind: "cancelled" });
  assert.equal(shown.opened[1].location.href, undefined);
  const third = shown.popups.through("sign_in", "https://bridge.example/start", accept);
  await assert.rejects(second, { kind: "cancelled" });
  await settled();
  shown.say(shown.opened[2], { type: "done" });
  await third;
});
