// @ts-check
/**
 * Thousands of rows of any height: they stand in pieces, and a piece far from the visible part of
 * the page is an empty box of the height it had.
 */
import { html, useEffect, useMemo, useRef, useState } from "./hooks.js";

const PIECE = 40;

/** @param {{ rows: any[], draw: (row: any, index: number) => any, guess: number, watch?: any, from?: string }} props `watch`: what, besides its rows, changes how a piece looks */
export function Windowed({ rows, draw, guess, watch = null }) {
  const pieces = useMemo(() => Array.from({ length: Math.ceil(rows.length / PIECE) }, (_, index) => rows.slice(index * PIECE, (index + 1) * PIECE)), [rows]);
  return pieces.map((/** @type {any[]} */ piece, /** @type {number} */ index) => html`<${Piece} key=${index} rows=${piece} start=${index * PIECE} draw=${draw} guess=${guess} watch=${watch} eager=${index === 0}/>`);
}

/** @param {any} props */
function Piece({ rows, start, draw, guess, watch, eager }) {
  const [near, setNear] = useState(eager);
  const height = useRef(rows.length * guess);
  const box = useRef(/** @type {any} */ (null));
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting && entry.boundingClientRect.height) height.current = entry.boundingClientRect.height;
      setNear(entry.isIntersecting);
    }, { rootMargin: "900px 0px" });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const holdsFocus = box.current?.contains(document.activeElement);
  const shown = near || holdsFocus;
  const content = useMemo(() => (shown ? rows.map((/** @type {any} */ row, /** @type {number} */ index) => draw(row, start + index)) : null), [rows, shown, watch]);
  return html`<div class="piece" role="presentation" ref=${box} style=${shown ? {} : { blockSize: `${height.current}px` }}>${content}</div>`;
}
