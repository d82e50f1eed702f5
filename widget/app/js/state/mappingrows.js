// @ts-check
/** Rows of a mapping: what of them is sent, which changed, and two people's edits laid over each other. */
import { own, rebase, same } from "./documents.js";

const SENT = Object.freeze(["name", "zoho", "xero", "flow", "on", "owner", "value_map", "transform", "fixed"]);

/** A row as the backend takes it. @param {any} row */
export function asSent(row) {
  return Object.fromEntries(SENT.filter((name) => row[name] !== undefined && !(name === "fixed" && row[name] === null)).map((name) => [name, row[name]]));
}

/** Rows that differ from what is stored, new and missing ones included. @param {any} slice */
export function changedRows(slice) {
  if (!slice.stored || !slice.rows) return [];
  const before = new Map(slice.stored.rows.map((/** @type {any} */ row) => [row.name, asSent(row)]));
  const after = new Set(slice.rows.map((/** @type {any} */ row) => row.name));
  const changed = slice.rows.filter((/** @type {any} */ row) => !same(before.get(row.name), asSent(row)));
  return [...changed, ...slice.stored.rows.filter((/** @type {any} */ row) => !after.has(row.name))];
}

/** Rows by their names, as they are sent: so two people's edits are compared field by field. @param {any[]} rows */
export const byName = (rows) => Object.fromEntries(rows.map((row) => [row.name, asSent(row)]));

/** Such rows as a list again, each with what else is known of it. @param {any} named @param {any[]} known the first of a name counts */
export function asRows(named, known) {
  return Object.keys(named).map((name) => {
    const about = known.find((row) => row.name === name) ?? {};
    const rest = Object.entries(about).filter(([part]) => !SENT.includes(part));
    return { ...Object.fromEntries(rest), ...own(named, name) };
  });
}

/** My rows on top of theirs, field by field. @param {any[]} base @param {any[]} mine @param {any[]} theirs */
export function laidOver(base, mine, theirs) {
  const { draft, ...told } = rebase(byName(base), byName(mine), byName(theirs));
  return { rows: asRows(draft, [...theirs, ...mine]), ...told };
}
