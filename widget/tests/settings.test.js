/** The settings page without a browser: addresses, steps, the draft, sessions that end, runs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "../app/js/api.js";
import { changesOf } from "../app/js/state/configured.js";
import { firstSyncsDue } from "../app/js/state/firstsync.js";
import { stepsOf } from "../app/js/state/guide.js";
import { questionOf } from "../app/js/state/log.js";
import { lookedAt } from "../app/js/state/mapping.js";
import { matrixOf } from "../app/js/state/modules.js";
import { formatRoute, parseRoute } from "../app/js/state/route.js";
import { changesOf as changesOfRun, waitingPreview } from "../app/js/state/runs.js";
import { createSettingsPage } from "../app/js/state/shell.js";
import { settingName, settingValue } from "../app/js/words/changes.js";
import { scheduleFinds } from "../app/js/words/health.js";

const module = { enabled: true, schedule: true, conflict: "ask", start_date: null, filter: [], to_xero: { allow: true }, to_zoho: { allow: true } };
const mapping = (...names) => ({ rows: names.map((name) => ({ name, zoho: name, xero: name, flow: "both", on: "always", owner: "none" })), fields: { zoho: [], xero: [] } });
const settings = () => ({ modules: { accounts: structuredClone(module), invoices: structuredClone(module), payments: structuredClone(module) }, language: "en" });

test("an address and its view are each other's inverse", () => {
  for (const route of [{ view: "log", id: "7", query: { status: "held", q: "a&b c" } }, { view: "modules", id: "", query: {} }, { view: "preview", id: "a/b", query: {} }]) {
    assert.deepEqual(parseRoute(formatRoute(route)), route);
  }
  for (const odd of ["", "#", "#/nowhere", "#/log/%zz", "#/__proto__"]) assert.ok([null, ""].includes(parseRoute(odd)?.id ?? null), odd);
});

test("a log address asks for its filters and a time, and for nothing unknown", () => {
  const asked = questionOf({ module: "invoices", status: "nonsense", q: "x", days: "1", evil: "1" }, new Date("2026-11-25T10:00:00Z"));
  assert.equal(asked.toString(), "module=invoices&q=x&from=2026-11-24T10%3A00%3A00Z");
  assert.equal(questionOf({ days: "400" }, new Date()).toString(), "");
});

test("the matrix has a row per module, and knows what cannot be before the backend says so", () => {
  const all = { modules: { sales_orders: module, credit_notes: module, invoices: module } };
  const rows = Object.fromEntries(matrixOf(null, all).map((row) => [row.key, row]));
  assert.equal(rows.sales_orders.to_zoho.possible, false);
  assert.equal(rows.credit_notes.to_xero.possible, false);
  const told = matrixOf([{ key: "invoices", directions: { to_xero: { possible: false, why: { text: "Because." } } } }], all);
  assert.deepEqual(told.find((row) => row.key === "invoices").to_xero, { possible: false, why: { text: "Because." } });
});

test("links are no changes, and a preview is waiting until something was started from it", () => {
  assert.equal(changesOfRun({ summary: { by_operation: { create: 2, update: 1, link: 300 } } }), 3);
  assert.equal(changesOfRun({ created: 2, updated: 1, linked: 300, deleted: 1 }), 4);
  const preview = { id: "p", kind: "preview", state: "done", module: "all" };
  assert.equal(waitingPreview([preview], "all"), preview);
  assert.equal(waitingPreview([{ id: "s", kind: "sync", preview: "p", module: "all" }, preview], "all"), null);
});

function page(answers, more = {}) {
  const calls = [];
  const answer = async (method, path, body, extra) => {
    calls.push([method, path, body, extra]);
    const found = answers[`${method} ${path.split("?")[0]}`];
    const value = await (typeof found === "function" ? found(body, extra) : found);
    if (value instanceof Error) throw value;
    if (value === undefined) throw new Problem({ kind: "http", status: 404 });
    return { body: value, etag: `"${calls.length}"` };
  };
  const api = {
    get: (path) => answer("GET", path), post: (path, body, extra) => answer("POST", path, body, extra), put: (path, body, extra) => answer("PUT", path, body, extra),
    remove: (path) => answer("DELETE", path), text: (path) => answer("GET", path).then(({ body }) => body),
  };
  const place = { at: "", hash: () => place.at, go: (hash) => { place.at = hash; }, onMove: () => {}, warnWhen: () => {}, isHidden: () => false };
  const session = { origin: () => "https://x", signIn: async () => "same", visit: async () => {}, ...more.session };
  const made = createSettingsPage({ api, session, place, draw: () => {}, later: () => 0, wait: async () => {}, soon: (act) => act(), file: () => {}, ...more.page });
  return { ...made, calls, place };
}

const answers = (more = {}) => ({
  "GET /api/me": { user: { id: "7", name: "Ana", admin: true }, org: { name: "Harbour" } },
  "GET /api/connections": { zoho: { state: "connected" }, xero: { state: "connected", organisation: { name: "Harbour Ltd" } } },
  "GET /api/health": { modules: { accounts: { accepted: false }, invoices: { accepted: false } } },
  "GET /api/settings": settings(), "GET /api/runs": { rows: [] }, ...more,
});

test("without an address the guide comes first, and its next step follows from the backend", async () => {
  const shown = page(answers());
  await shown.open();
  assert.equal(shown.state().shell.route.view, "guide");
  assert.equal(stepsOf(shown.state()).next, "modules");
  shown.views.guide.done("modules");
  assert.equal(stepsOf(shown.state()).next, "maps");
  shown.views.guide.done("maps");
  const gaps = { ...shown.state(), guide: { ...shown.state().guide, preflight: { checks: [{ state: "open", text: "No tax rate yet." }] } } };
  assert.equal(stepsOf(gaps).next, "mapping", "a gap that holds up its own documents does not end the guide");
});

test("the guide goes on where it stood, whoever opens it, and a step is seen by whatever way one comes to it", async () => {
  const seen = ["modules"];
  const kept = answers({ "GET /api/guide": () => ({ seen }), "PUT /api/guide/maps": () => { seen.push("maps"); return { seen }; } });
  const mine = page(kept);
  await mine.open();
  assert.equal(stepsOf(mine.state()).next, "maps");
  mine.go({ view: "maps", id: "", query: {} }, true);
  assert.equal(stepsOf(mine.state()).next, "mapping");
  await new Promise(setImmediate);
  const hers = page(kept);
  await hers.open();
  assert.equal(stepsOf(hers.state()).next, "mapping");
  hers.go({ view: "modules", id: "", query: {} }, true);
  hers.go({ view: "log", id: "", query: {} }, true);
  assert.deepEqual(hers.calls.filter(([method]) => method === "PUT"), [], "what was seen is not told again");
});

test("whoever may not change settings, or has no Xero yet, takes no step of the guide", async () => {
  for (const more of [
    { "GET /api/me": { user: { id: "8", name: "Luc", admin: false }, org: { name: "Harbour" } } },
    { "GET /api/connections": { zoho: { state: "connected" }, xero: { state: "disconnected" } } },
  ]) {
    const shown = page(answers(more));
    await shown.open();
    shown.go({ view: "maps", id: "", query: {} }, true);
    assert.deepEqual(shown.calls.filter(([method]) => method === "PUT"), []);
  }
});

test("when every module had its first sync the matrix comes first", async () => {
  const done = { modules: { accounts: { accepted: true }, invoices: { accepted: true }, payments: { accepted: false } } };
  const shown = page(answers({ "GET /api/health": done }));
  await shown.open();
  assert.equal(shown.state().shell.route.view, "modules");
});

test("everything can be synced once every module that is on had its first sync; payments and credit notes have none of their own", () => {
  const on = (accepted) => ({ enabled: true, accepted });
  assert.equal(firstSyncsDue({ modules: { accounts: on(true), invoices: on(false), quotes: { enabled: false, accepted: false }, payments: on(false) } }), 1);
  assert.equal(firstSyncsDue({ modules: { accounts: on(true), payments: on(false), credit_notes: on(false) } }), 0);
  assert.equal(firstSyncsDue(null), 0);
});

test("a session that ended loses nothing typed, and the save goes on after signing in", async () => {
  let ended = true;
  const shown = page(answers({ "PUT /api/settings": (body) => (ended ? new Problem({ kind: "signed_out", status: 401 }) : body) }));
  await shown.open();
  shown.views.configured.edit(["language"], "fr");
  assert.equal(await shown.views.configured.save(), false);
  assert.equal(shown.state().shell.ended, true);
  assert.equal(changesOf(shown.state().configured).length, 1);
  ended = false;
  await shown.signIn();
  await new Promise((done) => { setTimeout(done, 5); });
  assert.equal(shown.state().configured.stored.language, "fr");
  assert.equal(shown.state().shell.ended, false);
});

const vat = (xero, more = {}) => ({ zoho: { name: "VAT", percentage: "20" }, xero, ...more });
const gst = (xero) => ({ zoho: { name: "GST", percentage: 15 }, xero });
const withLists = () => ({ ...settings(), tax_map: [vat("OUTPUT2"), gst("OUTPUT")], notify: { crm_task: true, emails: ["ana@x.example"] } });

test("two people's entries of a list merge; the same entry waits for a choice, and its tax is named", async () => {
  let stored = withLists();
  const shown = page(answers({ "GET /api/settings": () => structuredClone(stored), "PUT /api/settings": (body) => body }));
  await shown.open();
  const { configured } = shown.views;
  configured.edit(["tax_map"], [vat("MINE"), gst("MINE"), vat("INPUT2", { use: "purchases" })]);
  configured.edit(["notify", "emails"], ["ana@x.example", "ben@x.example"]);
  assert.equal(changesOf(shown.state().configured).length, 4);
  stored = { ...stored, tax_map: [vat("THEIRS"), gst("OUTPUT")], notify: { crm_task: true, emails: ["ana@x.example", "cleo@x.example"] } };
  await shown.refresh();
  const { meanwhile, draft } = shown.state().configured;
  assert.deepEqual(meanwhile.both.map((one) => [settingName(one.path), settingValue(one.mine, one.path), settingValue(one.theirs, one.path)]), [["Tax rates · VAT, 20%", "MINE", "THEIRS"]]);
  assert.deepEqual(draft.notify.emails, ["ana@x.example", "cleo@x.example", "ben@x.example"]);
  configured.settle(meanwhile.both[0], "theirs");
  assert.deepEqual(shown.state().configured.draft.tax_map, [vat("THEIRS"), gst("MINE"), vat("INPUT2", { use: "purchases" })]);
  assert.equal(await configured.save(), true);
  assert.deepEqual(shown.calls.at(-1)[2].tax_map, [vat("THEIRS"), gst("MINE"), vat("INPUT2", { use: "purchases" })]);
});

test("the preview that a save was to begin begins after signing in, too", async () => {
  let over = true;
  const shown = page(answers({ "PUT /api/settings": (body) => (over ? ended() : body), "POST /api/modules/quotes/preview": { run_id: "r9" } }));
  await shown.open();
  shown.views.configured.edit(["language"], "fr");
  assert.equal(await shown.views.configured.save(() => shown.views.runs.start("preview", "quotes")), false);
  over = false;
  await shown.signIn();
  await settled();
  assert.deepEqual(shown.calls.filter(([method]) => method !== "GET").map(([method, path]) => `${method} ${path}`).filter((one) => !one.includes("check")),
    ["PUT /api/settings", "PUT /api/settings", "POST /api/modules/quotes/preview"]);
  assert.equal(shown.place.at, "#/preview/r9");
});

test("an address that is typed is saved when it is one, and stays typed when it is none", async () => {
  const shown = page(answers({ "GET /api/settings": withLists(), "PUT /api/settings": (body) => body }));
  await shown.open();
  const { configured } = shown.views;
  configured.type("ben@x");
  assert.deepEqual([changesOf(shown.state().configured), configured.unsaved()], [[], true], "nothing to save, but something to lose");
  configured.type("ben@x.example; cleo@x.example");
  assert.equal(changesOf(shown.state().configured).length, 2);
  assert.equal(await configured.save(), true);
  assert.deepEqual([shown.calls.at(-1)[2].notify.emails, shown.state().configured.address], [["ana@x.example", "ben@x.example", "cleo@x.example"], ""]);
  configured.type("nonsense");
  configured.addTyped();
  configured.edit(["language"], "fr");
  assert.equal(await configured.save(), true);
  assert.deepEqual([shown.calls.at(-1)[2].notify.emails.length, shown.state().configured.address], [3, "nonsense"]);
  configured.discard();
  assert.equal(configured.unsaved(), false);
});

test("when another person or organisation signs in, drafts and interrupted acts are dropped and the page begins anew", async () => {
  const person = { user: { id: "8", name: "Ben" }, org: { id: "2", name: "Bay" } };
  const shown = page(answers({ "PUT /api/settings": () => new Problem({ kind: "signed_out", status: 401 }), "GET /api/mapping/accounts": mapping("name") }),
    { session: { signIn: async () => "another", person: () => person } });
  await shown.open();
  shown.go({ view: "mapping", id: "accounts" }, true);
  await settled();
  shown.views.mapping.edit("name", { flow: "off" });
  shown.views.configured.edit(["language"], "fr");
  await shown.views.configured.save();
  const before = shown.calls.length;
  await shown.signIn();
  await settled();
  const { shell, configured, mapping: rows } = shown.state();
  assert.deepEqual([changesOf(configured), rows.unsaved, shell.stage, shell.ended, shell.another], [[], false, "ready", false, person]);
  assert.deepEqual(shown.calls.slice(before).filter(([method, path]) => method !== "GET" && !path.startsWith("/api/guide/")), [], "nothing of the other is sent");
  assert.ok(shown.calls.slice(before).some(([, path]) => path === "/api/me"), "who it is now is read");
  shown.readAnother();
  assert.equal(shown.state().shell.another, null);
});

test("when somebody else saved meanwhile both changes are there, and the next save knows the newer version", async () => {
  let stored = settings();
  let stale = true;
  const shown = page(answers({ "GET /api/settings": () => stored, "PUT /api/settings": (body) => (stale ? new Problem({ kind: "http", status: 412, body: {} }) : body) }));
  await shown.open();
  shown.views.configured.edit(["language"], "fr");
  stored = { ...settings(), language: "de", modules: { ...settings().modules, accounts: { ...module, schedule: false } } };
  await shown.views.configured.save();
  const { meanwhile, draft } = shown.state().configured;
  assert.deepEqual(meanwhile.both.map((one) => [one.path, one.mine, one.theirs]), [[["language"], "fr", "de"]]);
  assert.deepEqual([draft.language, draft.modules.accounts.schedule], ["fr", false]);
  shown.views.configured.settle(meanwhile.both[0], "theirs");
  assert.equal(shown.state().configured.draft.language, "de");
  stale = false;
  assert.equal(await shown.views.configured.save(), true);
});

test("who leaves types nothing into the void: a refusal stays in place, an erased organisation ends the session and reads nothing", async () => {
  let refused = true;
  let forgotten = 0;
  const shown = page(answers({ "POST /api/organisation/leave": () => (refused ? new Problem({ kind: "http", status: 422, code: "leave_name" }) : "") }),
    { session: { forget: () => { forgotten += 1; } } });
  await shown.open();
  shown.views.connection.ask("leave");
  assert.equal(await shown.views.connection.leave("Harbour"), false);
  assert.deepEqual([shown.state().connection.confirming, shown.state().connection.trouble.code, shown.state().shell.stage, forgotten], ["leave", "leave_name", "ready", 0]);
  refused = false;
  const before = shown.calls.length;
  assert.equal(await shown.views.connection.leave("Harbour"), true);
  assert.deepEqual([shown.state().connection.confirming, shown.state().shell.stage, forgotten], ["", "left", 1]);
  assert.deepEqual(shown.calls.slice(before), [["POST", "/api/organisation/leave", { name: "Harbour" }, undefined]]);
});

test("an address the backend lacks is a state of the view, not an error of the page", async () => {
  const shown = page(answers());
  await shown.open();
  shown.go({ view: "conflicts" }, true);
  await new Promise((done) => { setTimeout(done, 5); });
  assert.equal(shown.state().conflicts.stage, "missing");
  assert.equal(shown.state().shell.stage, "ready");
});

test("a backend that fails says so with its number and can be asked again", async () => {
  const shown = page(answers({ "GET /api/health": () => new Problem({ kind: "http", status: 503, request: "7F3A-19C2" }) }));
  await shown.open();
  assert.equal(shown.state().shell.stage, "failed");
  assert.equal(shown.state().shell.trouble.request, "7F3A-19C2");
});

const ended = () => new Problem({ kind: "signed_out", status: 401 });
const settled = () => new Promise((done) => { setTimeout(done, 5); });

const down = () => new Problem({ kind: "http", status: 503, request: "7F3A-19C2" });
const acme = { id: "L1", module: "accounts", zoho_id: "55", label: "Acme" };

test("a search that failed has no answer, and asking again brings one", async () => {
  const found = [down(), { rows: [{ id: "x", label: "Acme Ltd" }] }];
  const shown = page(answers({ "GET /api/attention": { rows: [acme] }, "GET /api/xero/search/accounts": () => found.shift() }));
  await shown.open();
  await shown.views.attention.search(acme, "acme");
  const { search } = shown.state().attention;
  assert.deepEqual([search.rows, search.problem.status], [null, 503]);
  await shown.views.attention.search(acme, "acme");
  assert.deepEqual([shown.state().attention.search.rows.length, shown.state().attention.search.problem], [1, null]);
});

test("rows of a run that could not be read are not none, and a slow answer takes no later one's place", async () => {
  let answerLate = (_) => {};
  const items = [down(), new Promise((done) => { answerLate = done; }), { rows: [{ id: "2" }] }];
  const run = { id: "r1", kind: "preview", state: "done", module: "all" };
  const shown = page(answers({ "GET /api/runs/r1": run, "GET /api/runs/r1/items": () => items.shift() }));
  await shown.open();
  await shown.views.runs.show("r1");
  assert.deepEqual([shown.state().runs.unread.status, shown.state().runs.rowsRead], [503, false]);
  const first = shown.views.runs.filter("create", "");
  await shown.views.runs.filter("update", "");
  answerLate({ rows: [{ id: "1" }] });
  await first;
  const { rows, unread, rowsRead } = shown.state().runs;
  assert.deepEqual([rows, unread, rowsRead], [[{ id: "2" }], null, true]);
});

test("what could not be read stands as that wherever it is asked for beside the page, and is asked again", async () => {
  const later = [];
  const lists = [{ rows: [acme], cursor: "2" }, down(), { rows: [{ ...acme, id: "L2" }] }];
  const logs = [{ rows: [{ id: "1" }], cursor: "2" }, down(), { rows: [{ id: "2" }] }];
  const asked = { "GET /api/mapping/accounts/versions": [down(), { rows: [] }], "GET /api/mapping/accounts": [down(), { fields: { zoho: [{ path: "Name" }] } }], "POST /api/modules/accounts/scope": [down(), { total: 5, included: 5 }],
    "GET /api/audit": [down(), { last: null }], "GET /api/preflight": [{ checks: [] }, { checks: [] }, down()], "POST /api/settings/check": [down(), { consequences: [] }], "GET /api/attention": lists, "GET /api/log": logs };
  const shown = page(answers(Object.fromEntries(Object.entries(asked).map(([path, given]) => [path, () => given.shift()]))), { page: { later: (act) => { later.push(act); } } });
  const { views, state } = shown;
  await shown.open();
  views.mapping.slice.set({ module: "accounts" });
  const twice = async (act, unread) => { await act(); assert.equal(unread()?.status, 503, String(act)); await act(); assert.equal(unread(), null, String(act)); };
  await twice(views.mapping.loadVersions, () => state().mapping.versionsUnread);
  assert.deepEqual(state().mapping.versions, []);
  await twice(() => views.modules.openScope("accounts"), () => state().modules.offers.accounts.problem ?? state().modules.counts.accounts.problem);
  assert.deepEqual(state().modules.offers.accounts.fields, [{ path: "Name" }]);
  await twice(views.health.loadAudit, () => state().health.auditUnread);
  await views.attention.load();
  await twice(views.attention.more, () => state().attention.unread);
  await views.log.load();
  await twice(views.log.more, () => state().log.unread);
  assert.deepEqual([state().attention.rows.length, state().log.rows.length], [2, 2]);
  await views.guide.load();
  assert.deepEqual([state().guide.unread.status, state().guide.preflight], [503, { checks: [] }], "what is known stays");
  later.length = 0;
  views.configured.edit(["language"], "fr");
  await twice(async () => { views.configured.foresee(); later.pop()(); await settled(); }, () => state().configured.unforeseen);
});

test("a row that was edited fits only once that was looked at", async () => {
  const later = [];
  const rows = [{ name: "a", zoho: "A", xero: "X", flow: "both" }, { name: "b", zoho: "B", xero: "Y", flow: "both" }];
  const checks = [{ fields: [] }, down(), { fields: [] }];
  const shown = page(answers({ "GET /api/mapping/accounts": { rows, fields: { zoho: [], xero: [] } }, "POST /api/mapping/accounts/check": () => checks.shift() }), { page: { later: (act) => { later.push(act); } } });
  await shown.open();
  await shown.views.mapping.load("accounts");
  const looked = async () => { later.pop()(); await settled(); };
  const sure = () => { const slice = shown.state().mapping; return slice.rows.map(lookedAt(slice)); };
  await looked();
  assert.deepEqual(sure(), [true, true]);
  shown.views.mapping.edit("a", { flow: "to_xero" });
  assert.deepEqual(sure(), [false, true]);
  await looked();
  assert.deepEqual([sure(), shown.state().mapping.unchecked.status], [[false, true], 503]);
  shown.views.mapping.check();
  await looked();
  assert.deepEqual([sure(), shown.state().mapping.unchecked], [[true, true], null]);
});

test("a comparison is followed until it has ended, never unseen, and then its verdict is read", async () => {
  const going = { id: "audit-1", state: "running" };
  const runs = [going, down(), going, { id: "audit-1", state: "done" }];
  let turns = 0;
  const shown = page(answers({ "POST /api/audit": { run_id: "audit-1" }, "GET /api/runs/audit-1": () => runs.shift(), "GET /api/audit": () => ({ last: { at: runs.length } }) }),
    { page: { wait: async () => { turns += 1; if (turns === 4) shown.place.hidden = false; } } });
  shown.place.isHidden = () => shown.place.hidden;
  await shown.open();
  shown.place.hidden = true;
  await shown.views.health.audit();
  assert.equal(shown.state().health.auditRun, "audit-1");
  await settled();
  assert.equal(shown.calls.filter(([, path]) => path === "/api/runs/audit-1").length, 4);
  assert.equal(turns, 7, "three turns nobody looked, then four questions");
  assert.deepEqual([shown.state().health.audit, shown.state().health.auditRun, shown.state().health.auditFailed], [{ at: 0 }, "", null]);
});

test("a comparison that failed, or is no more, says so and takes no verdict's place", async () => {
  const ends = [{ id: "audit-1", state: "failed", message: { text: "Xero does not answer." } }, new Problem({ kind: "http", status: 404 })];
  for (const end of ends) {
    const shown = page(answers({ "POST /api/audit": { run_id: "audit-1" }, "GET /api/runs/audit-1": end, "GET /api/audit": { last: { state: "agrees" } } }));
    await shown.open();
    await shown.views.health.audit();
    await settled();
    assert.deepEqual([shown.state().health.auditFailed.state, shown.state().health.audit.state, shown.state().health.auditRun], ["failed", "agrees", ""]);
  }
});

test("what cannot be taken back never goes on by itself once somebody has signed in", async () => {
  const run = { id: "r1", kind: "sync", state: "done" };
  const row = { id: "L1", module: "accounts", zoho_id: "55", label: "Acme" };
  const acts = [
    ["/api/organisation/leave", (views) => views.connection.leave("Harbour")],
    ["/api/connections/xero", (views) => views.connection.reset()],
    ["/api/runs/r1/undo", (views) => views.runs.undo()],
    ["/api/runs/r1/confirm", (views) => views.runs.confirm()],
    ["/api/attention/L1", (views) => views.attention.decide(row, "delete")],
  ];
  for (const [path, act] of acts) {
    const shown = page(answers({ [`POST ${path}`]: ended, [`DELETE ${path}`]: ended, "GET /api/runs/r1": run, "GET /api/runs/r1/items": { rows: [] }, "GET /api/attention": { rows: [row] } }));
    await shown.open();
    await shown.views.runs.show("r1");
    assert.equal(await act(shown.views), false);
    assert.equal(shown.state().shell.ended, true);
    await shown.signIn();
    await settled();
    assert.equal(shown.calls.filter(([method, at]) => at === path && method !== "GET").length, 1, path);
  }
});

test("what was given up while nobody was signed in does not come back", async () => {
  const file = { name: "x.json", size: 10, text: async () => '{"a":1}' };
  const tried = (body) => (body.dry_run ? { changes: [{ path: "language", before: "en", after: "fr" }] } : ended());
  const shown = page(answers({ "PUT /api/settings": ended, "POST /api/configuration": tried }));
  await shown.open();
  shown.views.configured.edit(["language"], "fr");
  await shown.views.configured.save();
  shown.views.configured.discard();
  await shown.views.configuration.choose(file);
  await shown.views.configuration.apply();
  shown.views.configuration.forget();
  await shown.signIn();
  await settled();
  assert.equal(shown.calls.filter(([method]) => method === "PUT").length, 1);
  assert.deepEqual(shown.calls.filter(([, path]) => path === "/api/configuration").map(([, , body]) => body.dry_run), [true, false]);
});

test("a record somebody else has settled gets no second answer: the list is read anew and it is said", async () => {
  const [first, second] = [{ id: "L1", module: "accounts", zoho_id: "55", label: "Acme" }, { id: "L2", module: "accounts", zoho_id: "56", label: "Bay" }];
  const refusals = [[404, "unknown_record"], [409, "conflict_changed"], [409, "answer_not_offered"], [409, "nothing_to_confirm"]];
  for (const [status, code] of refusals) {
    for (const action of ["never", "create"]) {
      let rows = [first, second];
      const shown = page(answers({ "GET /api/attention": () => ({ rows, total: rows.length }), "POST /api/attention/L1": () => { rows = [second]; return new Problem({ kind: "http", status, code }); } }));
      await shown.open();
      await shown.views.attention.load();
      await shown.views.attention.decide(first, action);
      await settled();
      assert.deepEqual(shown.calls.filter(([method]) => method === "POST").map(([, path]) => path), ["/api/attention/L1"]);
      assert.deepEqual(shown.state().shell.toast, { what: "settled_meanwhile", params: { label: "Acme" } });
      assert.deepEqual([shown.state().attention.rows, shown.place.at, shown.state().attention.trouble], [[second], "#/attention/L2", null]);
    }
  }
});

test("a partner that belongs to another pair is a problem of its own and the record stays", async () => {
  const row = { id: "L1", module: "accounts", zoho_id: "55", label: "Acme" };
  const shown = page(answers({ "GET /api/attention": { rows: [row] }, "POST /api/attention/L1": new Problem({ kind: "http", status: 409, code: "already_linked" }) }));
  await shown.open();
  await shown.views.attention.load();
  assert.equal(await shown.views.attention.decide(row, "link", { xero_id: "x" }), false);
  assert.equal(shown.state().attention.trouble.code, "already_linked");
  assert.equal(shown.state().attention.rows.length, 1);
});

test("when the list cannot be read after a refusal, that is told", async () => {
  const row = { id: "L1", module: "accounts", zoho_id: "55", label: "Acme" };
  const lists = [{ rows: [row] }, new Problem({ kind: "timeout" })];
  const shown = page(answers({ "GET /api/conflicts": () => lists.shift() ?? { rows: [] }, "POST /api/records/accounts/55/resolve": new Problem({ kind: "http", status: 404 }) }));
  await shown.open();
  await shown.views.conflicts.load();
  await shown.views.conflicts.apply(row);
  assert.equal(shown.state().conflicts.trouble.kind, "timeout");
});

test("a choice stands only as long as the values it was made between", async () => {
  const conflict = (phone) => ({ fields: [{ field: "name", zoho: "a", xero: "b" }, { field: "phone", zoho: "1", xero: phone }] });
  const row = { id: "L1", module: "accounts", zoho_id: "55", label: "Acme" };
  const lists = [{ rows: [{ ...row, conflict: conflict("2") }] }, { rows: [{ ...row, conflict: conflict("3") }] }, { rows: [] }];
  const shown = page(answers({ "GET /api/conflicts": () => lists.shift() }));
  await shown.open();
  await shown.views.conflicts.load();
  shown.views.conflicts.choose("L1", { name: "zoho", phone: "xero" });
  await shown.views.conflicts.again();
  assert.deepEqual(shown.views.conflicts.chosen("L1"), { name: "zoho" });
  await shown.views.conflicts.again();
  assert.deepEqual(shown.views.conflicts.chosen("L1"), {});
});

test("a record that asks another question now stays, with what changed said", async () => {
  const row = { id: "L1", module: "accounts", zoho_id: "55", label: "Acme" };
  const shown = page(answers({ "GET /api/attention": { rows: [row] }, "POST /api/attention/L1": new Problem({ kind: "http", status: 409, code: "answer_not_offered" }) }));
  await shown.open();
  await shown.views.attention.load();
  await shown.views.attention.decide(row, "create");
  assert.equal(shown.state().shell.toast.what, "changed_meanwhile");
  assert.equal(shown.state().attention.rows.length, 1);
});

test("what somebody else saved is told when the page reads it by itself, so no save overwrites it unseen", async () => {
  let stored = settings();
  const shown = page(answers({ "GET /api/settings": () => structuredClone(stored) }));
  await shown.open();
  shown.views.configured.edit(["modules", "accounts", "conflict"], "zoho");
  stored.modules.accounts.conflict = "xero";
  await shown.refresh();
  const at = ["modules", "accounts", "conflict"];
  const { meanwhile, draft } = shown.state().configured;
  assert.deepEqual(meanwhile.both, [{ path: at, base: "ask", mine: "zoho", theirs: "xero" }]);
  assert.equal(draft.modules.accounts.conflict, "zoho");
  assert.equal(await shown.views.configured.save(), false);
  assert.equal(shown.calls.filter(([method]) => method === "PUT").length, 0, "what both changed is chosen before it is saved");
  await shown.refresh();
  assert.deepEqual(shown.state().configured.meanwhile, meanwhile, "reading the same again takes nothing away");
  shown.views.configured.settle(meanwhile.both[0], "mine");
  stored = { ...structuredClone(stored), language: "de" };
  await shown.refresh();
  assert.deepEqual(shown.state().configured.meanwhile.theirs.map(({ path }) => path), [at, ["language"]]);
  assert.equal(shown.state().configured.meanwhile.both[0].chosen, "mine");
  stored.modules.accounts.conflict = "ask";
  await shown.refresh();
  assert.deepEqual(shown.state().configured.meanwhile.both, [{ path: at, base: "xero", mine: "zoho", theirs: "ask" }]);
});

test("a run that is no more is asked for no further, and who looked at it sees the others", async () => {
  const running = { id: "r1", kind: "preview", state: "running" };
  const lives = [running, running, running];
  const shown = page(answers({ "GET /api/runs/r1": () => lives.shift() ?? new Problem({ kind: "http", status: 404 }) }));
  await shown.open();
  shown.go({ view: "preview", id: "r1" }, true);
  await settled();
  const asked = () => shown.calls.filter(([, path]) => path === "/api/runs/r1").length;
  assert.equal(asked(), 4);
  await settled();
  assert.equal(asked(), 4);
  assert.deepEqual([shown.state().runs.run, shown.state().runs.list, shown.place.at], [null, [], "#/preview"]);
});

test("a file is imported only over the version it was compared with; after another save it is compared anew", async () => {
  const taken = [new Problem({ kind: "http", status: 412, code: "configuration_changed" }), {}];
  let language = "en";
  const shown = page(answers({ "POST /api/configuration": (body) => (body.dry_run ? { changes: [{ path: "settings.language", before: language, after: "fr" }] } : taken.shift()) }));
  const { configuration } = shown.views;
  const sent = () => shown.calls.filter(([, path]) => path === "/api/configuration");
  await shown.open();
  await configuration.choose({ name: "x.json", size: 10, text: async () => '{"a":1}' });
  const seen = shown.state().configuration.version;
  language = "de";
  assert.equal(await configuration.apply(), false);
  assert.deepEqual(sent()[1][3], { "If-Match": seen });
  const { moved, changes, version, trouble } = shown.state().configuration;
  assert.deepEqual([moved, changes[0].before, trouble], [true, "de", null]);
  assert.notEqual(version, seen);
  assert.equal(await configuration.apply(), true);
  assert.deepEqual([sent().at(-1)[3], shown.state().configuration.moved], [{ "If-Match": version }, false]);
});

test("a start that a lost session interrupted goes on after signing in, unless its preview was put by", async () => {
  const run = { id: "r1", kind: "preview", state: "done", module: "all" };
  for (const [leaves, starts] of [[false, 2], [true, 1]]) {
    const tried = [ended(), { run_id: "r2" }];
    const shown = page(answers({ "GET /api/runs/r1": run, "GET /api/runs/r1/items": { rows: [] }, "GET /api/runs/r2": { ...run, id: "r2" }, "POST /api/modules/all/sync": () => tried.shift() }));
    await shown.open();
    shown.go({ view: "preview", id: "r1" }, true);
    await settled();
    await shown.views.runs.start("sync", "all", { direction: "both", preview: "r1" });
    if (leaves) shown.go({ view: "modules" }, true);
    await shown.signIn();
    await settled();
    assert.equal(shown.calls.filter(([, path]) => path === "/api/modules/all/sync").length, starts);
  }
});

test("what is edited again after somebody else saved it is chosen again, as it is now", async () => {
  let stored = settings();
  const shown = page(answers({ "GET /api/settings": () => structuredClone(stored), "PUT /api/settings": (body) => body }));
  const { configured } = shown.views;
  await shown.open();
  configured.edit(["language"], "fr");
  stored = { ...stored, language: "de" };
  await shown.refresh();
  const [place] = shown.state().configured.meanwhile.both;
  configured.settle(place, "theirs");
  assert.equal(shown.state().configured.meanwhile.both[0].mine, "fr");
  configured.edit(["language"], "en");
  assert.equal(await configured.save(), false);
  configured.settle(shown.state().configured.meanwhile.both[0], "mine");
  assert.equal(shown.state().configured.draft.language, "en");
  assert.equal(await configured.save(), true);
});

test("the health page names the rhythm that the service keeps", () => {
  assert.match(scheduleFinds(25), /every 25 minutes\.$/);
  assert.match(scheduleFinds(1), /every minute\.$/);
  assert.doesNotMatch(scheduleFinds(undefined), /minute/);
});

test("a run is followed no further while nobody is signed in, and goes on after signing in", async () => {
  const at = (state) => ({ id: "r1", state });
  const told = [at("running"), at("running"), ended(), at("running"), at("done")];
  const run = () => told.shift();
  const shown = page(answers({ "GET /api/runs/r1": run, "GET /api/runs/r1/items": { rows: [{ id: "1" }] } }));
  const asked = () => shown.calls.filter(([, path]) => path === "/api/runs/r1").length;
  await shown.open();
  await shown.views.runs.show("r1");
  await settled();
  assert.deepEqual([asked(), shown.state().shell.ended, shown.state().runs.run.state], [3, true, "running"]);
  await shown.signIn();
  await settled();
  assert.deepEqual([shown.state().shell.ended, shown.state().runs.run.state, shown.state().runs.rows], [false, "done", [{ id: "1" }]]);
});

test("a conflict is settled as it was seen; one that somebody else settled is not settled again", async () => {
  const row = { id: "L1", module: "accounts", zoho_id: "55", label: "Acme", conflict: { fields: [{ field: "name", zoho: "a", xero: "b" }], version: "v1" } };
  let rows = [row];
  const shown = page(answers({ "GET /api/conflicts": () => ({ rows, total: rows.length }), "POST /api/records/accounts/55/resolve": () => { rows = []; return new Problem({ kind: "http", status: 409, code: "conflict_changed" }); } }));
  await shown.open();
  await shown.views.conflicts.load();
  shown.views.conflicts.choose("L1", { name: "zoho" });
  await shown.views.conflicts.apply(row);
  await settled();
  assert.deepEqual(shown.calls.filter(([method]) => method === "POST").map(([, , body]) => body), [{ choices: { name: "zoho" }, remember: false, version: "v1" }]);
  assert.deepEqual([shown.state().shell.toast.what, shown.state().conflicts.rows], ["settled_meanwhile", []]);
});
