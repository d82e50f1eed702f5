// @ts-check
/** Which characters of a value changed, so that a reader's eye finds them. */

/** @typedef {{ text: string, changed: boolean }} Part */

const LONGEST = 400;

/** @param {string} text */
function words(text) {
  return text.match(/[\p{L}\p{N}]+|\s+|[^\p{L}\p{N}\s]/gu) ?? [];
}

/**
 * The value cut into parts that `other` has too and parts that only the value has.
 * @param {string} value
 * @param {string} other
 * @returns {Part[]}
 */
export function changedParts(value, other) {
  const [mine, theirs] = [words(value), words(other)];
  if (mine.length * theirs.length > LONGEST * LONGEST) return [{ text: value, changed: value !== other }];
  const common = longestCommon(mine, theirs);
  return joined(mine.map((text, index) => ({ text, changed: !common.has(index) })));
}

/**
 * The indices of `mine` that belong to a longest common subsequence with `theirs`.
 * @param {string[]} mine
 * @param {string[]} theirs
 */
function longestCommon(mine, theirs) {
  const lengths = Array.from({ length: mine.length + 1 }, () => new Uint16Array(theirs.length + 1));
  for (let i = mine.length - 1; i >= 0; i -= 1) {
    for (let j = theirs.length - 1; j >= 0; j -= 1) {
      lengths[i][j] = mine[i] === theirs[j]
        ? lengths[i + 1][j + 1] + 1
        : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const kept = new Set();
  for (let i = 0, j = 0; i < mine.length && j < theirs.length;) {
    if (mine[i] === theirs[j]) { kept.add(i); i += 1; j += 1; }
    else if (lengths[i + 1][j] >= lengths[i][j + 1]) i += 1;
    else j += 1;
  }
  return kept;
}

/** Neighbours of one kind become one part; a lone space between changes counts as changed. */
function joined(/** @type {Part[]} */ parts) {
  /** @type {Part[]} */
  const out = [];
  parts.forEach((part, index) => {
    const between = part.text.trim() === "" && out.at(-1)?.changed && parts[index + 1]?.changed;
    const leading = part.text === " " && !out.at(-1)?.changed;
    const changed = between || (part.changed && !leading);
    const last = out.at(-1);
    if (last && last.changed === Boolean(changed)) last.text += part.text;
    else out.push({ text: part.text, changed: Boolean(changed) });
  });
  return out;
}
