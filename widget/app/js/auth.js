// @ts-check
/**
 * Signing in. A popup goes to Zoho and comes back with a one-time code; the code is redeemed for
 * a bearer that lives in memory and a refresh token that rotates and lives as long as the tab, so
 * that the next record opened in it needs no second sign-in. Other windows of the tab share it,
 * therefore one lock is held while rotating; copies of the tab hear of it.
 */
import { createPopups, SignInError } from "./popups.js";
import { shareAmongTabs } from "./tabs.js";

const KEY = "zoho-xero-refresh";
const HANDOFF = "zoho-xero-handoff";
const TIME_LIMIT = 15000;

/** @typedef {{ id: string, name: string, locale?: string, admin: boolean }} User */
/** @typedef {import("./tabs.js").Kept} Kept */
/** @typedef {{ user: User, org: { id: string, name: string } }} Person */

/** The tab's storage; memory where the browser forbids it. @returns {Storage | Map<string, string>} */
function tabStorage() {
  try {
    window.sessionStorage.getItem(KEY);
    return window.sessionStorage;
  } catch (error) {
    if (error instanceof DOMException) return new Map();
    throw error;
  }
}

/** @param {Storage | Map<string, string>} storage */
function keeper(storage) {
  const isMap = storage instanceof Map;
  return {
    /** @returns {Kept | null} */
    read() {
      const text = isMap ? storage.get(KEY) : storage.getItem(KEY);
      return parseKept(text ?? null);
    },
    /** @param {Kept | null} kept */
    write(kept) {
      if (kept === null) return void (isMap ? storage.delete(KEY) : storage.removeItem(KEY));
      const text = JSON.stringify(kept);
      return void (isMap ? storage.set(KEY, text) : storage.setItem(KEY, text));
    },
  };
}

/** @param {string | null} text @returns {Kept | null} */
function parseKept(text) {
  try {
    const kept = JSON.parse(text ?? "null");
    return typeof kept?.refresh === "string" && typeof kept?.user === "string" ? { ...kept, turn: Number(kept.turn) || 0 } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * @param {{
 *   base: string,
 *   guard: { expect: (source: unknown, origin: string, receive: (data: unknown) => void) => () => void },
 *   send?: typeof fetch,
 *   storage?: Storage | Map<string, string>,
 *   page?: Window,
 *   timeLimit?: number,
 *   channel?: any,
 *   onPopup?: () => void,
 * }} options
 */
export function createSession({
  base, guard, send = (...a) => fetch(...a), storage = tabStorage(), page = window, timeLimit = TIME_LIMIT,
  channel = undefined, onPopup = () => {},
}) {
  const kept = keeper(storage);
  const origin = new URL(base || page.location.origin).origin;
  /** @type {string | null} */
  let access = null;
  /** @type {User | null} */
  let user = null;
  /** @type {Person | null} whom this page works for; a session that merely ended leaves it */
  let person = null;
  /** @type {Promise<boolean> | null} */
  let refreshing = null;

  const sayHeld = shareAmongTabs(kept, channel);

  /** Ask for tokens; a TypeError, as for a network that fails, when no answer comes in time. @param {Record<string, string>} body */
  async function asked(body) {
    const stop = AbortSignal.timeout(timeLimit);
    try {
      return await send(`${base}/auth/token`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        credentials: "omit",
        signal: stop,
        body: JSON.stringify(body),
      });
    } catch (error) {
      if (stop.aborted) throw new TypeError("token: no answer in time");
      throw error;
    }
  }

  /** @param {Promise<Response>} asking @param {number} turn how often the session's token was traded */
  async function redeem(asking, turn) {
    const answer = await asking;
    if (answer.status >= 500 || answer.status === 429) throw new TypeError(`token: ${answer.status}`);
    if (!answer.ok) return false;
    const granted = await tokensIn(answer);
    access = granted.access_token;
    user = granted.user;
    person = { user: granted.user, org: granted.org };
    kept.write({ refresh: granted.refresh_token, user: granted.user.id, org: granted.org?.id, turn });
    return true;
  }

  /** The person and his organisation in one word; empty before anybody signed in. */
  const who = () => (person ? [person.user.id, person.org?.id].join(" ") : "");

  /** Whether another window of this tab signed in as somebody else: this page may not go on as him. @param {Kept} current */
  const isAnothers = (current) => Boolean(who() && current.org) && [current.user, current.org].join(" ") !== who();

  /** @param {() => Promise<boolean>} work */
  function alone(work) {
    /** @type {any} */
    const { locks } = page.navigator;
    return /** @type {Promise<boolean>} */ (locks ? locks.request(KEY, work) : work());
  }

  async function rotate() {
    const current = kept.read();
    if (!current || isAnothers(current)) return false;
    const granted = await redeem(asked({ refresh_token: current.refresh }), current.turn + 1);
    if (granted) sayHeld();
    else ended();
    return granted;
  }

  function ended() {
    access = null;
    user = null;
    kept.write(null);
  }

  function forget() {
    ended();
    person = null;
  }

  const popup = createPopups({ page, origin, guard, onChange: onPopup });

  return {
    bearer: () => access,
    user: () => user,
    /** Who signed in last, and at which organisation; he stays when his session ends. */
    person: () => person,
    who,
    forget,
    /** Forget what was kept for somebody else than the person CRM shows. @param {string | null} id */
    keepOnlyFor(id) {
      const current = kept.read();
      if (id && current && current.user !== id) forget();
    },
    /** Get a new bearer silently; false when the person has to sign in. Rejects when offline. */
    refresh() {
      const running = refreshing ?? alone(rotate).finally(() => { refreshing = null; });
      refreshing = running;
      return running;
    },
    origin: () => page.location.origin,
    popup,
    /**
     * Call from a click, else the browser blocks the window and a link is offered. Tells whether somebody else, or the
     * same person at another organisation, came back than this page worked for: nothing that was
     * begun before may go on then.
     * @param {"sign_in" | "connect"} [purpose] @returns {Promise<"same" | "another">}
     */
    async signIn(purpose = "sign_in") {
      const before = who();
      const query = `purpose=${purpose}&origin=${encodeURIComponent(page.location.origin)}`;
      const data = await popup.through(purpose, `${base}/auth/zoho/start?${query}`, isHandoff);
      if (!(await redeem(asked({ code: data.code }), 0))) throw new SignInError("refused");
      return before && before !== who() ? "another" : "same";
    },
    /** Follow a consent address until its window is closed or says it is done; call from a click. @param {() => Promise<string>} address */
    async visit(address) {
      try {
        await popup.through("xero", address, (data) => data?.type === "zoho-xero-connected");
      } catch (error) {
        if (!(error instanceof SignInError) || error.kind !== "closed") throw error;
      }
    },
  };
}

/**
 * What a good answer grants; a TypeError, as for a network that fails, when something on the way
 * answered in its place: a gateway, a portal that wants a sign-in of its own.
 * @param {Response} answer
 */
async function tokensIn(answer) {
  const granted = await answer.json().catch((error) => { throw new TypeError("token: no tokens in the answer", { cause: error }); });
  const texts = [granted?.access_token, granted?.refresh_token, granted?.user?.id];
  if (!texts.every((each) => typeof each === "string" && each)) throw new TypeError("token: no tokens in the answer");
  return granted;
}

/** @param {any} data */
function isHandoff(data) {
  return data?.type === HANDOFF && typeof data.code === "string" && data.code.length > 0
    && data.code.length < 2000;
}
