// @ts-check
/**
 * JSON documents that several people edit: what differs, and how one's own changes lie on top of
 * what somebody else stored meanwhile. Lists are compared whole, except when told otherwise.
 */

/** @typedef {{ path: string[], before: any, after: any }} Difference */

/** @param {unknown} value */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** What a document itself holds under a name: "constructor" is a name like any other. @param {any} document @param {string} key */
export const own = (document, key) => (document !== null && document !== undefined && Object.hasOwn(document, key) ? document[key] : undefined);

/** Equal as JSON, whatever the order of keys. @param {any} a @param {any} b @returns {boolean} */
export function same(a, b) {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, index) => same(one, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

/** Every place where two documents differ. @param {any} before @param {any} after @param {string[]} [at] @returns {Difference[]} */
export function differences(before, after, at = []) {
  if (same(before, after)) return [];
  if (!isObject(before) || !isObject(after)) return [{ path: at, before, after }];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => differences(own(before, key), own(after, key), [...at, key]));
}

/** @param {any} document @param {readonly string[]} path */
export function read(document, path) {
  return path.reduce(own, document);
}

/** The document with one value put in place; the given one is left alone. @param {any} document @param {readonly string[]} path @param {any} value @returns {any} */
export function put(document, path, value) {
  if (!path.length) return value;
  const [key, ...rest] = path;
  const copy = Array.isArray(document) ? [...document] : { ...document };
  if (value === undefined && !rest.length) delete copy[key];
  else Object.defineProperty(copy, key, { value: put(own(copy, key) ?? {}, rest, value), enumerable: true, writable: true, configurable: true });
  return copy;
}

/**
 * My changes on top of what somebody else stored: the new draft, what the other changed, and the
 * places both changed differently (there my value stays in the draft until I choose).
 * @param {any} base @param {any} mine @param {any} theirs
 */
export function rebase(base, mine, theirs) {
  const changedByThem = differences(base, theirs);
  const changedByMe = raised(differences(base, mine), base, mine, theirs);
  const draft = changedByMe.reduce((held, { path, after }) => put(held, path, after), theirs);
  const both = changedByMe
    .filter(({ path, after }) => changedByThem.some((one) => touches(one.path, path)) && !same(read(theirs, path), after))
    .map(({ path, after }) => ({ path, base: read(base, path), mine: after, theirs: read(theirs, path) }));
  return { draft, theirs: changedByThem, both };
}

/**
 * A change within something that is no more is a change of the whole of it.
 * @param {Difference[]} changes @param {any} base @param {any} mine @param {any} theirs
 */
function raised(changes, base, mine, theirs) {
  const gone = (/** @type {string[]} */ at) => read(theirs, at) === undefined && read(base, at) !== undefined;
  const paths = changes.map(({ path }) => path.slice(0, 1 + path.findIndex((_, index) => index === path.length - 1 || gone(path.slice(0, index + 1)))));
  const once = new Map(paths.map((path) => [path.join(), path]));
  return [...once.values()].map((path) => ({ path, before: read(base, path), after: read(mine, path) }));
}

/** Whether one path lies on the other. @param {readonly string[]} a @param {readonly string[]} b */
function touches(a, b) {
  return a.slice(0, b.length).every((key, index) => key === b[index]);
}
