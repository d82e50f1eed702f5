/** Every text the pages can say is in every catalogue, and every catalogue fills the same slots. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const APP = new URL("../app/", import.meta.url).pathname;
const CALL = /\b[tn]\(\s*"((?:[^"\\]|\\.)*)"(?:,\s*"((?:[^"\\]|\\.)*)")?/g;

function sources(folder = join(APP, "js")) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "vendor") return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : [path];
  });
}

const said = new Map(sources().flatMap((path) =>
  [...readFileSync(path, "utf8").matchAll(CALL)].map((found) => [JSON.parse(`"${found[1]}"`), path])));
const slots = (text) => [...String(text).matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort().join();

const written = ["record", "settings", "dashboard"].flatMap((page) =>
  [...readFileSync(join(APP, `${page}.html`), "utf8").matchAll(/<(?:h1|p|a)\b[^>]*>([^<]+)</g)].map(([, text]) => text));

test("there are texts to look at", () => { assert.ok(said.size > 100); assert.equal(written.length, 9); });

for (const language of ["en", "fr", "de"]) {
  const { messages } = JSON.parse(readFileSync(join(APP, "translations", `${language}.json`), "utf8"));

  test(`every text of the code is in the ${language} catalogue`, () => {
    assert.deepEqual([...said.keys()].filter((text) => !(text in messages)), []);
  });

  test(`what the documents themselves say is in the ${language} catalogue`, () => {
    assert.deepEqual(written.filter((text) => !(text in messages)), []);
  });

  test(`no ${language} text is empty or loses a slot`, () => {
    for (const [id, text] of Object.entries(messages)) {
      if (typeof text === "string") assert.equal(slots(text), slots(id), id);
      else for (const form of Object.values(text)) assert.ok(form, id);
    }
  });
}
