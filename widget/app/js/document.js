// @ts-check
/** The document behind the button, the related list and the list button: one record, or several. */
import { createRecordPage } from "./record.js";
import { createSelectionPage } from "./selection.js";

/**
 * Each record, and each list, that CRM shows gets a page of its own. One that CRM has left is drawn
 * no more and asks for nothing more: whatever comes late for it reaches nobody else.
 * @param {any} options what both pages are made of; `draw` gets which of them is shown, its state, and what it does
 */
export function createRecordDocument({ draw, ...options }) {
  /** @type {any} */
  let shown = null;
  let at = "";
  let many = false;
  let online = true;

  /** @param {string} place @param {boolean} several */
  function turnTo(place, several) {
    shown?.leave();
    const make = several ? createSelectionPage : createRecordPage;
    const mine = make({ ...options, online, draw: (/** @type {any} */ state) => { if (shown === mine) draw({ many, shown: state, acts }); } });
    const acts = { openRecord: options.openRecord, ...mine, signIn: () => signIn(mine) };
    [shown, at, many] = [mine, place, several];
  }

  /** The session is that of all pages: who moved on while signing in sees what is shown now. @param {any} page */
  async function signIn(page) {
    await page.signIn();
    if (shown !== page) await (page.state().another ? shown.startOver() : shown.load());
  }

  turnTo("", false);
  return {
    /** @param {{ module: string, ids: string[] }} wanted */
    open({ module, ids }) {
      const place = `${module}/${ids.join(",")}`;
      if (place === at && (!many || shown.state().busy)) return shown.load();
      turnTo(place, ids.length > 1);
      return ids.length > 1 ? shown.open({ module, ids }) : shown.open({ module, id: ids[0] });
    },
    load: () => shown.load(),
    state: () => shown.state(),
    /** @param {boolean} now */
    setOnline(now) {
      online = now;
      shown.setOnline(now);
    },
    /** @param {any} stage @param {string} [wrong] @param {number} [count] */
    stop(stage, wrong, count) {
      turnTo("", false);
      shown.stop(stage, wrong, count);
    },
  };
}
