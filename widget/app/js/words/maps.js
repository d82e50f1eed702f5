// @ts-check
/** What taxes, accounts, statuses and notices are called. */
import { n, say, t } from "../i18n.js";
import { percent } from "../format.js";

/** @param {any} zoho */
export const taxName = (zoho) => t("{name}, {percentage}", { name: zoho.name, percentage: percentText(zoho.percentage) });

/** @param {any} value */
export function percentText(value) {
  const number = Number(value);
  return Number.isFinite(number) ? percent(number) : String(value);
}

/** @param {any} rate */
export const rateName = (rate) => (rate.rate === undefined || rate.rate === null || /\d\s?%/.test(rate.name) ? rate.name : t("{name} ({percentage})", { name: rate.name, percentage: percentText(rate.rate) }));
/** @param {any} account */
export const accountName = (account) => [account.code, account.name].filter(Boolean).join(" · ");
/** @param {any} product */
export const productName = (product) => [product.label, product.number].filter(Boolean).join(" · ");
/** @param {string} label */
export const proposedText = (label) => t("Proposed: {name}", { name: label });
/** What stands for a tax on purchases without a choice. @param {string} name @param {boolean} asSold */
export const anywayText = (name, asSold) => (asSold ? t("As on sales: {name}", { name }) : t("By its percentage: {name}", { name }));
/** @param {number} count */
export const openTaxes = (count) => n("1 CRM tax has no Xero tax rate yet.", "{n} CRM taxes have no Xero tax rate yet.", count);
/** @param {number} count */
export const takeAll = (count) => n("Take over 1 proposal", "Take over {n} proposals", count);

/** @returns {[string, string][]} */
export const invoiceStatuses = () => [["DRAFT", t("Draft")], ["SUBMITTED", t("Awaiting approval")], ["AUTHORISED", t("Approved")]];
/** @returns {[string, string][]} */
export const roundingRules = () => [["hold", t("Hold the document and show both")], ["adjust", t("Add a line that evens the cent out")]];
/** @returns {[string, string][]} */
export const archiveRules = () => [["ask", t("Ask before restoring")], ["always", t("Restore when needed")]];
/** @returns {[string, string][]} */
export const customerRules = () => [["accounts", t("Accounts: companies")], ["contacts", t("Contacts: persons")]];

/** @param {string} wrong */
export function wrongFile(wrong) {
  return say({ large: () => t("The file is too large for a configuration. Choose the file that was exported here."), json: () => t("The file is no configuration. Choose the file that was exported here.") }, wrong) ?? "";
}

/** @param {number} count */
export const importLabel = (count) => n("Import: 1 change", "Import: {n} changes", count);
