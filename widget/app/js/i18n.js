// @ts-check
/**
 * Texts in the reader's language. The catalogues are exported from gettext as JSON:
 * {"language", "messages": {"English text": "text" | {"one": "…", "other": "…"}}}.
 * A text that a catalogue lacks is shown in English rather than not at all.
 */

/** @typedef {Record<string, string | number>} Params */
/** @typedef {{ language: string, messages: Record<string, string | Record<string, string>> }} Catalogue */

export const LANGUAGES = ["en", "fr", "de"];
const LIMIT = 5000;

/** @type {Catalogue} */
let catalogue = { language: "en", messages: {} };
let rules = new Intl.PluralRules("en");
let digits = new Intl.NumberFormat("en");

/**
 * The first of the wanted locales ("fr_FR", "de-AT", …) whose language we speak, else English.
 * @param {readonly (string | null | undefined)[]} wanted
 */
export function chooseLanguage(wanted) {
  for (const locale of wanted) {
    const language = String(locale ?? "").slice(0, 2).toLowerCase();
    if (LANGUAGES.includes(language)) return language;
  }
  return "en";
}

/** @param {Catalogue} loaded */
export function useCatalogue(loaded) {
  catalogue = loaded;
  rules = new Intl.PluralRules(loaded.language);
  useDigits(loaded.language);
}

/** Counts within texts are written as all other numbers are: the reader's locale says how. @param {string} locale */
export function useDigits(locale) {
  digits = new Intl.NumberFormat(locale);
}

export function currentLanguage() {
  return catalogue.language;
}

/**
 * Fetch and use the catalogue of a language; what was spoken before (English at first) stays when
 * it cannot be had in time: texts in another language are better than none.
 * @param {string} language
 * @param {typeof fetch} [get]
 * @param {number} [within] milliseconds
 */
export async function loadLanguage(language, get = fetch, within = LIMIT) {
  const address = new URL(`../translations/${language}.json`, import.meta.url);
  const found = await get(address, { signal: AbortSignal.timeout(within) })
    .then((answer) => (answer.ok ? answer.json() : null))
    .catch(() => null);
  if (found?.messages) useCatalogue(found);
  document.documentElement.lang = catalogue.language;
}

/**
 * @param {string} text
 * @param {Params} [params]
 */
function fill(text, params = {}) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

/**
 * The text in the reader's language with {name} filled in.
 * @param {string} text English
 * @param {Params} [params]
 */
export function t(text, params) {
  const found = catalogue.messages[text];
  return fill(typeof found === "string" && found ? found : text, params);
}

/**
 * The counted text in the right plural form; {n} is filled in with the count in the reader's way.
 * @param {string} one English, one
 * @param {string} other English, any other number
 * @param {number} count
 * @param {Params} [params]
 */
export function n(one, other, count, params) {
  const found = catalogue.messages[one];
  const forms = typeof found === "object" ? found : { one, other };
  const text = forms[rules.select(count)] || forms.other || other;
  return fill(text, { n: digits.format(count), ...params });
}

/**
 * One of several texts by its name; null for a name that is not among them.
 * @template T
 * @param {Record<string, () => T>} texts
 * @param {string} name
 * @returns {T | null}
 */
export function say(texts, name) {
  return Object.hasOwn(texts, name) ? texts[name]() : null;
}

/**
 * The text as a list of strings and nodes, so that a part of a sentence can be a link or bold.
 * @param {string} text a text as `t` gives it, placeholders left in
 * @param {Record<string, unknown>} nodes
 */
export function rich(text, nodes) {
  return text
    .split(/(\{\w+\})/)
    .filter((part) => part !== "")
    .map((part) => {
      const name = part.slice(1, -1);
      return part.startsWith("{") && name in nodes ? nodes[name] : part;
    });
}
