// @ts-check
/** Inputs for fields, and the form for a new record. */
import { ask, moduleOf, Refusal, setting } from "./data.js";
import { el, toast } from "./dom.js";
import { t } from "./words.js";

const NUMBERS = ["currency", "double", "integer", "percent"];
const HIDDEN = ["id", "Owner", "Created_By", "Modified_By", "Tag", "Record_Status__s", "Locked__s", "Full_Name", "Exchange_Rate"];

/** Whether a person fills this field in. @param {any} field */
export function editable(field) {
  return !field.read_only && !HIDDEN.includes(field.name) && !["subform", "ownerlookup", "event_reminder", "multiselectpicklist"].includes(field.type);
}

/** @param {any} field */
export function worthShowing(field) {
  return !HIDDEN.includes(field.name) && field.type !== "subform";
}

/** @type {Map<string, any[]>} */
const known = new Map();

/** The records a lookup offers. @param {string} module */
export async function namesOf(module) {
  known.set(module, (await ask("GET", `names/${module}`)).data);
  return known.get(module) ?? [];
}

/** An input for a field; `read()` gives its JSON value. @param {any} field @param {any} value */
export function input(field, value) {
  const id = `field-${field.name}`;
  /** @type {any} */
  let node;
  if (field.type === "picklist") {
    const choices = [...new Set(["", ...field.choices, value ?? ""])];
    node = el("select", { id }, ...choices.map((one) => el("option", { value: one }, one || t("None"))));
    node.value = value ?? "";
  } else if (field.type === "boolean") {
    node = el("input", { id, type: "checkbox" });
    node.checked = Boolean(value);
  } else if (field.type === "textarea") {
    node = el("textarea", { id, rows: 3, value: value ?? "" });
  } else if (field.type === "lookup") {
    node = el("input", { id, list: `${id}-list`, autocomplete: "off", value: value?.name ?? "" });
  } else {
    const type = field.type === "date" ? "date" : "text";
    node = el("input", { id, type, inputmode: NUMBERS.includes(field.type) ? "decimal" : null, value: value ?? "" });
  }
  return { id, node, read: () => readInput(field, node, value) };
}

/** @param {any} field @param {any} node @param {any} before */
function readInput(field, node, before) {
  if (field.type === "boolean") return node.checked;
  const text = node.value.trim();
  if (!text) return null;
  if (field.type === "lookup") {
    if (before?.name === text) return { id: before.id };
    const found = (known.get(field.lookup) ?? []).find((one) => one.name === text);
    if (!found) throw new Refusal(t("No record is called “{name}”", { name: text }));
    return { id: found.id };
  }
  if (!NUMBERS.includes(field.type)) return text;
  const number = Number(text.replace(",", "."));
  if (Number.isNaN(number)) throw new Refusal(t("{field} is a number", { field: t(field.label) }));
  return number;
}

/** A labelled input in the grid. @param {any} field @param {ReturnType<typeof input>} made */
export function labelled(field, made) {
  const options = field.type === "lookup"
    ? el("datalist", { id: `${made.id}-list` }, ...(known.get(field.lookup) ?? []).map((one) => el("option", { value: one.name })))
    : null;
  return el("div", {}, el("label", { for: made.id }, t(field.label) + (field.mandatory ? " *" : "")), el("div", {}, made.node, options));
}

/** The lookups of these fields, loaded before they are drawn. @param {any[]} fields */
export async function loadLookups(fields) {
  const wanted = fields.filter((one) => one.type === "lookup" && one.lookup && one.lookup !== "*" && moduleOf(one.lookup));
  await Promise.all([...new Set(wanted.map((one) => one.lookup))].map(namesOf));
}

/** @type {Record<string, string[]>} */
const NEW_FIELDS = {
  Accounts: ["Account_Name", "Phone", "Website", "Account_Type", "Currency", "Billing_Street", "Billing_City", "Billing_Code", "Billing_Country"],
  Contacts: ["First_Name", "Last_Name", "Account_Name", "Email", "Phone", "Mobile"],
  Vendors: ["Vendor_Name", "Email", "Phone", "Street", "City", "Country", "Currency"],
  Products: ["Product_Name", "Product_Code", "Unit_Price", "Product_Active", "Description"],
  Quotes: ["Subject", "Quote_Stage", "Valid_Till", "Currency"],
  Sales_Orders: ["Subject", "Status", "Due_Date", "Currency"],
  Invoices: ["Subject", "Invoice_Date", "Due_Date", "Status", "Currency", "Purchase_Order"],
  Purchase_Orders: ["Subject", "PO_Date", "Due_Date", "Status", "Currency"],
};

