// @ts-check
/**
 * Amounts, dates and times for people. Amounts stay decimal strings from the wire to the screen:
 * Intl formats the string itself, sums are done on integers.
 */
import { currentLanguage, t, useDigits } from "./i18n.js";

let locale = "en-GB";
/** @type {string | undefined} */
let zone;
/** @type {() => Date} */
let clock = () => new Date();

/**
 * @param {{ locale?: string | null, timeZone?: string | null, now?: () => Date }} wanted
 */
export function useLocale({ locale: wantedLocale, timeZone, now }) {
  locale = supported(String(wantedLocale ?? "").replace("_", "-"));
  useDigits(locale);
  zone = validZone(timeZone);
  if (now) clock = now;
}

/** The reader's time zone, the browser's when CRM does not say. */
export function timeZone() {
  return zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The locale numbers and dates follow: never another language than the texts. */
function supported(/** @type {string} */ wanted) {
  const language = currentLanguage();
  const fallback = { en: "en-GB", fr: "fr-FR", de: "de-DE" }[language] ?? "en-GB";
  if (!/^[a-z]{2}(-[A-Za-z0-9]+)*$/.test(wanted) || !wanted.startsWith(language)) return fallback;
  return isSupported(wanted) ? wanted : fallback;
}

/** What looks like a locale may still be none, as "en-unknownland". @param {string} wanted */
function isSupported(wanted) {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf([wanted]).length > 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** @param {string | null | undefined} wanted */
function validZone(wanted) {
  if (!wanted) return undefined;
  try {
    new Intl.DateTimeFormat("en", { timeZone: wanted });
    return wanted;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const AMOUNT = /^-?\d+(\.\d+)?$/;

/**
 * A decimal string in the reader's way of writing money; "–" for an unknown amount, never 0.00.
 * @param {string | null | undefined} amount
 * @param {string | null | undefined} currency
 */
export function money(amount, currency) {
  if (amount == null || !AMOUNT.test(amount)) return "–";
  const code = /^[A-Z]{3}$/.test(currency ?? "") ? /** @type {string} */ (currency) : null;
  const decimals = (amount.split(".")[1] ?? "").replace(/0+$/, "").length;
  /** @type {Intl.NumberFormatOptions} */
  const options = code
    ? { style: "currency", currency: code }
    : { minimumFractionDigits: Math.max(2, Math.min(decimals, 4)) };
  const plain = new Intl.NumberFormat(locale, options);
  const usual = plain.resolvedOptions().maximumFractionDigits ?? 2;
  const exact = decimals > usual ? { ...options, maximumFractionDigits: decimals } : options;
  return new Intl.NumberFormat(locale, exact).format(/** @type {any} */ (amount));
}

/** A whole number in the reader's way. @param {number} value */
export function count(value) {
  return new Intl.NumberFormat(locale).format(value);
}

/** A length of time in seconds, "1.5 sec". @param {number} value */
export function seconds(value) {
  return new Intl.NumberFormat(locale, { style: "unit", unit: "second", maximumFractionDigits: 1 }).format(value);
}

/** A decimal string with one digit at most. @param {string} value */
export function decimal(value) {
  return AMOUNT.test(value) ? new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(/** @type {any} */ (value)) : "–";
}

/**
 * An amount under a heading that names its currency, with as many decimals as the currency has.
 * @param {string | null} amount @param {string | null} currency
 */
export function amountsOnly(amount, currency) {
  if (amount == null || !AMOUNT.test(amount) || !/^[A-Z]{3}$/.test(currency ?? "")) return money(amount, null);
  const { maximumFractionDigits: usual = 2 } = new Intl.NumberFormat(locale, { style: "currency", currency: String(currency) }).resolvedOptions();
  const decimals = Math.max(usual, (amount.split(".")[1] ?? "").replace(/0+$/, "").length);
  return new Intl.NumberFormat(locale, { minimumFractionDigits: usual, maximumFractionDigits: decimals }).format(/** @type {any} */ (amount));
}

/** @param {string} amount @param {number} scale */
function units(amount, scale) {
  const [whole, rest = ""] = amount.replace("-", "").split(".");
  const value = BigInt(whole + rest.padEnd(scale, "0").slice(0, scale));
  return amount.startsWith("-") ? -value : value;
}

/**
 * left − right, exactly; null when either is unknown.
 * @param {string | null | undefined} left
 * @param {string | null | undefined} right
 */
export function subtract(left, right) {
  if (!AMOUNT.test(left ?? "") || !AMOUNT.test(right ?? "")) return null;
  const [a, b] = [/** @type {string} */ (left), /** @type {string} */ (right)];
  const scale = Math.max(2, (a.split(".")[1] ?? "").length, (b.split(".")[1] ?? "").length);
  const difference = units(a, scale) - units(b, scale);
  const digits = String(difference < 0n ? -difference : difference).padStart(scale + 1, "0");
  const sign = difference < 0n ? "-" : "";
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** @param {string | null | undefined} amount */
export function isZero(amount) {
  return AMOUNT.test(amount ?? "") && /^-?[0.]+$/.test(/** @type {string} */ (amount));
}

/**
 * How much of total is paid, in whole per cent: 0 and 100 only when it is nothing and everything.
 * @param {string | null | undefined} paid
 * @param {string | null | undefined} total
 */
export function share(paid, total) {
  if (!AMOUNT.test(paid ?? "") || !AMOUNT.test(total ?? "")) return null;
  const [part, whole] = [units(String(paid), 6), units(String(total), 6)];
  if (whole <= 0n || part < 0n) return null;
  if (part === 0n) return 0;
  if (part >= whole) return 100;
  return Math.min(99, Math.max(1, Number((part * 100n) / whole)));
}

/** @param {number} whole */
export function percent(whole) {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 3 }).format(whole / 100);
}

/** "Progress: 40 %", another text only every ten per cent, so that a screen reader can keep up. @param {string} title @param {number} share of a hundred */
export function tenthOf(title, share) {
  const tenth = Math.floor(share / 10) * 10;
  return tenth ? t("{action}: {reason}", { action: title, reason: percent(tenth) }) : title;
}

/** Making a formatter takes far longer than using it. @type {Map<string, Intl.DateTimeFormat>} */
const made = new Map();

/** @param {string} language @param {Intl.DateTimeFormatOptions} options */
function formatter(language, options) {
  const key = `${language} ${JSON.stringify(options)}`;
  const found = made.get(key) ?? new Intl.DateTimeFormat(language, options);
  made.set(key, found);
  return found;
}

/** @param {Intl.DateTimeFormatOptions} options */
function dates(options) {
  return formatter(locale, { timeZone: zone, ...options });
}

/** The calendar day of a moment in the reader's time zone, as YYYY-MM-DD. */
function dayOf(/** @type {Date} */ moment) {
  return formatter("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(moment);
}

/** @param {number} offset */
function dayFromToday(offset) {
  const [year, month, day] = dayOf(clock()).split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day + offset)).toISOString().slice(0, 10);
}

/** @param {string | null | undefined} iso @returns {Date | null} */
function parse(iso) {
  const moment = iso ? new Date(iso) : null;
  return moment && !Number.isNaN(moment.getTime()) ? moment : null;
}

/**
 * A calendar date such as a due date; it has no time zone.
 * @param {string | null | undefined} iso YYYY-MM-DD
 */
export function date(iso) {
  if (!/^\d{4}-\d{2}-\d{2}/.test(iso ?? "")) return iso || "–";
  const day = new Date(`${String(iso).slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return String(iso);
  /** @type {Intl.DateTimeFormatOptions} */
  const options = currentLanguage() === "de"
    ? { day: "2-digit", month: "2-digit", year: "numeric" }
    : { dateStyle: "medium" };
  return formatter(locale, { timeZone: "UTC", ...options }).format(day);
}

/** A calendar day of this year, "12 Nov". @param {string} iso YYYY-MM-DD */
export function dayAndMonth(iso) {
  const german = currentLanguage() === "de";
  return new Intl.DateTimeFormat(locale, {
    timeZone: "UTC", day: german ? "2-digit" : "numeric", month: german ? "2-digit" : "short",
  }).format(new Date(`${iso}T00:00:00Z`));
}

/** The time of day, "14:32". @param {string | null | undefined} iso */
export function time(iso) {
  const moment = parse(iso);
  return moment ? dates({ timeStyle: "short" }).format(moment) : "–";
}

/** Whether a moment is today in the reader's time zone. @param {string | null | undefined} iso */
export function isToday(iso) {
  const moment = parse(iso);
  return moment !== null && dayOf(moment) === dayFromToday(0);
}

/**
 * The shortest unmistakable form for a list: the time today, else the day, the year if another.
 * @param {string | null | undefined} iso
 */
export function stamp(iso) {
  const moment = parse(iso);
  if (!moment) return "–";
  if (isToday(iso)) return time(iso);
  const sameYear = dayOf(moment).slice(0, 4) === dayOf(clock()).slice(0, 4);
  const german = currentLanguage() === "de";
  return dates({
    day: german ? "2-digit" : "numeric",
    month: german ? "2-digit" : "short",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(moment);
}

/**
 * A moment inside a sentence: "today 14:32", "yesterday 09:10", "12 Nov 2026 09:10".
 * @param {string | null | undefined} iso
 */
export function moment(iso) {
  const at = parse(iso);
  if (!at) return "–";
  const day = dayOf(at);
  if (day === dayFromToday(0)) return t("today {time}", { time: time(iso) });
  if (day === dayFromToday(-1)) return t("yesterday {time}", { time: time(iso) });
  if (day === dayFromToday(1)) return t("tomorrow {time}", { time: time(iso) });
  return t("{date}, {time}", { date: date(day), time: time(iso) });
}

/** What a language is called in the reader's. @param {string} code */
export function languageName(code) {
  return /^[a-z]{2,3}(-\w+)*$/.test(code) ? new Intl.DisplayNames(currentLanguage(), { type: "language" }).of(code) ?? code : code;
}

/** Names joined the way the language does: "A, B and C". @param {string[]} names */
export function list(names) {
  return new Intl.ListFormat(locale, { type: "conjunction" }).format(names);
}
