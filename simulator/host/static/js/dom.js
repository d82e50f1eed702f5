// @ts-check
/** Making elements without markup in strings, and showing values. */
import { t } from "./words.js";

/**
 * @param {string} tag
 * @param {Record<string, any>} [attributes] `on…` are listeners, others attributes or properties
 * @param {...(Node | string | null | undefined | false)} children
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2).toLowerCase(), value);
    else if (name === "value") /** @type {any} */ (node).value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false).map((child) => /** @type {Node | string} */ (child)));
  return node;
}

/** @param {string} text */
export function toast(text) {
  const node = /** @type {HTMLElement} */ (document.getElementById("toast"));
  node.textContent = text;
  node.classList.add("on");
  setTimeout(() => node.classList.remove("on"), 2600);
}

/** An amount with two digits and its currency. @param {unknown} amount @param {string | null} [currency] @param {string} [locale] */
export function money(amount, currency, locale = "en-GB") {
  if (amount === null || amount === undefined) return "–";
  const style = currency ? { style: "currency", currency } : { minimumFractionDigits: 2, maximumFractionDigits: 4 };
  return new Intl.NumberFormat(locale, /** @type {Intl.NumberFormatOptions} */ (style)).format(Number(amount));
}

/** One value of a record as text. @param {any} value @param {any} field @param {string | null} currency @param {string} locale */
export function shown(value, field, currency, locale) {
  if (value === null || value === undefined || value === "") return "–";
  if (["currency", "formula"].includes(field.type)) return money(value, currency, locale);
  if (field.type === "date") return new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(new Date(`${value}T00:00:00`));
  if (field.type === "datetime") return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(value));
  if (field.type === "boolean") return value ? t("Yes") : t("No");
  if (Array.isArray(value)) return value.join(", ") || "–";
  if (typeof value === "object") return value.name ?? "–";
  return String(value);
}
