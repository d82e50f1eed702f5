// @ts-check
/** Preact's hooks, and what the library of this version lacks. */
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../../vendor/htm-preact-standalone.js";

export { html, useEffect, useLayoutEffect, useMemo, useRef, useState };

let ids = 0;

/** An id that stays with the part that asked for it. */
export function useId() {
  return useMemo(() => `part-${(ids += 1)}`, []);
}

/** Call back once an element comes near the visible part of the page. @param {() => void} seen @param {any[]} [deps] */
export function useNear(seen, deps = []) {
  const ref = useRef(/** @type {any} */ (null));
  useEffect(() => {
    if (!ref.current) return undefined;
    const observer = new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) seen(); }, { rootMargin: "600px" });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, deps);
  return ref;
}

/**
 * Show a dialog above the page, and close it when its part goes away: only a closed one gives the
 * focus back to where it came from. `closed` hears of it when a person closed it.
 * @param {{ current: any }} box @param {() => void} closed
 */
export function useModal(box, closed) {
  useEffect(() => {
    const dialog = box.current;
    dialog.addEventListener("close", closed);
    dialog.showModal();
    return () => { dialog.removeEventListener("close", closed); dialog.close(); };
  }, []);
}
