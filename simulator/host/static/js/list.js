// @ts-check
/** The list of a module. */
import { ask, locale, moduleOf } from "./data.js";
import { el, shown } from "./dom.js";
import { openPopup } from "./widget.js";
import { t } from "./words.js";

/** @type {Record<string, string[]>} */
const COLUMNS = {
  Accounts: ["Account_Name", "Phone", "Billing_City", "Billing_Country", "Currency", "Modified_Time"],
  Contacts: ["Full_Name", "Account_Name", "Email", "Phone", "Modified_Time"],
  Vendors: ["Vendor_Name", "Email", "Phone", "City", "Modified_Time"],
  Products: ["Product_Name", "Product_Code", "Unit_Price", "Product_Active", "Modified_Time"],
  Quotes: ["Subject", "Quote_Number", "Account_Name", "Quote_Stage", "Grand_Total", "Valid_Till"],
  Sales_Orders: ["Subject", "SO_Number", "Account_Name", "Status", "Grand_Total", "Due_Date"],
  Invoices: ["Subject", "Invoice_Number", "Account_Name", "Status", "Grand_Total", "Due_Date"],
  Purchase_Orders: ["Subject", "PO_Number", "Vendor_Name", "Status", "Grand_Total", "Due_Date"],
  Tasks: ["Subject", "Status", "Priority", "Due_Date", "What_Id"],
  Notes: ["Note_Title", "Note_Content", "Parent_Id", "Modified_Time"],
};
export const SYNCED = ["Accounts", "Contacts", "Vendors", "Products", "Quotes", "Sales_Orders", "Invoices", "Purchase_Orders"];

const AMOUNTS = ["currency", "formula"];
export const MADE_HERE = ["Accounts", "Contacts", "Vendors", "Products", "Quotes", "Sales_Orders", "Invoices", "Purchase_Orders"];

/** The fields a list of this module shows. @param {any} module */
function columnsOf(module) {
  return COLUMNS[module.name].map((one) => module.fields.find((/** @type {any} */ f) => f.name === one)).filter(Boolean);
}

/** One row's cells; on a narrow screen each says its own heading. @param {any} module @param {any} record */
function cells(module, record) {
  return columnsOf(module).map((/** @type {any} */ field, /** @type {number} */ place) => {
    const text = shown(record[field.name], field, record.Currency, locale());
    return el("td", { class: AMOUNTS.includes(field.type) ? "num" : "", "data-label": place ? t(field.label) : null },
      place ? text : el("a", { href: `#/${module.name}/${record.id}` }, text));
  });
}

/** The heads of a list. @param {any} module */
function heads(module) {
  return columnsOf(module).map((/** @type {any} */ field) => el("th", { scope: "col", class: AMOUNTS.includes(field.type) ? "num" : "" }, t(field.label)));
}

/** What belongs to a record, as CRM lists it on the record's page; null when there is nothing. @param {string} name @param {string} id */
export async function relatedRecords(name, id) {
  const module = moduleOf(name);
  const found = await ask("GET", `records/${name}?of=${id}`);
  if (!found.data.length) return null;
  const rows = found.data.slice(0, 10).map((/** @type {any} */ record) => el("tr", {}, ...cells(module, record)));
  return el("section", { class: "card" }, el("h2", {}, t(module.plural), " ", el("span", { class: "pill" }, String(found.count))),
    el("div", { class: "scroll" }, el("table", { class: "list" }, el("thead", {}, el("tr", {}, ...heads(module))), el("tbody", {}, ...rows))));
}

/** @param {HTMLElement} main @param {string} name @param {{ q?: string, page?: number }} [look] */
export async function showList(main, name, look = {}) {
  const { q = "", page = 1 } = look;
  const module = moduleOf(name);
  const found = await ask("GET", `records/${name}?q=${encodeURIComponent(q)}&page=${page}`);
  /** @type {Set<string>} */
  const chosen = new Set();
  const sync = el("button", { type: "button", disabled: true, onclick: () => syncChosen() }, t("Sync with Xero"));
  const lookFor = t("Search {module}", { module: t(module.plural) });
  const search = /** @type {HTMLInputElement} */ (el("input", { type: "search", placeholder: lookFor, "aria-label": lookFor, value: q }));
  search.addEventListener("change", () => showList(main, name, { q: search.value }));

  function syncChosen() {
    openPopup({
      page: { Entity: name, EntityId: [...chosen], ButtonPosition: "ListView" },
      reload: () => showList(main, name, look),
    });
  }

  const boxes = found.data.map((/** @type {any} */ record) => el("input", { type: "checkbox", "aria-label": t("Choose {name}", { name: record[module.name_field] ?? record.id }), onchange: tell }));
  const every = /** @type {any} */ (el("input", { type: "checkbox", "aria-label": t("Choose all"), onchange: () => { boxes.forEach((/** @type {any} */ box) => { box.checked = every.checked; }); tell(); } }));

  /** How many are chosen, on the button. */
  function tell() {
    chosen.clear();
    boxes.forEach((/** @type {any} */ box, /** @type {number} */ place) => { if (box.checked) chosen.add(found.data[place].id); });
    every.checked = chosen.size === boxes.length;
    every.indeterminate = chosen.size > 0 && chosen.size < boxes.length;
    sync.toggleAttribute("disabled", chosen.size === 0);
    sync.textContent = chosen.size ? t("Sync {count} with Xero", { count: chosen.size }) : t("Sync with Xero");
  }

  const rows = found.data.map((/** @type {any} */ record, /** @type {number} */ place) => el("tr", {}, el("td", { class: "check" }, boxes[place]), ...cells(module, record)));
  const table = el("table", { class: "list" }, el("thead", {}, el("tr", {}, el("th", { class: "check" }, every), ...heads(module))), el("tbody", {}, ...rows));
  main.replaceChildren(
    el("div", { class: "head" }, el("h1", {}, t(module.plural)), el("span", { class: "pill" }, String(found.count)), el("span", { class: "space" }),
      search, SYNCED.includes(name) ? sync : null,
      MADE_HERE.includes(name) ? el("a", { class: "button primary", href: `#/${name}/new` }, t(`New ${module.singular.toLowerCase()}`)) : null),
    el("div", { class: "card scroll" }, found.data.length ? table : el("p", { class: "empty" }, q ? t("Nothing found.") : t("Nothing here yet."))),
    el("div", { class: "pager" }, t("Page {page} of {pages}", { page: found.page, pages: found.pages }),
      el("button", { type: "button", disabled: found.page <= 1, onclick: () => showList(main, name, { q, page: found.page - 1 }) }, t("Back")),
      el("button", { type: "button", disabled: found.page >= found.pages, onclick: () => showList(main, name, { q, page: found.page + 1 }) }, t("Next"))),
  );
}
