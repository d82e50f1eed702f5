// @ts-check
/** Views by their address: "#/log/81?status=held". Whatever is unknown leads to nothing, not to an error. */

export const VIEWS = Object.freeze([
  "guide", "modules", "mapping", "maps", "log", "conflicts", "attention", "health", "notices", "configuration", "connection", "preview",
]);

/**
 * @typedef {{ view: string, id: string, query: Record<string, string> }} Route
 */

/** @param {string} hash @returns {Route | null} null for an address without a view of ours */
export function parseRoute(hash) {
  const [path, search = ""] = hash.replace(/^#\/?/, "").split("?");
  const [view, id = ""] = path.split("/");
  if (!VIEWS.includes(view)) return null;
  const query = Object.fromEntries([...new URLSearchParams(search)].filter(([, value]) => value !== ""));
  return { view, id: decoded(id), query };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return "";
    throw error;
  }
}

/** @param {Partial<Route> & { view: string }} route */
export function formatRoute({ view, id = "", query = {} }) {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value)).toString();
  return `#/${view}${id ? `/${encodeURIComponent(id)}` : ""}${search ? `?${search}` : ""}`;
}

/** The address of the page as the state modules use it. @param {Window} page */
export function browserPlace(page) {
  return {
    hash: () => page.location.hash,
    /** @param {string} hash @param {boolean} [instead] leave no trace in the history */
    go(hash, instead = false) {
      if (hash === page.location.hash) return;
      if (instead) page.history.replaceState(null, "", hash);
      else page.location.hash = hash;
    },
    /** @param {() => void} hear */
    onMove: (hear) => page.addEventListener("hashchange", hear),
    /** @param {() => boolean} unsaved whether leaving the page would lose something */
    warnWhen(unsaved) {
      page.addEventListener("beforeunload", (event) => { if (unsaved()) event.preventDefault(); });
    },
    isHidden: () => page.document.hidden,
  };
}
