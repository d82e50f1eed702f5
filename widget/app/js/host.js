// @ts-check
/**
 * The CRM page around us. The SDK of Zoho accepts messages from any window (its check returns an
 * Error object, which counts as true), so a listener of ours stands before it and lets only the
 * embedding page through. The SDK has no time-outs either; every wait here has one.
 */
import { moduleOf, moduleOfEntity } from "./modules.js";

const RECORD_ID = /^\d{1,30}$/;
const MOST_RECORDS = 100;

export class HostError extends Error {
  /** @param {"outside" | "silent" | "sdk"} kind @param {string} message */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/**
 * The origin of the page that embeds us, or null when that is nobody we know.
 * @param {Window} page
 * @param {string[]} allowed
 */
export function hostOrigin(page, allowed) {
  if (page.parent === page) return null;
  const claimed = new URLSearchParams(page.location.search).get("serviceOrigin");
  const real = page.location.ancestorOrigins?.[0];
  if (!claimed || !allowed.includes(claimed)) return null;
  return real && real !== claimed ? null : claimed;
}

/**
 * Install the guard. It must be the first message listener of the page. `expect` names a window
 * (the sign-in popup) whose messages go to a receiver of ours, and never to the SDK; null is any
 * window that was opened from this page, for one that a link has opened is in nobody's hands.
 * @param {{ page: Window, origin: string | null }} where
 */
export function guardMessages({ page, origin }) {
  /** @type {Map<unknown, { origin: string, receive: (data: unknown) => void }>} */
  const awaited = new Map();
  page.addEventListener("message", (event) => {
    if (origin && event.source === page.parent && event.origin === origin) return;
    event.stopImmediatePropagation();
    const ours = /** @type {Window | null} */ (event.source)?.opener === page;
    const expected = awaited.get(event.source) ?? (ours ? awaited.get(null) : undefined);
    if (expected && expected.origin === event.origin) expected.receive(event.data);
  }, true);
  return {
    /** @param {unknown} source @param {string} from @param {(data: unknown) => void} receive */
    expect(source, from, receive) {
      awaited.set(source, { origin: from, receive });
      return () => awaited.delete(source);
    },
  };
}

/**
 * What the host asks us to show. EntityId is a string on a record and an array on a list.
 * @param {unknown} data
 * @returns {{ module: string, ids: string[], position: string } | { wrong: "module" | "id" | "many", count?: number }}
 */
export function readPageLoad(data) {
  const { Entity, EntityId, ButtonPosition } = /** @type {any} */ (data ?? {});
  const module = moduleOfEntity(typeof Entity === "string" ? Entity : "");
  if (!module) return { wrong: "module" };
  const ids = Array.isArray(EntityId) ? EntityId : [EntityId];
  if (ids.length > MOST_RECORDS) return { wrong: "many", count: ids.length };
  if (!ids.length || !ids.every((id) => typeof id === "string" && RECORD_ID.test(id))) {
    return { wrong: "id" };
  }
  const position = typeof ButtonPosition === "string" ? ButtonPosition : "";
  return { module: module.key, ids: [...new Set(ids)], position };
}

/**
 * A promise that gives up: `within` milliseconds, then HostError("silent").
 * @template T
 * @param {PromiseLike<T>} promise
 * @param {number} within
 * @returns {Promise<T>}
 */
export function inTime(promise, within) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new HostError("silent", "the host did not answer")), within);
    promise.then(
      (value) => { clearTimeout(timer); resolve(value); },
      (error) => { clearTimeout(timer); reject(error); },
    );
  });
}

/** Load Zoho's script. @param {string} url @param {number} within */
function loadScript(url, within) {
  return inTime(new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new HostError("sdk", `no SDK at ${url}`)));
    document.head.append(script);
  }), within);
}

/**
 * Join the host: loads the SDK, hears the page it wants, and offers the few calls we make.
 * `onPageLoad` may be called again when CRM moves on to another record.
 * @param {{ sdkUrl: string, onPageLoad: (data: unknown) => void, within?: number }} options
 */
export async function joinHost({ sdkUrl, onPageLoad, within = 8000 }) {
  await loadScript(sdkUrl, within);
  const { embeddedApp, CRM } = /** @type {any} */ (window).ZOHO;
  const shown = new Promise((resolve) => {
    embeddedApp.on("PageLoad", (/** @type {unknown} */ data) => { resolve(null); onPageLoad(data); });
  });
  const ready = inTime(Promise.resolve(embeddedApp.init()), within);
  ready.catch(() => undefined); // whoever asks for something of the host hears of it
  return {
    shown: inTime(shown, within),
    user: () => ready.then(() => currentUser(CRM)),
    theme: () => ready.then(() => currentTheme(CRM)),
    /** @param {string} module @param {string} id */
    face: (module, id) => ready.then(() => recordFace(CRM, module, id)),
    /** Show a record of CRM; whether CRM said that it does. @param {string} module @param {string} id */
    open: (module, id) => ready.then(() => quietly(CRM?.UI?.Record?.open?.({ Entity: entityOf(module), RecordID: id }))),
    /** @param {number} height */
    resize: (height) => ready.then(() => quietly(CRM?.UI?.Resize?.({ width: "680", height: String(height) }))),
  };
}

/** @param {any} crm */
async function currentUser(crm) {
  const answer = await inTime(Promise.resolve(crm.CONFIG.getCurrentUser()), 1500);
  const user = answer?.users?.[0] ?? {};
  return {
    id: typeof user.id === "string" ? user.id : null,
    locale: typeof user.locale === "string" ? user.locale : null,
    timeZone: typeof user.time_zone === "string" ? user.time_zone : null,
  };
}

/** What CRM calls a module of ours. @param {string} module */
function entityOf(module) {
  return moduleOf(module)?.entity ?? undefined;
}

/** What CRM itself shows of a record the bridge has not read yet; to look at, never to rely on. */
async function recordFace(/** @type {any} */ crm, /** @type {string} */ module, /** @type {string} */ id) {
  const answer = await inTime(Promise.resolve(crm.API.getRecord({ Entity: entityOf(module), RecordID: id })), 2000);
  const record = answer?.data?.[0] ?? {};
  const word = (/** @type {string[]} */ ...keys) => keys.map((key) => record[key]).find((value) => typeof value === "string" && value) ?? null;
  const total = record.Grand_Total;
  return {
    name: word("Invoice_Number", moduleOf(module)?.title ?? ""),
    status: word("Status"),
    total: typeof total === "number" || typeof total === "string" ? String(total) : null,
    currency: word("Currency"),
  };
}

/** Light or dark as chosen in CRM; null before SDK 1.4 and when it does not say. @param {any} crm */
async function currentTheme(crm) {
  if (typeof crm.CONFIG.getUserPreference !== "function") return null;
  const answer = await inTime(Promise.resolve(crm.CONFIG.getUserPreference()), 1500);
  const words = JSON.stringify(answer?.theme ?? answer ?? "").toLowerCase();
  if (/night|dark/.test(words)) return "dark";
  return /day|light/.test(words) ? "light" : null;
}

/** A wish to the host that may go unheard. @param {unknown} promise */
function quietly(promise) {
  return inTime(Promise.resolve(promise), 1500).then(() => true, () => false);
}
