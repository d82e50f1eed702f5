// Charts: bars are cut so that what is there is seen, scales are round, columns stack in pixels.
import assert from "node:assert/strict";
import test from "node:test";
import { placed, rising, stepsTo } from "../app/js/views/charts.js";

const slices = (...values) => values.map((value, index) => ({ value, tone: `t${index}` }));

test("slices follow each other without overlap and never leave the bar", () => {
  for (const values of [[1, 1, 1], [2475, 23, 6, 11], [1, 0, 0], [9999, 1, 1, 1], [0.5, 99]]) {
    const whole = values.reduce((sum, one) => sum + one, 0);
    const parts = placed(slices(...values), whole);
    assert.equal(parts.length, values.filter((one) => one > 0).length);
    parts.forEach((part, index) => {
      const before = parts[index - 1];
      assert.ok(Math.abs(part.x - (before ? before.x + before.width : 0)) < 1e-9);
      assert.ok(part.width >= 0.8);
    });
    const last = parts.at(-1);
    assert.ok(last.x + last.width <= 100.0001, String(values));
  }
});

test("a bar shorter than the whole ends where it should", () => {
  const [part] = placed(slices(25), 100);
  assert.deepEqual([part.x, part.width], [0, 25]);
});

test("nothing is drawn of nothing", () => {
  assert.deepEqual(placed(slices(0, 0), 0), []);
  assert.deepEqual(placed(slices(), 10), []);
});

test("steps are round, few, and reach no higher than the highest column", () => {
  for (const highest of [1, 2, 3, 7, 19, 42, 99, 101, 138, 2500, 61000]) {
    const steps = stepsTo(highest);
    assert.ok(steps.length >= 2 && steps.length <= 5, `${highest}: ${steps}`);
    assert.ok(steps.at(-1) <= highest);
    assert.ok(steps.every(Number.isInteger));
  }
  assert.deepEqual(stepsTo(138), [0, 50, 100]);
  assert.deepEqual(stepsTo(0), [0]);
});

test("a column's slices stand two pixels apart and are seen however small", () => {
  const found = rising(slices(130, 0, 1), 1);
  assert.deepEqual(found.map((one) => [one.from, one.to]), [[0, 130], [132, 136]]);
});
