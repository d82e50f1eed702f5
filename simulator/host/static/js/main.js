// @ts-check
/** Which page is shown: a list, a record, a new one, or a tab of the widget; by the address. */
import { choice, keepChoice, loadSetting, moduleOf, person, setting } from "./data.js";
import { el } from "./dom.js";
import { showNew } from "./form.js";
import { showList } from "./list.js";
import { showRecord } from "./record.js";
import { widgetFrame } from "./widget.js";
import { speak, t } from "./words.js";

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const nav = /** @type {HTMLElement} */ (document.getElementById("nav"));
const ORDER = ["Accounts", "Contacts", "Products", "Quotes", "Sales_Orders", "Invoices", "Vendors", "Purchase_Orders", "Tasks", "Notes"];
/** @type {Record<string, { file: string, title: string }>} */
const TABS = { dashboard: { file: "dashboard.html", get title() { return t("Xero dashboard"); } }, settings: { file: "settings.html", get title() { return t("Xero settings"); } } };

/** @param {string} current */
function drawNav(current) {
  const link = (/** @type {string} */ name, /** @type {string} */ text) => el("a", { href: `#/${name}`, "aria-current": name === current ? "page" : null }, text);
  nav.replaceChildren(...ORDER.map((name) => link(name, t(moduleOf(name).plural))), el("h2", {}, "Xero"), link("dashboard", t("Dashboard")), link("settings", t("Settings")));
}

/** @param {{ file: string, title: string }} tab @param {string} name */
function showTab(tab, name) {
  const frame = widgetFrame({
    file: tab.file, title: tab.title, page: { Entity: name }, height: Math.max(window.innerHeight - 140, 480),
    does: { open: (entity, id) => { window.location.hash = `#/${entity}/${id}`; } },
  });
  main.replaceChildren(el("div", { class: "head" }, el("h1", {}, tab.title)), el("div", { class: "card tab" }, frame));
}

async function show() {
  const [, name = "", id = ""] = window.location.hash.split("/");
  const place = TABS[name] || moduleOf(name) ? name : "Invoices";
  drawNav(place);
  document.title = `${TABS[place]?.title ?? t(moduleOf(place).plural)} · ${setting.org.company_name}`;
  if (TABS[place]) return showTab(TABS[place], place);
  if (id === "new") return showNew(main, place);
  return id ? showRecord(main, place, id) : showList(main, place);
}

function drawTheme() {
  const dark = choice.theme === "dark";
  document.documentElement.dataset.theme = choice.theme;
  const button = /** @type {HTMLElement} */ (document.getElementById("theme"));
  button.setAttribute("aria-pressed", String(dark));
  button.textContent = dark ? t("Light") : t("Dark");
}

/** What stands in the page before any script runs. */
function drawWords() {
  const put = (/** @type {string} */ id, /** @type {string} */ text) => { /** @type {HTMLElement} */ (document.getElementById(id)).textContent = text; };
  put("plays", t("plays Zoho CRM"));
  put("control", t("As a person in Xero ↗"));
  put("who", t("Signed in as"));
  nav.setAttribute("aria-label", t("Modules"));
  document.getElementById("popup")?.setAttribute("aria-label", t("Widget"));
  drawTheme();
}

function drawTop() {
  const users = /** @type {HTMLSelectElement} */ (document.getElementById("user"));
  users.replaceChildren(...setting.users.map((/** @type {any} */ one) => el("option", { value: one.id }, `${one.full_name} · ${one.profile.name}`)));
  users.value = person().id;
  users.addEventListener("change", () => { choice.user = users.value; keepChoice(); void speak().then(drawWords).then(show); });
  /** @type {HTMLElement} */ (document.getElementById("company")).textContent = setting.org.company_name;
  /** @type {HTMLAnchorElement} */ (document.getElementById("control")).href = setting.control;
  document.getElementById("theme")?.addEventListener("click", () => {
    choice.theme = choice.theme === "dark" ? "light" : "dark";
    keepChoice();
    drawTheme();
    void show();
  });
}

await loadSetting();
await speak();
drawTop();
drawWords();
window.addEventListener("hashchange", () => { void show().then(() => { main.focus({ preventScroll: true }); window.scrollTo(0, 0); }); });
await show();
