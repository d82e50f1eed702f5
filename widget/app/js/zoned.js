// @ts-check
/** Answers that depend on when the reader's day begins: what is overdue, what happened today. */
import { Problem } from "./api.js";

/**
 * Ask with the reader's time zone. One that the service does not know costs nothing but the hour at
 * which days begin.
 * @param {{ get: (path: string) => Promise<any> }} api @param {string} path @param {string | undefined} zone
 */
export async function getInZone(api, path, zone) {
  if (!zone) return api.get(path);
  try {
    return await api.get(`${path}?zone=${encodeURIComponent(zone)}`);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 400) throw error;
    return api.get(path);
  }
}
