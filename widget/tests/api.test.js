/** Calls renew the bearer once, end in time and name their trouble. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createApi } from "../app/js/api.js";
import { createSession } from "../app/js/auth.js";

const json = (body, status = 200, headers = {}) => new Response(JSON.stringify(body), { status, headers });

function api(answers, { refresh = async () => true, ...more } = {}) {
  const seen = [];
  const session = { token: "old", name: "7 1", who: () => session.name, bearer: () => session.token, refresh: async () => { session.token = "new"; return refresh(session); } };
  const send = async (url, options) => {
    seen.push({ url, ...options });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return typeof answer === "function" ? answer(options) : answer;
  };
  return { seen, ...createApi({ base: "", session, language: () => "fr", send, ...more }) };
}

test("a call carries bearer and language and no cookie", async () => {
  const client = api([json({ ok: 1 })]);
  assert.deepEqual((await client.get("/api/x")).body, { ok: 1 });
  assert.equal(client.seen[0].headers.Authorization, "Bearer old");
  assert.equal(client.seen[0].headers["Accept-Language"], "fr");
  assert.equal(client.seen[0].credentials, "omit");
});

test("an expired bearer is renewed once and the call repeated", async () => {
  const client = api([json({}, 401), json({ ok: 1 })]);
  assert.deepEqual((await client.post("/api/x", { a: 1 })).body, { ok: 1 });
  assert.equal(client.seen[1].headers.Authorization, "Bearer new");
  assert.equal(client.seen[1].body, '{"a":1}');
});

test("a session that is over is said to be over", async () => {
  await assert.rejects(api([json({}, 401)], { refresh: async () => false }).get("/api/x"), { kind: "signed_out" });
  await assert.rejects(api([json({}, 401), json({}, 401)]).get("/api/x"), { kind: "signed_out" });
});

test("a network failure while renewing is offline, not signed out", async () => {
  const client = api([json({}, 401)], { refresh: async () => { throw new TypeError("network"); } });
  await assert.rejects(client.get("/api/x"), { kind: "offline" });
});

test("what one has asked for never goes on as somebody else", async () => {
  const client = api([json({}, 401), json({ ok: 1 })], { refresh: async (session) => { session.name = "8 2"; return true; } });
  await assert.rejects(client.put("/api/settings", { a: 1 }), { kind: "signed_out" });
  assert.equal(client.seen.length, 1);
});

test("a problem keeps its words, code and number", async () => {
  const client = api([json({ code: "x", detail: "Parce que." }, 503, { "X-Request-ID": "7F3A-19C2" })]);
  await assert.rejects(client.get("/api/x"), { kind: "http", status: 503, code: "x", detail: "Parce que.", request: "7F3A-19C2" });
});

test("an HTML page with status 200 is a problem, not a record", async () => {
  await assert.rejects(api([new Response("<html>", { status: 200 })]).get("/api/x"), { kind: "http", status: 200 });
});

test("no answer in time is a problem of its own", async () => {
  const awake = setTimeout(() => {}, 2000); // the limit of a call alone does not keep Node running
  const never = (options) => new Promise((_, reject) => {
    options.signal.addEventListener("abort", () => reject(options.signal.reason));
  });
  await assert.rejects(api([never], { timeLimit: 10 }).get("/api/x"), { kind: "timeout" });
  clearTimeout(awake);
});

const channel = { addEventListener: () => {}, postMessage: () => {} };
test("a file may take longer than an answer", async () => {
  const slow = ({ signal }) => new Promise((done, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
    setTimeout(() => done(new Response("at,module")), 60);
  });
  const awake = setTimeout(() => {}, 2000);
  await assert.rejects(api([slow], { timeLimit: 20 }).get("/api/log"), { kind: "timeout" });
  assert.equal(await api([slow], { timeLimit: 20 }).text("/api/log.csv"), "at,module");
  clearTimeout(awake);
});

function session(answers, storage = new Map()) {
  const bodies = [];
  const page = { location: { origin: "https://bridge.example" }, navigator: {} };
  const send = async (_, options) => { bodies.push(JSON.parse(options.body)); return answers.shift(); };
  return { storage, bodies, ...createSession({ base: "", guard: { expect: () => () => {} }, send, storage, page, channel }) };
}

const person = (user, org) => json({ access_token: `a-${user}`, refresh_token: `r-${user}`, user: { id: user, name: user }, org: { id: org, name: org } });

/** A session whose popup hands over its code at once. */
function signingIn(answers, storage = new Map()) {
  const page = { location: { origin: "https://bridge.example" }, navigator: {}, open: () => ({ closed: false }), setInterval: () => 0, clearInterval() {}, setTimeout: () => 0, clearTimeout() {} };
  const guard = { expect: (_window, _origin, receive) => { queueMicrotask(() => receive({ type: "zoho-xero-handoff", code: "c" })); return () => {}; } };
  return createSession({ base: "", guard, send: async () => answers.shift(), storage, page, channel });
}

