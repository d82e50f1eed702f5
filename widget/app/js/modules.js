// @ts-check
/** What the pages know of the modules by themselves, signed in or not. */
import { MODULES } from "./modulelist.js";

const BY_KEY = new Map(MODULES.map((one) => [one.key, one]));

/** Every module key, in the order people think of them. */
export const ORDER = Object.freeze(MODULES.map((one) => one.key));

/** @param {string} key */
export const moduleOf = (key) => BY_KEY.get(key) ?? null;

/** The module CRM calls by this name. @param {string} entity */
export const moduleOfEntity = (entity) => MODULES.find((one) => one.entity === entity) ?? null;

/** CRM's own name of a module. @param {string} key */
export const moduleName = (key) => moduleOf(key)?.name() ?? key;

/** Whether its records are people or companies, contacts in Xero. @param {string} key */
export const isOfPeople = (key) => moduleOf(key)?.group === "people";

/** Whether its records come along with those of another module and have no filter of their own. @param {string} key */
export const isAttached = (key) => Boolean(moduleOf(key)?.attached);
