/** What a changed setting is called, and what its values say. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { useLocale } from "../app/js/format.js";
import { useCatalogue } from "../app/js/i18n.js";
import { settingValue } from "../app/js/words/changes.js";

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
    "settings.sales_account": ["200", "200"],
  };
  for (const [path, [value, words]] of Object.entries(stored)) assert.equal(settingValue(value, path.split(".")), words, path);
});
