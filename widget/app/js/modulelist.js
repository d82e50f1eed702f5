// @ts-check
/**
 * The modules there are, in the order people think of them, and what each is called. Written by
 * `./dev translations` from backend/modules; do not edit.
 */
import { n, t } from "./i18n.js";

/**
 * @typedef {object} Module
 * @property {string} key
 * @property {string | null} entity what CRM calls it; null where CRM has no such records
 * @property {string} title the field of CRM that names a record
 * @property {string} group
 * @property {boolean} attached whether its records show on those of another module
 * @property {boolean} dated whether a record counts by the date it bears
 * @property {string | null} only the one direction it takes; null for both
 * @property {() => string} name CRM's own name of it
 * @property {() => string} partner what a record becomes in Xero
 * @property {() => string} [absent] that a record is not in Xero yet
 * @property {() => string} [sending] what sending such a record does
 * @property {() => string} [always] asks to decide fields this way from now on
 * @property {(records: number) => string} [chosen]
 * @property {() => string} [closed] why it takes but one direction
 * @property {() => string} [along] what its records come along with
 */

/** @type {readonly Readonly<Module>[]} */
export const MODULES = Object.freeze([
  {
    key: "accounts",
    entity: "Accounts",
    title: "Account_Name",
    group: "people",
    attached: false,
    dated: false,
    only: null,
    name: () => t("Accounts"),
    partner: () => t("Xero contact, customer"),
    absent: () => t("This account is not in Xero yet."),
    sending: () => t("Sending it links the customer Xero already has, or creates one."),
    always: () => t("Always decide these fields this way for Accounts"),
    chosen: (records) => n("1 account chosen", "{n} accounts chosen", records),
  },
  {
    key: "contacts",
    entity: "Contacts",
    title: "Full_Name",
    group: "people",
    attached: false,
    dated: false,
    only: null,
    name: () => t("Contacts"),
    partner: () => t("Xero contact person"),
    absent: () => t("This contact is not in Xero yet."),
    sending: () => t("Sending it links the person Xero already has, or adds one to the customer there."),
    always: () => t("Always decide these fields this way for Contacts"),
    chosen: (records) => n("1 contact chosen", "{n} contacts chosen", records),
  },
  {
    key: "vendors",
    entity: "Vendors",
    title: "Vendor_Name",
    group: "people",
    attached: false,
    dated: false,
    only: null,
    name: () => t("Vendors"),
    partner: () => t("Xero contact, supplier"),
    absent: () => t("This vendor is not in Xero yet."),
    sending: () => t("Sending it links the supplier Xero already has, or creates one."),
    always: () => t("Always decide these fields this way for Vendors"),
    chosen: (records) => n("1 vendor chosen", "{n} vendors chosen", records),
  },
  {
    key: "products",
    entity: "Products",
    title: "Product_Name",
    group: "catalogue",
    attached: false,
    dated: false,
    only: null,
    name: () => t("Products"),
    partner: () => t("Xero item"),
    absent: () => t("This product is not in Xero yet."),
    sending: () => t("Sending it links the item Xero already has, or creates one."),
    always: () => t("Always decide these fields this way for Products"),
    chosen: (records) => n("1 product chosen", "{n} products chosen", records),
  },
  {
    key: "quotes",
    entity: "Quotes",
    title: "Subject",
    group: "documents",
    attached: false,
    dated: true,
    only: null,
    name: () => t("Quotes"),
    partner: () => t("Xero quote"),
    absent: () => t("This quote is not in Xero yet."),
    sending: () => t("Sending it creates the quote in Xero. Its account and products go first where Xero lacks them."),
    always: () => t("Always decide these fields this way for Quotes"),
    chosen: (records) => n("1 quote chosen", "{n} quotes chosen", records),
  },
  {
    key: "sales_orders",
    entity: "Sales_Orders",
    title: "Subject",
    group: "documents",
    attached: false,
    dated: true,
    only: "to_xero",
    name: () => t("Sales orders"),
    partner: () => t("Draft sales invoice"),
    absent: () => t("This sales order is not in Xero yet."),
    sending: () => t("Sending it creates a draft invoice in Xero. Its account and products go first where Xero lacks them."),
    closed: () => t("Xero has no sales orders"),
    chosen: (records) => n("1 sales order chosen", "{n} sales orders chosen", records),
  },
  {
    key: "invoices",
    entity: "Invoices",
    title: "Subject",
    group: "documents",
    attached: false,
    dated: true,
    only: null,
    name: () => t("Invoices"),
    partner: () => t("Xero sales invoice"),
    absent: () => t("This invoice is not in Xero yet."),
    sending: () => t("Sending it creates the invoice in Xero. Its account and products go first where Xero lacks them."),
    always: () => t("Always decide these fields this way for Invoices"),
    chosen: (records) => n("1 invoice chosen", "{n} invoices chosen", records),
  },
  {
    key: "purchase_orders",
    entity: "Purchase_Orders",
    title: "Subject",
    group: "documents",
    attached: false,
    dated: true,
    only: null,
    name: () => t("Purchase orders"),
    partner: () => t("Xero purchase order"),
    absent: () => t("This purchase order is not in Xero yet."),
    sending: () => t("Sending it creates the purchase order in Xero. Its vendor and products go first where Xero lacks them."),
    always: () => t("Always decide these fields this way for Purchase Orders"),
    chosen: (records) => n("1 purchase order chosen", "{n} purchase orders chosen", records),
  },
  {
    key: "payments",
    entity: null,
    title: "Subject",
    group: "documents",
    attached: true,
    dated: false,
    only: null,
    name: () => t("Payments"),
    partner: () => t("On the invoice"),
    along: () => t("With invoices"),
  },
  {
    key: "credit_notes",
    entity: null,
    title: "Subject",
    group: "documents",
    attached: true,
    dated: false,
    only: "to_zoho",
    name: () => t("Credit notes"),
    partner: () => t("On the invoice"),
    closed: () => t("To CRM only"),
    along: () => t("With invoices"),
  },
]);
