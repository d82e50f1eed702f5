// @ts-check
/** What somebody else saved while this page was edited, and the choices where both changed a place. */
import { read, same } from "./documents.js";

/** @typedef {{ path: string[], base: any, mine: any, theirs: any, chosen?: "mine" | "theirs" }} Both */
/** @typedef {{ theirs: any[], both: Both[] }} Meanwhile */

/** Whether a place that two people changed waits for a choice. @param {{ meanwhile: Meanwhile | null }} slice */
export const undecided = (slice) => Boolean(slice.meanwhile?.both.some((one) => !one.chosen));

/** What others saved, with what of it was told before and is not read yet. @param {Meanwhile | null} before @param {Meanwhile} now @returns {Meanwhile} */
export function joined(before, now) {
  const anew = new Set(now.theirs.map(({ path }) => path.join()));
  const still = (/** @type {any[]} */ places) => places.filter(({ path }) => !anew.has(path.join()));
  return { theirs: [...still(before?.theirs ?? []), ...now.theirs], both: [...still(before?.both ?? []), ...now.both] };
}

/** What was edited again is to be chosen again, as it is now. @param {Meanwhile | null} meanwhile @param {any} before @param {any} after @returns {Meanwhile | null} */
export function reopened(meanwhile, before, after) {
  if (!meanwhile) return null;
  const both = meanwhile.both.map((one) => {
    const mine = read(after, one.path);
    return same(read(before, one.path), mine) ? one : { ...one, mine, chosen: undefined };
  });
  return { ...meanwhile, both };
}

/** One place is decided. @param {Meanwhile} meanwhile @param {Both} place @param {"mine" | "theirs"} whose @returns {Meanwhile} */
export function settled(meanwhile, place, whose) {
  return { ...meanwhile, both: meanwhile.both.map((one) => (one.path.join() === place.path.join() ? { ...one, chosen: whose } : one)) };
}