/** @param {HTMLElement} main @param {string} name */
export async function showNew(main, name) {
  const module = moduleOf(name);
  const fields = NEW_FIELDS[name].map((one) => module.fields.find((/** @type {any} */ f) => f.name === one)).filter(Boolean);
  await loadLookups(fields);
  const lines = module.lines ? await lineEditor() : null;
  const partner = name === "Purchase_Orders" ? "Vendor" : "Account";
  const account = module.lines ? await partnerChoice(partner) : null;
  const inputs = fields.map((/** @type {any} */ field) => ({ field, made: input(field, first(field)) }));
  const wrong = el("p", { class: "wrong", role: "alert" });

  async function save(/** @type {Event} */ event) {
    event.preventDefault();
    try {
      /** @type {Record<string, any>} */
      const values = Object.fromEntries(inputs.map(({ field, made }) => [field.name, made.read()]));
      if (lines) values[module.lines] = lines.read();
      if (account) values[`${partner}_Name`] = { id: await account.read() };
      const { id } = await ask("POST", `records/${name}`, values);
      toast(t("{module} created", { module: t(module.singular) }));
      window.location.hash = `#/${name}/${id}`;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      wrong.textContent = error.message;
    }
  }

  const grid = el("div", { class: "grid editing" }, account?.node, ...inputs.map(({ field, made }) => labelled(field, made)));
  main.replaceChildren(el("form", { onsubmit: save },
    el("div", { class: "head" }, el("a", { class: "crumb", href: `#/${name}` }, t(module.plural)), el("h1", {}, t(`New ${module.singular.toLowerCase()}`))),
    el("div", { class: "card" }, grid, lines?.node, wrong,
      el("div", { class: "foot" }, el("a", { class: "button", href: `#/${name}` }, t("Cancel")), el("button", { class: "primary", type: "submit" }, t("Save"))))));
}

/** What a new record starts with. @param {any} field */
function first(field) {
  const today = new Date();
  const in30 = new Date(today.getTime() + 30 * 86400000);
  const day = (/** @type {Date} */ date) => date.toISOString().slice(0, 10);
  return { Invoice_Date: day(today), Due_Date: day(in30), Valid_Till: day(in30), PO_Date: day(today), Quote_Stage: "Draft", Status: "Created", Currency: setting.org.iso_code, Product_Active: true, Account_Type: "Customer" }[/** @type {string} */ (field.name)] ?? null;
}

/** An existing account or vendor by name, or a new one of that name. @param {"Account" | "Vendor"} kind */
async function partnerChoice(kind) {
  const [module, id] = [`${kind}s`, `field-${kind.toLowerCase()}`];
  const names = await namesOf(module);
  const field = /** @type {any} */ (el("input", { id, list: module.toLowerCase(), required: true, autocomplete: "off" }));
  const hint = el("small", {}, "");
  const find = () => names.find((one) => one.name === field.value.trim());
  field.addEventListener("input", () => { hint.textContent = find() || !field.value.trim() ? "" : kind === "Vendor" ? t("A new vendor is created.") : t("A new account is created."); });
  return {
    node: el("div", {}, el("label", { for: id }, `${t(kind)} *`),
      el("div", {}, field, el("datalist", { id: module.toLowerCase() }, ...names.map((one) => el("option", { value: one.name }))), hint)),
    read: async () => find()?.id ?? (await ask("POST", `records/${module}`, { [`${kind}_Name`]: field.value.trim() })).id,
  };
}

/** Rows of product, quantity, price and tax. */
async function lineEditor() {
  const products = await namesOf("Products");
  const body = el("tbody", {});
  /** @type {Array<() => any>} */
  const readers = [];
  const add = () => addLine({ body, readers, products });
  add();
  return {
    node: el("div", {}, el("div", { class: "scroll lines" }, el("table", {},
      el("thead", {}, el("tr", {}, ...[t("Product"), t("Quantity"), t("Price"), t("Discount"), t("Tax")].map((one) => el("th", { scope: "col" }, one)))), body)),
    el("datalist", { id: "products" }, ...products.map((one) => el("option", { value: one.name }))),
    el("div", { class: "add" }, el("button", { type: "button", onclick: add }, t("Add line")))),
    read: () => readers.map((one) => one()).filter(Boolean),
  };
}

/** @param {{ body: HTMLElement, readers: Array<() => any>, products: any[] }} editor */
function addLine({ body, readers, products }) {
  const cell = (/** @type {string} */ label, /** @type {Record<string, any>} */ more) => /** @type {HTMLInputElement} */ (el("input", { "aria-label": label, ...more }));
  const product = cell(t("Product"), { list: "products", autocomplete: "off" });
  const quantity = cell(t("Quantity"), { value: "1", inputmode: "decimal" });
  const price = cell(t("Price"), { inputmode: "decimal" });
  const discount = cell(t("Discount"), { inputmode: "decimal" });
  const tax = /** @type {HTMLSelectElement} */ (el("select", { "aria-label": t("Tax") }, el("option", { value: "" }, t("None")),
    ...setting.taxes.map((/** @type {any} */ one, /** @type {number} */ place) => el("option", { value: String(place) }, `${one.name} ${one.value} %`))));
  tax.value = "0";
  const find = () => products.find((one) => one.name === product.value.trim());
  product.addEventListener("change", () => { const found = find(); if (found && found.price !== null && !price.value) price.value = String(found.price); });
  body.append(el("tr", {}, ...[product, quantity, price, discount, tax].map((one) => el("td", {}, one))));
  const number = (/** @type {HTMLInputElement} */ node, /** @type {number} */ missing) => (node.value.trim() ? Number(node.value.replace(",", ".")) : missing);
  readers.push(() => {
    if (!product.value.trim()) return null;
    const found = find();
    if (!found) throw new Refusal(t("No product is called “{name}”", { name: product.value }));
    const chosen = setting.taxes[Number(tax.value)];
    return {
      Product_Name: { id: found.id }, Quantity: number(quantity, 1), List_Price: number(price, 0), Discount: number(discount, 0),
      Line_Tax: tax.value ? [{ name: chosen.name, percentage: chosen.value }] : [],
    };
  });
}