test("a sign-in tells whether somebody else, or another organisation, came back", async () => {
  const ways = [[["7", "1"], "same"], [["8", "1"], "another"], [["7", "2"], "another"]];
  for (const [[user, org], told] of ways) {
    const one = signingIn([person("7", "1"), json({}, 401), person(user, org)]);
    assert.equal(await one.signIn(), "same", "the first one is nobody else");
    assert.equal(await one.refresh(), false, "the session ends");
    assert.equal(await one.signIn(), told);
    assert.equal(one.person().org.name, org);
  }
});

test("a page does not go on as whoever signed in in another window of the tab", async () => {
  const storage = new Map();
  const here = signingIn([person("7", "1")], storage);
  await here.signIn();
  await signingIn([person("7", "2")], storage).signIn();
  assert.equal(await here.refresh(), false);
  assert.ok(storage.get("zoho-xero-refresh"), "the other window stays signed in");
});

const granted = (number) => json({ access_token: `a${number}`, refresh_token: `r${number}`, user: { id: "7", name: "Ana", admin: true } });

test("a refresh token is used once and replaced by the next", async () => {
  const kept = new Map([["zoho-xero-refresh", '{"refresh":"r0","user":"7"}']]);
  const one = session([granted(1), granted(2)], kept);
  assert.equal(await one.refresh(), true);
  assert.equal(await one.refresh(), true);
  assert.deepEqual(one.bodies, [{ refresh_token: "r0" }, { refresh_token: "r1" }]);
  assert.equal(one.bearer(), "a2");
});

test("tokens that do not come in time are a network that fails, and the session stays", async () => {
  const awake = setTimeout(() => {}, 2000);
  const storage = new Map([["zoho-xero-refresh", '{"refresh":"r0","user":"7"}']]);
  const page = { location: { origin: "https://bridge.example" }, navigator: {} };
  const send = (_, { signal }) => new Promise((_done, reject) => { signal.addEventListener("abort", () => reject(signal.reason)); });
  const one = createSession({ base: "", guard: { expect: () => () => {} }, send, storage, page, channel, timeLimit: 10 });
  await assert.rejects(one.refresh(), TypeError);
  assert.ok(storage.get("zoho-xero-refresh"));
  clearTimeout(awake);
});

test("an answer that grants nothing is a network that fails, and the session stays", async () => {
  const page = new Response("<html>Sign in to the network</html>", { status: 200 });
  for (const odd of [page, json({}), json(null), json([]), json({ access_token: "a", refresh_token: "r", user: null })]) {
    const kept = new Map([["zoho-xero-refresh", '{"refresh":"r0","user":"7"}']]);
    await assert.rejects(session([odd], kept).refresh(), TypeError);
    assert.equal(JSON.parse(kept.get("zoho-xero-refresh")).refresh, "r0");
  }
});

test("two callers that need a bearer at once cause one refresh", async () => {
  const one = session([granted(1)], new Map([["zoho-xero-refresh", '{"refresh":"r0","user":"7"}']]));
  assert.deepEqual(await Promise.all([one.refresh(), one.refresh()]), [true, true]);
  assert.equal(one.bodies.length, 1);
});

test("a refused refresh token is forgotten, a failing server is not a refusal", async () => {
  const kept = new Map([["zoho-xero-refresh", '{"refresh":"r0","user":"7"}']]);
  await assert.rejects(session([json({}, 503)], kept).refresh(), TypeError);
  assert.equal(kept.size, 1);
  assert.equal(await session([json({}, 401)], kept).refresh(), false);
  assert.equal(kept.size, 0);
});

test("what was kept for another person is forgotten", async () => {
  const one = session([], new Map([["zoho-xero-refresh", '{"refresh":"r0","user":"7"}']]));
  one.keepOnlyFor("7");
  assert.equal(one.storage.size, 1);
  one.keepOnlyFor("8");
  assert.equal(await one.refresh(), false);
});

test("nonsense in the tab's storage is no session", async () => {
  for (const text of ["{", "7", "null", '{"refresh":1}']) {
    assert.equal(await session([], new Map([["zoho-xero-refresh", text]])).refresh(), false);
  }
});
