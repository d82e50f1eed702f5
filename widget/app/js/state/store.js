// @ts-check
/** One state in named slices; whoever draws is told once per turn, however many slices changed. */

/**
 * @param {(state: any) => void} draw
 * @param {(act: () => void) => void} [soon]
 */
export function createStore(draw, soon = queueMicrotask) {
  /** @type {Record<string, any>} */
  let state = {};
  /** @type {Record<string, any>} */
  const first = {};
  let waiting = false;

  function changed() {
    if (waiting) return;
    waiting = true;
    soon(() => { waiting = false; draw(state); });
  }

  return {
    state: () => state,
    /** Every slice as it began. Turns count on: an answer still under way is for nobody. */
    reset() {
      const turnOf = (/** @type {string} */ name) => (state[name].turn === undefined ? {} : { turn: state[name].turn + 1 });
      state = Object.fromEntries(Object.keys(state).map((name) => [name, { ...first[name], ...turnOf(name) }]));
      changed();
    },
    /**
     * A named part of the state with a way to read and to change it.
     * @template {object} T
     * @param {string} name @param {T} initial
     * @returns {{ name: string, get: () => T, set: (patch: Partial<T>) => void }}
     */
    slice(name, initial) {
      state = { ...state, [name]: initial };
      first[name] = initial;
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
