// @ts-check
/**
 * Our backend as the pages see it: JSON in and out, a bearer that is renewed once when it has
 * run out, a time limit on every call, and one kind of error that carries a request number.
 */

const TIME_LIMIT = 15000;
/** A file may be long: how many times as much it gets. */
const FILE_PATIENCE = 12;

/** What went wrong, in a shape that a page can show. */
export class Problem extends Error {
  /**
   * @param {{ kind: "offline" | "timeout" | "signed_out" | "http" | "unreadable", status?: number, code?: string,
   *           detail?: string, request?: string, body?: any }} what
   */
  constructor({ kind, status = 0, code = "", detail = "", request = "", body = null }) {
    super(detail || kind);
    this.kind = kind;
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.request = request;
    this.body = body;
  }
}

/** Whether asking the same again in a moment may help: nothing came, or the service is in trouble. @param {unknown} error */
export function passes(error) {
  if (!(error instanceof Problem)) return false;
  return ["offline", "timeout"].includes(error.kind) || error.status === 429 || error.status >= 500;
}

/**
 * The trouble to show. One that goes on keeps the number it came with: it is news, and read out,
 * only once.
 * @param {Problem | null} before @param {Problem} now
 */
export function lasting(before, now) {
  return before?.kind === now.kind && before.status === now.status ? before : now;
}

/** A short number a person can read out on the telephone: "7F3A-19C2". */
export function newRequestNumber() {
  const [left, right] = crypto.getRandomValues(new Uint16Array(2));
  return [left, right].map((part) => part.toString(16).toUpperCase().padStart(4, "0")).join("-");
}

/**
 * @param {{
 *   base: string,
 *   session: { bearer: () => string | null, refresh: () => Promise<boolean>, who: () => string },
 *   language: () => string,
 *   send?: typeof fetch,
 *   timeLimit?: number,
 * }} options
 */
export function createApi({ base, session, language, send = (...a) => fetch(...a), timeLimit = TIME_LIMIT }) {
  const isOurOrigin = !base || base === globalThis.location?.origin;

  /** @param {string} method @param {string} path @param {unknown} body @param {Record<string, string>} extra @param {number} within milliseconds */
  async function once(method, path, body, extra, within = timeLimit) {
    const request = newRequestNumber();
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json", "Accept-Language": language(), ...extra };
    // From another origin the header would need permission; the answer then brings a number of its own.
    if (isOurOrigin) headers["X-Request-ID"] = request;
    if (session.bearer()) headers.Authorization = `Bearer ${session.bearer()}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const stop = AbortSignal.timeout(within);
    try {
      const answer = await send(base + path, {
        method, headers, signal: stop, credentials: "omit", cache: "no-store",
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await answer.text();
      return { answer, text, request: answer.headers.get("X-Request-ID") || request };
    } catch (error) {
      if (error instanceof TypeError) throw new Problem({ kind: "offline", request });
      if (stop.aborted) throw new Problem({ kind: "timeout", request });
      throw error;
    }
  }

  /** A new bearer, or the Problem that says why not; what one has asked for never goes on as another. @param {string} request @param {string} asker */
  async function renewed(request, asker) {
    try {
      if (await session.refresh() && (!asker || asker === session.who())) return;
    } catch (error) {
      if (error instanceof TypeError) throw new Problem({ kind: "offline", request });
      throw error;
    }
    throw new Problem({ kind: "signed_out", status: 401, request });
  }

  /** @param {string} method @param {string} path @param {unknown} [body] @param {Record<string, string>} [extra] @param {(outcome: any) => any} [understand] @param {number} [within] */
  async function call(method, path, body, extra = {}, understand = read, within = timeLimit) {
    const asker = session.who();
    if (!session.bearer()) await renewed("", asker);
    let outcome = await once(method, path, body, extra, within);
    if (outcome.answer.status === 401) {
      await renewed(outcome.request, asker);
      outcome = await once(method, path, body, extra, within);
    }
    return understand(outcome);
  }

  return {
    /** @param {string} path */
    get: (path) => call("GET", path),
    /** @param {string} path @param {unknown} [body] @param {Record<string, string>} [extra] */
    post: (path, body = {}, extra) => call("POST", path, body, extra),
    /** @param {string} path @param {unknown} body @param {Record<string, string>} [extra] */
    put: (path, body, extra) => call("PUT", path, body, extra),
    /** @param {string} path */
    remove: (path) => call("DELETE", path),
    /** A file that is no JSON, as text. @param {string} path */
    text: (path) => call("GET", path, undefined, { Accept: "text/csv" }, readText, timeLimit * FILE_PATIENCE),
  };
}

/** @param {{ answer: Response, text: string, request: string }} outcome */
function read({ answer, text, request }) {
  const body = parse(text);
  if (answer.ok && (body !== null || text === "")) {
    return { body, etag: answer.headers.get("ETag"), status: answer.status, request };
  }
  throw new Problem({
    kind: answer.status === 401 ? "signed_out" : "http",
    status: answer.status,
    code: typeof body?.code === "string" ? body.code : "",
    detail: typeof body?.detail === "string" ? body.detail : "",
    request: typeof body?.request_id === "string" ? body.request_id : request,
    body,
  });
}

/** @param {{ answer: Response, text: string, request: string }} outcome @returns {string} */
function readText(outcome) {
  return outcome.answer.ok ? outcome.text : read(outcome).body;
}

/** @param {string} text @returns {any} */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
