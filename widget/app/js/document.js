// @ts-check
/** The document behind the button, the related list and the list button: one record, or several. */
import { createRecordPage } from "./record.js";
import { createSelectionPage } from "./selection.js";

/** @param {any} options what both pages are made of; `draw` gets which of them is shown, and its state */
export function createRecordDocument({ draw, ...options }) {
  let many = false;
  const one = createRecordPage({ ...options, draw: (state) => { if (!many) draw({ many, shown: state }); } });
  const several = createSelectionPage({ ...options, draw: (state) => { if (many) draw({ many, shown: state }); } });
  const now = () => (many ? several : one);
  return {
    one: { ...one, openRecord: options.openRecord }, several,
    /** @param {{ module: string, ids: string[] }} wanted */
    open({ module, ids }) {
      many = ids.length > 1;
      return many ? several.open({ module, ids }) : one.open({ module, id: ids[0] });
    },
    load: () => now().load(),
    state: () => now().state(),
    /** @param {boolean} online */
    setOnline: (online) => now().setOnline(online),
    /** @param {any} stage @param {string} [wrong] @param {number} [count] */
    stop(stage, wrong, count) {
      many = false;
      one.stop(stage, wrong, count);
    },
  };
}
