// @ts-check
/**
 * The one small window in which a person signs in or agrees. It is opened in the click itself, also
 * when its address has to be asked for first; where the browser does not let us, the page offers a
 * link, and waits for the window that the person opens with it. While it is open the page tells so,
 * brings it forward, and can stop waiting.
 */

const NAME = "zoho-xero-popup";
/** The backend knows a sign-in for as long. */
const LONGEST = 600000;

/** @typedef {"sign_in" | "connect" | "xero"} Purpose */
/** @typedef {{ state: "open" | "blocked", purpose: Purpose, url: string, front: boolean }} Shown */

export class SignInError extends Error {
  /** @param {"closed" | "refused" | "cancelled" | "late"} kind */
  constructor(kind) {
    super(`sign-in ${kind}`);
    this.kind = kind;
  }
}

/**
 * @param {{
 *   page: Window, origin: string, onChange: () => void,
 *   guard: { expect: (source: unknown, origin: string, receive: (data: unknown) => void) => () => void },
 * }} options
 */
export function createPopups({ page, origin, guard, onChange }) {
  /** @type {Shown | null} */
  let shown = null;
  /** @type {Purpose} */
  let last = "sign_in";
  /** @type {Window | null} */
  let opened = null;
  /** @type {(kind: "closed" | "cancelled" | "late") => void} */
  let stop = () => {};
  let turns = 0;

  /** @param {Shown | null} next */
  function show(next) {
    shown = next;
    onChange();
  }

  /** The address, or the window closed again when it cannot be had. @param {string | (() => Promise<string>)} address */
  async function found(address) {
    if (typeof address === "string") return address;
    const mine = opened;
    try {
      return await address();
    } catch (error) {
      mine?.close();
      throw error;
    }
  }

  /** The first thing it says that is meant for us. @param {(data: any) => boolean} accept */
  function heard(accept) {
    const mine = opened;
    return new Promise((resolve, reject) => {
      const watch = page.setInterval(() => {
        if (!mine?.closed) return;
        page.clearInterval(watch);
        page.setTimeout(() => end(() => reject(new SignInError("closed"))), 400);
      }, 300);
      const limit = page.setTimeout(() => end(() => reject(new SignInError("late"))), LONGEST);
      const done = guard.expect(mine, origin, (data) => { if (accept(data)) end(() => resolve(data)); });
      const mineToStop = (/** @type {"closed" | "cancelled" | "late"} */ kind) => end(() => reject(new SignInError(kind)));
      stop = mineToStop;
      /** @param {() => void} tell */
      function end(tell) {
        for (const free of [done, () => page.clearInterval(watch), () => page.clearTimeout(limit)]) free();
        if (stop === mineToStop) { stop = () => {}; show(null); }
        tell();
      }
    });
  }

  return {
    /**
     * Through the window and back. A second call takes the place of the first.
     * @param {Purpose} purpose @param {string | (() => Promise<string>)} address @param {(data: any) => boolean} accept
     */
    async through(purpose, address, accept) {
      const turn = ++turns;
      stop("cancelled");
      opened = page.open(typeof address === "string" ? address : "about:blank", NAME, "popup,width=560,height=720");
      last = purpose;
      const url = await found(address);
      if (turn !== turns) throw new SignInError("cancelled");
      if (opened && typeof address !== "string") opened.location.href = url;
      const answer = heard(accept);
      show({ state: opened ? "open" : "blocked", purpose, url, front: Boolean(opened) });
      return answer;
    },
    /** What the page tells of the window now. */
    now: () => shown,
    /** What the last window was for. */
    last: () => last,
    /** Its link was followed: it is open, though not in our hands. */
    follow() { if (shown) show({ ...shown, state: "open" }); },
    front: () => opened?.focus(),
    /** Stop waiting; what is still open is closed where that is ours to do. */
    cancel() {
      turns += 1;
      opened?.close();
      stop("cancelled");
    },
  };
}
