/** What a changed setting is called, and what its values say. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { useLocale } from "../app/js/format.js";
import { useCatalogue } from "../app/js/i18n.js";
import { knownOf } from "../app/js/views/settings/known.js";
import { settingName, settingValue } from "../app/js/words/changes.js";

beforeEach(() => {
  useCatalogue({ language: "en", messages: {} });
  useLocale({ locale: "en_GB" });
});

test("no value of a setting is shown as the code that is stored", () => {
  const stored = {
    "settings.language": ["de", "German"],
    "settings.customers": ["contacts", "Contacts: persons"],
    "settings.invoice_status_on_create": ["AUTHORISED", "Approved"],
    "settings.rounding": ["hold", "Hold the document and show both"],
    "settings.unarchive": ["always", "Restore when needed"],
    "settings.delete_limit": [12000, "12,000"],
    "settings.modules.invoices.conflict": ["newest", "Latest edit"],
    "settings.modules.invoices.start_date": ["2026-11-02", "2 Nov 2026"],
    "mappings.invoices.due_date.flow": ["to_zoho", "To CRM"],
    "mappings.invoices.due_date.on": ["create", "On create"],
    "mappings.invoices.due_date.owner": ["none", "The module’s rule"],
  };
  for (const [path, [value, words]] of Object.entries(stored)) assert.equal(settingValue(value, path.split(".")), words, path);
});

test("what another system calls by a code is told by the name the page has read", () => {
  const state = {
    maps: {
      choices: { accounts: [{ id: "a1", code: "200", name: "Sales" }], tax_rates: [{ code: "OUTPUT2", name: "20% (VAT on Income)" }] },
      told: { status: { invoices: [{ xero: "VOIDED", label: "Voided" }] } },
    },
    products: { named: { 7: { product: { label: "Freight" } } } }, modules: { offers: { invoices: [{ path: "Status", label: "State" }] } },
  };
  const known = knownOf(state);
  const vat = { zoho: { name: "VAT", percentage: "20" }, xero: "OUTPUT2" };
  const filter = [{ field: "Status", op: "in", value: ["Approved", "Sent"] }];
  const told = [
    [["sales_account"], "200", "Sales account", "200 · Sales"], [["payment_account"], "a1", "Bank account for payments", "200 · Sales"],
    [["fallback_product"], "7", "Product for lines without an item", "Freight"],
    [["tax_map", "VAT 20 / "], [vat], "Tax rates · VAT, 20%", "20% (VAT on Income)"],
    [["tax_map", "VAT 20 / purchases"], undefined, "Tax rates · VAT, 20% · on purchases", "(empty)"],
    [["tax_map"], [vat], "Tax rates", "VAT, 20%: 20% (VAT on Income)"],
    [["status_map", "invoices", "VOIDED"], "Cancelled", "Statuses · Invoices · Voided", "Cancelled"],
    [["status_map", "invoices"], { VOIDED: "Cancelled" }, "Statuses · Invoices", "Voided: Cancelled"],
    [["modules", "invoices", "filter"], filter, "Invoices · Filter", "State is one of Approved and Sent"],
    [["notify", "crm_task"], true, "Notices · Task in CRM", "On"],
    [["notify", "emails", "a@x.example"], "a@x.example", "Notices · E-mail · a@x.example", "a@x.example"],
  ];
  for (const [path, value, name, words] of told) assert.deepEqual([settingName(path, known), settingValue(value, path, known)], [name, words]);
  assert.equal(settingValue("zoho"), "zoho", "a value of a record is no rule of ours");
});
