/** A language that cannot be had leaves the texts in the one spoken before. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { currentLanguage, loadLanguage, t } from "../app/js/i18n.js";

const french = { language: "fr", messages: { Xero: "Le Xero" } };
const answering = (answer) => async () => answer;
globalThis.document = { documentElement: { lang: "" } };

beforeEach(() => loadLanguage("en", answering({ ok: true, json: async () => ({ language: "en", messages: {} }) })));

test("the catalogue that came is spoken", async () => {
  await loadLanguage("fr", answering({ ok: true, json: async () => french }));
  assert.deepEqual([currentLanguage(), t("Xero"), document.documentElement.lang], ["fr", "Le Xero", "fr"]);
});

const failures = {
  "a network that fails": async () => { throw new TypeError("Failed to fetch"); },
  "a refusal": answering({ ok: false }),
  "a page of a gateway": answering({ ok: true, json: async () => JSON.parse("<html>") }),
  "something else": answering({ ok: true, json: async () => ({ status: 503 }) }),
  "no answer in time": (_, { signal }) => new Promise((_done, failed) => { signal.addEventListener("abort", () => failed(signal.reason)); }),
};
for (const [name, get] of Object.entries(failures)) {
  test(`${name} leaves English`, async () => {
    const alive = setTimeout(() => {}, 1000); // the limit's own timer keeps nobody awake
    await loadLanguage("fr", get, 20);
    clearTimeout(alive);
    assert.deepEqual([currentLanguage(), t("Xero"), document.documentElement.lang], ["en", "Xero", "en"]);
  });
}
