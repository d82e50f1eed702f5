// @ts-check
/** The page's own words in the language of the person signed in; English is the key and the rest. */
import { person } from "./data.js";

const TRANSLATED = ["fr", "de"];
/** @type {Record<string, Record<string, string>>} */
const known = { en: {} };
let language = "en";

/** Speak the language of whoever is signed in. */
export async function speak() {
  const wanted = person().locale.slice(0, 2);
  const next = TRANSLATED.includes(wanted) ? wanted : "en";
  known[next] ??= await (await fetch(`static/words/${next}.json`)).json();
  language = next;
  document.documentElement.lang = next;
}

/** A text with its values filled in. @param {string} english @param {Record<string, string | number>} [values] */
export function t(english, values = {}) {
  const text = known[language][english] ?? english;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
