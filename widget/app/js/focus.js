// @ts-check
/**
 * Keeps the focus of whoever works by keyboard when what they pressed is shut or goes away: it
 * would fall to the document, and the next key would begin at the top. Nobody who has moved on is
 * called back.
 */

/** Where one hears what became of it. @param {HTMLElement} root @param {boolean} gone */
function landing(root, gone) {
  const place = root.querySelector("dialog[open]") ?? root;
  const state = place.querySelector(place === root ? ".state h2" : "h2");
  // Without a state to hear of, what is only shut for a moment gets the focus back.
  return /** @type {HTMLElement | null} */ (state ?? (gone ? place.querySelector(".blank h2") ?? place.querySelector("h1") : null));
}

/** @param {HTMLElement} element @param {MutationRecord[]} changes */
function wasMoved(element, changes) {
  return changes.some(({ removedNodes }) => [...removedNodes].some((node) => node.contains(element)));
}

/** @param {HTMLElement} root what the page is drawn into */
export function keepFocus(root) {
  /** @type {HTMLElement | null} */
  let last = null;
  let shut = false;

  /** @param {MutationRecord[]} [changes] */
  function look(changes = []) {
    const active = document.activeElement;
    if (!last || !document.hasFocus() || (active !== document.body && active !== last)) return;
    const gone = !last.isConnected;
    if (!gone && !last.matches(":disabled")) {
      // What is moved to another place loses the focus as what goes away does.
      if (shut || wasMoved(last, changes)) last.focus({ preventScroll: true });
      return;
    }
    shut = true;
    const heading = landing(root, gone);
    if (heading) heading.tabIndex = -1;
    heading?.focus({ preventScroll: true });
  }

  document.addEventListener("focusin", ({ target }) => {
    last = target instanceof HTMLElement ? target : null;
    shut = false;
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !last?.contains(target)) last = null;
  });
  window.addEventListener("focus", () => look());
  new MutationObserver(look).observe(root, { subtree: true, childList: true, attributeFilter: ["disabled"] });
}
