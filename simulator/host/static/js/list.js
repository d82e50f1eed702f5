// @ts-check
/** The list of a module. */
import { ask, locale, moduleOf } from "./data.js";
import { el, shown } from "./dom.js";
import { openPopup } from "./widget.js";

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

/** @param {HTMLElement} main @param {string} name @param {{ q?: string, page?: number }} [look] */
export async function showList(main, name, look = {}) {
  const { q = "", page = 1 } = look;
  const module = moduleOf(name);
  const found = await ask("GET", `records/${name}?q=${encodeURIComponent(q)}&page=${page}`);
  const fields = COLUMNS[name].map((one) => module.fields.find((/** @type {any} */ f) => f.name === one)).filter(Boolean);
  /** @type {Set<string>} */
  const chosen = new Set();
  const sync = el("button", { type: "button", disabled: true, onclick: () => syncChosen() }, "Sync with Xero");
  const search = /** @type {HTMLInputElement} */ (el("input", { type: "search", placeholder: `Search ${module.plural}`, "aria-label": `Search ${module.plural}`, value: q }));
  search.addEventListener("change", () => showList(main, name, { q: search.value }));

  function syncChosen() {
    openPopup({
      page: { Entity: name, EntityId: [...chosen], ButtonPosition: "ListView" },
      reload: () => showList(main, name, look),
    });
  }

  /** @param {any} record */
  function row(record) {
    const box = el("input", { type: "checkbox", "aria-label": "Choose", onchange: (/** @type {any} */ event) => {
      if (event.target.checked) chosen.add(record.id); else chosen.delete(record.id);
      sync.toggleAttribute("disabled", chosen.size === 0);
      sync.textContent = chosen.size ? `Sync ${chosen.size} with Xero` : "Sync with Xero";
    } });
    const cells = fields.map((/** @type {any} */ field, /** @type {number} */ place) => {
      const text = shown(record[field.name], field, record.Currency, locale());
      const number = ["currency", "formula"].includes(field.type);
      return el("td", { class: number ? "num" : "" }, place ? text : el("a", { href: `#/${name}/${record.id}` }, text));
    });
    return el("tr", {}, el("td", { class: "check" }, box), ...cells);
  }

  const head = fields.map((/** @type {any} */ field) => el("th", { scope: "col", class: ["currency", "formula"].includes(field.type) ? "num" : "" }, field.label));
  const table = el("table", {}, el("thead", {}, el("tr", {}, el("th", { class: "check" }, ""), ...head)), el("tbody", {}, ...found.data.map(row)));
  main.replaceChildren(
    el("div", { class: "head" }, el("h1", {}, module.plural), el("span", { class: "pill" }, String(found.count)), el("span", { class: "space" }),
      search, SYNCED.includes(name) ? sync : null,
      ["Accounts", "Contacts", "Vendors", "Products", "Invoices"].includes(name) ? el("a", { class: "button primary", href: `#/${name}/new` }, `New ${module.singular.toLowerCase()}`) : null),
    el("div", { class: "card scroll" }, found.data.length ? table : el("p", { class: "empty" }, q ? "Nothing found." : "Nothing here yet.")),
    el("div", { class: "pager" }, `Page ${found.page} of ${found.pages}`,
      el("button", { type: "button", disabled: found.page <= 1, onclick: () => showList(main, name, { q, page: found.page - 1 }) }, "Back"),
      el("button", { type: "button", disabled: found.page >= found.pages, onclick: () => showList(main, name, { q, page: found.page + 1 }) }, "Next")),
  );
}
