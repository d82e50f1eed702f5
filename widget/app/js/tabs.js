// @ts-check
/**
 * A tab that was copied holds the refresh token of the tab it came from, and only the newest one of
 * a session is good: showing an older one ends the session of both. So every open page says what it
 * holds when it starts and when it has traded it; whoever holds an older one of that session takes
 * it over, whoever holds a newer one says so.
 */

const CHANNEL = "zoho-xero-tabs";

/** @typedef {{ refresh: string, user: string, org?: string, turn: number }} Kept `turn`: how often the session's token was traded */

/** @param {string} refresh */
const sessionOf = (refresh) => refresh.split(".")[0];

/** The channel between tabs; a deaf one where the browser forbids it. @returns {Pick<BroadcastChannel, "addEventListener" | "postMessage">} */
function tabChannel() {
  try {
    return new BroadcastChannel(CHANNEL);
  } catch (error) {
    if (error instanceof DOMException) return { addEventListener: () => {}, postMessage: () => {} };
    throw error;
  }
}

/** @param {any} data @returns {data is Kept} */
const isKept = (data) => typeof data?.refresh === "string" && typeof data.user === "string" && Number.isInteger(data.turn);

/**
 * @param {{ read: () => Kept | null, write: (kept: Kept) => void }} kept what this tab holds
 * @param {Pick<BroadcastChannel, "addEventListener" | "postMessage">} channel
 */
export function shareAmongTabs(kept, channel = tabChannel()) {
  channel.addEventListener("message", ({ data }) => {
    const mine = kept.read();
    if (!mine || !isKept(data) || sessionOf(mine.refresh) !== sessionOf(data.refresh)) return;
    if (data.turn > mine.turn) kept.write(data);
    else if (data.turn < mine.turn) channel.postMessage(mine);
  });
  /** Say what this tab holds. */
  function say() {
    const mine = kept.read();
    if (mine) channel.postMessage(mine);
  }
  say();
  return say;
}
