// @ts-check
/** The data behind the page, and who looks at it. */
import { t } from "./words.js";

/** @type {any} */
export const setting = {};
const KEPT = "crm-stand-in";
const address = new URLSearchParams(window.location.search);
const kept = JSON.parse(window.localStorage.getItem(KEPT) ?? "{}");

export const choice = {
  user: address.get("user") ?? kept.user ?? "",
  theme: address.get("theme") ?? kept.theme ?? "light",
  widget: address.get("widget") ?? "",
};

/** Remember who looks and how. */
export function keepChoice() {
  window.localStorage.setItem(KEPT, JSON.stringify({ user: choice.user, theme: choice.theme }));
}

/** The person signed in. */
export function person() {
  const wanted = choice.user.toLowerCase();
  return setting.users.find((/** @type {any} */ one) => [one.id, one.email, one.first_name.toLowerCase()].includes(wanted)) ?? setting.users[0];
}

export function locale() {
  return person().locale.replace("_", "-");
}

/** @param {string} name */
export function moduleOf(name) {
  return setting.modules.find((/** @type {any} */ one) => one.name === name);
}

export class Refusal extends Error {}

/** @param {string} method @param {string} path @param {unknown} [body] */
export async function ask(method, path, body) {
  const mark = path.includes("?") ? "&" : "?";
  const who = setting.users ? `${mark}user=${encodeURIComponent(person().id)}` : "";
  const answer = await fetch(`api/${path}${who}`, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  const document = await answer.json();
  if (!answer.ok) throw new Refusal(words(document));
  return document;
}

/** What CRM says when it refuses. @param {any} document */
function words(document) {
  const details = document.details ?? {};
  const field = details.api_name ? ` (${details.api_name})` : "";
  return `${document.message ?? t("This was refused")}${field}`;
}

export async function loadSetting() {
  Object.assign(setting, await ask("GET", "setting"));
  return setting;
}
