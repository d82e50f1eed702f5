// @ts-check
/** One state in named slices; whoever draws is told once per turn, however many slices changed. */

/**
 * @param {(state: any) => void} draw
 * @param {(act: () => void) => void} [soon]
 */
export function createStore(draw, soon = queueMicrotask) {
  /** @type {Record<string, any>} */
  let state = {};
  let waiting = false;

  function changed() {
    if (waiting) return;
    waiting = true;
    soon(() => { waiting = false; draw(state); });
  }

  return {
    state: () => state,
    /**
     * A named part of the state with a way to read and to change it.
     * @template {object} T
     * @param {string} name @param {T} initial
     * @returns {{ name: string, get: () => T, set: (patch: Partial<T>) => void }}
     */
    slice(name, initial) {
      state = { ...state, [name]: initial };
      return {
        name,
        get: () => state[name],
        set(patch) {
          state = { ...state, [name]: { ...state[name], ...patch } };
          changed();
        },
      };
    },
  };
}
