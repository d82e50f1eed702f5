// @ts-check
/** The page of one record: fields, lines, totals, tasks, and the widget as button and related list. */
import { ask, locale, moduleOf, Refusal } from "./data.js";
import { el, money, shown, toast } from "./dom.js";
import { editable, input, labelled, loadLookups, worthShowing } from "./form.js";
import { relatedRecords, SYNCED } from "./list.js";
import { openPopup, widgetFrame } from "./widget.js";
import { t } from "./words.js";

/** @param {HTMLElement} main @param {string} name @param {string} id @param {{ editing?: boolean }} [look] */
export async function showRecord(main, name, id, { editing = false } = {}) {
  const module = moduleOf(name);
  /** @type {any} */
  let found;
  try {
    found = await ask("GET", `records/${name}/${id}`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    main.replaceChildren(el("p", { class: "empty" }, t("This record is not here any more.")));
    return;
  }
  const record = found.data[0];
  const again = (/** @type {any} */ look) => showRecord(main, name, id, look);
  if (editing) await loadLookups(module.fields);
  const lists = editing ? [] : await Promise.all((RELATED[name] ?? []).map((one) => relatedRecords(one, id)));
  const parts = [
    editing ? editor({ module, record, again }) : details(module, record),
    module.lines ? lines(module, record) : null,
    found.tasks.length ? tasks(found.tasks) : null,
    ...lists,
  ];
  const beside = SYNCED.includes(name) && !editing ? related(name, id) : null;
  main.replaceChildren(head({ module, record, again, editing }), el("div", { class: beside ? "beside" : "" },
    el("div", { class: "body" }, .../** @type {HTMLElement[]} */ (parts.filter(Boolean))), beside));
}

/** What CRM lists below a record. @type {Record<string, string[]>} */
const RELATED = {
  Accounts: ["Contacts", "Quotes", "Invoices"], Contacts: ["Quotes", "Invoices"], Vendors: ["Purchase_Orders"], Quotes: ["Sales_Orders", "Invoices"], Sales_Orders: ["Invoices"],
};

/** @param {{ module: any, record: any, again: (look?: any) => void, editing: boolean }} view */
function head({ module, record, again, editing }) {
  const state = record.Status ?? record.Quote_Stage ?? null;
  const number = module.number ? record[module.number] : null;
  async function remove() {
    if (!window.confirm(t("Move “{name}” to the recycle bin?", { name: record[module.name_field] }))) return;
    await ask("DELETE", `records/${module.name}/${record.id}`);
    toast(t("Moved to the recycle bin"));
    window.location.hash = `#/${module.name}`;
  }
  const popup = () => openPopup({
    page: { Entity: module.name, EntityId: record.id, ButtonPosition: "DetailView" },
    reload: () => again(),
  });
  return el("div", { class: "head" }, el("a", { class: "crumb", href: `#/${module.name}` }, t(module.plural)),
    el("h1", {}, record[module.name_field] ?? "–"), state ? el("span", { class: "pill" }, state) : null, el("span", { class: "space" }),
    SYNCED.includes(module.name) ? el("button", { type: "button", id: "xero-button", onclick: popup }, "Xero") : null,
    editing ? null : el("button", { type: "button", onclick: () => again({ editing: true }) }, t("Edit")),
    el("button", { type: "button", class: "plain danger", onclick: remove }, t("Delete")),
    number ? el("p", {}, number) : null);
}

/** @param {any} module @param {any} record */
function details(module, record) {
  const filled = module.fields.filter((/** @type {any} */ field) => worthShowing(field) && !isTotal(field) && !empty(record[field.name]))
    .sort((/** @type {any} */ one, /** @type {any} */ other) => weight(one) - weight(other));
  const rows = filled.map((/** @type {any} */ field) => el("div", {}, el("dt", {}, t(field.label)), el("dd", { "data-field": field.name }, value(record, field))));
  return el("section", { class: "card" }, el("h2", {}, t("{module} information", { module: t(module.singular) })), el("dl", { class: "grid" }, ...rows));
}

const FIRST = ["Subject", "Account_Name", "Vendor_Name", "Product_Name", "Product_Code", "Full_Name", "Contact_Name", "Status", "Quote_Stage", "Invoice_Date", "Due_Date", "Currency", "Phone", "Email"];

/** What people look for stands first, times and whatever was added last. @param {any} field */
function weight(field) {
  const place = FIRST.indexOf(field.name);
  if (place >= 0) return place;
  return field.type === "datetime" ? 200 : field.custom ? 100 : 50;
}

/** @param {any} held */
const empty = (held) => held === null || held === "" || (Array.isArray(held) && !held.length);
const TOTALS = ["Sub_Total", "Discount", "Tax", "Adjustment", "Grand_Total"];
/** @param {any} field */
const isTotal = (field) => TOTALS.includes(field.name);

/** @param {any} record @param {any} field */
function value(record, field) {
  const text = shown(record[field.name], field, record.Currency, locale());
  const held = record[field.name];
  if (field.type === "website" && /^https?:\/\//.test(String(held))) return el("a", { href: held, target: "_blank", rel: "noopener noreferrer" }, text);
  const target = field.lookup === "*" ? held?.module?.api_name : field.lookup;
  return field.type === "lookup" && held && moduleOf(target) ? el("a", { href: `#/${target}/${held.id}` }, text) : text;
}

/** @param {{ module: any, record: any, again: (look?: any) => void }} view */
function editor({ module, record, again }) {
  const fields = module.fields.filter(editable);
  const inputs = fields.map((/** @type {any} */ field) => ({ field, made: input(field, record[field.name]) }));
  const wrong = el("p", { class: "wrong", role: "alert" });
  async function save(/** @type {Event} */ event) {
    event.preventDefault();
    try {
      const values = changed(inputs, record);
      if (Object.keys(values).length) await ask("PUT", `records/${module.name}/${record.id}`, values);
      toast(t("Saved"));
      again();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      wrong.textContent = error.message;
    }
  }
  return el("form", { class: "card", onsubmit: save }, el("h2", {}, t("Edit {module}", { module: t(module.singular).toLowerCase() })),
    el("div", { class: "grid editing" }, ...inputs.map((/** @type {any} */ { field, made }) => labelled(field, made))), wrong,
    el("div", { class: "foot" }, el("button", { type: "button", onclick: () => again() }, t("Cancel")), el("button", { class: "primary", type: "submit" }, t("Save"))));
}

/** Only what the person changed. @param {any[]} inputs @param {any} record */
function changed(inputs, record) {
  /** @type {Record<string, unknown>} */
  const values = {};
  for (const { field, made } of inputs) {
    const now = made.read();
    const before = record[field.name];
    const same = field.type === "lookup" ? now?.id === before?.id : (now ?? null) === (before ?? null);
    if (!same) values[field.name] = now;
  }
  return values;
}

/** @param {any} module @param {any} record */
function lines(module, record) {
  const amount = (/** @type {any} */ held) => money(held, record.Currency, locale());
  const rows = record[module.lines].map((/** @type {any} */ line) => el("tr", {},
    el("td", {}, line.Product_Name?.id ? el("a", { href: `#/Products/${line.Product_Name.id}` }, line.Product_Name.name ?? "–") : "–", line.Description ? el("div", {}, el("small", {}, line.Description)) : null),
    el("td", { class: "num" }, String(line.Quantity)), el("td", { class: "num" }, amount(line.List_Price)), el("td", { class: "num" }, amount(line.Discount)),
    el("td", {}, line.Line_Tax.map((/** @type {any} */ one) => `${one.name} ${one.percentage} %`).join(", ") || "–"), el("td", { class: "num" }, amount(line.Net_Total))));
  const heads = [[t("Product"), ""], [t("Quantity"), "num"], [t("Price"), "num"], [t("Discount"), "num"], [t("Tax"), ""], [t("Total"), "num"]];
  const totals = TOTALS.flatMap((name) => {
    const kind = name === "Grand_Total" ? "grand" : "";
    return [el("dt", { class: kind }, t(name.replace("_", " "))), el("dd", { class: `num ${kind}` }, amount(record[name]))];
  });
  return el("section", { class: "card" }, el("h2", {}, t("Lines")), el("div", { class: "scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, ...heads.map(([text, kind]) => el("th", { scope: "col", class: kind }, text)))), el("tbody", {}, ...rows))), el("dl", { class: "totals" }, ...totals));
}

/** @param {any[]} found */
function tasks(found) {
  const rows = found.map((one) => el("tr", {}, el("td", {}, el("a", { href: `#/Tasks/${one.id}` }, one.Subject)), el("td", {}, one.Status ?? "–"), el("td", {}, one.Priority ?? "–"), el("td", {}, one.Due_Date ?? "–")));
  return el("section", { class: "card" }, el("h2", {}, t("Open activities")), el("table", {}, el("tbody", {}, ...rows)));
}

/** The widget as a related list. @param {string} name @param {string} id */
function related(name, id) {
  const frame = widgetFrame({
    file: "record.html", title: t("Xero related list"), height: 420,
    page: { Entity: name, EntityId: [id], ButtonPosition: "RelatedList" },
    does: {
      resize: ({ height }) => { frame.height = String(Number(height)); },
      open: (entity, other) => { window.location.hash = `#/${entity}/${other}`; },
    },
  });
  return el("section", { class: "card", id: "related" }, el("h2", {}, "Xero"), frame);
}
