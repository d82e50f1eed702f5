/** The code of others is the code that was looked at. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const FOLDER = new URL("../app/js/vendor/", import.meta.url);

test("the vendored file has the recorded sum", () => {
  const [sum, name] = readFileSync(new URL("SHA256SUMS", FOLDER), "utf8").trim().split(/\s+/);
  const content = readFileSync(new URL(name, FOLDER));
  assert.equal(createHash("sha256").update(content).digest("hex"), sum);
  assert.ok(readFileSync(new URL("README.md", FOLDER), "utf8").includes(sum));
});
