// @ts-check
/**
 * A stand-in for Zoho's widget SDK, written for demonstrations and tests. It speaks the messages
 * recorded from the real SDK 1.2 (REGISTER, SET_CONTEXT, ZDK_EVENT, PageLoad, CRM_EVENT) and offers
 * the part of `ZOHO` a record page, a settings page or a dashboard needs. In production the page
 * loads the real script from Zoho instead. Loaded with `?version=1.4` it also has the call for the
 * theme that came with that version; its message is not recorded but made up.
 */
(function () {
  "use strict";
  const address = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const tellsTheme = new URL(address).searchParams.get("version") === "1.4";
  const serviceOrigin = new URLSearchParams(window.location.search).get("serviceOrigin") ?? "";
  /** @type {Map<string, Array<(data: unknown) => void>>} */
  const listeners = new Map();
  /** @type {Map<string, { resolve: (data: any) => void, reject: (data: any) => void }>} */
  const promises = new Map();
  let uniqueID = "";
  let promiseNumber = 100;
  /** @type {((context: unknown) => void) | null} */
  let onContext = null;

  /** @param {Record<string, unknown>} message */
  function post(message) {
    const envelope = { type: "SDK.EVENT", ...message, appOrigin: encodeURIComponent(window.location.href) };
    window.parent.postMessage(envelope, serviceOrigin);
  }

  /** @param {string} eventName @param {unknown} data */
  function ask(eventName, data) {
    const promiseid = `Promise${promiseNumber++}`;
    return new Promise((resolve, reject) => {
      promises.set(promiseid, { resolve, reject });
      post({ eventName, uniqueID, time: Date.now(), promiseid, data });
    });
  }

  /** @param {Record<string, unknown>} data */
  function call(data) {
    return ask("CRM_EVENT", { ...data, sdkVersion: "1" });
  }

  /** @param {any} message */
  function settle(message) {
    const waiting = promises.get(message.promiseid);
    promises.delete(message.promiseid);
    if (!waiting) return;
    if (message.eventName === "EVENT_RESPONSE") waiting.resolve(message.data);
    else waiting.reject(message.data);
  }

  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.origin !== serviceOrigin) return;
    const message = event.data;
    if (!message || message.type !== "FRAMEWORK.EVENT") return;
    if (message.eventName === "SET_CONTEXT") onContext?.(message.data);
    else if (message.promiseid) settle(message);
    else for (const listener of listeners.get(message.eventName) ?? []) listener(message.data);
  });
  window.addEventListener("pagehide", () => {
    if (uniqueID) post({ eventName: "DEREGISTER", uniqueID });
  });

  async function init() {
    const context = new Promise((resolve) => { onContext = resolve; });
    post({ eventName: "REGISTER" });
    uniqueID = /** @type {any} */ (await context).uniqueID;
    await ask("ZDK_EVENT", { action: "get_zdk_url" }).catch(() => undefined);
    return true;
  }

  /** @param {string} name @param {(data: unknown) => void} listener */
  function on(name, listener) {
    listeners.set(name, [...(listeners.get(name) ?? []), listener]);
  }

  const CONFIG = {
    getCurrentUser: () => call({ category: "CONFIG", type: "CURRENT_USER" }),
    getOrgInfo: () => call({ category: "CONFIG", type: "ORG" }),
    GetCurrentEnvironment: () => call({ category: "CONFIG", type: "ORG_LEVEL_INFO" }),
    ...(tellsTheme && { getUserPreference: () => call({ category: "CONFIG", type: "USER_PREFERENCE" }) }),
  };
  const META = {
    getFields: (/** @type {any} */ { Entity }) => call({ category: "META", type: "FIELD_LIST", Entity }),
    getModules: () => call({ category: "META", type: "MODULE_LIST" }),
  };
  const API = {
    getRecord: (/** @type {any} */ { Entity, RecordID }) => call({ category: "READ", APIData: { Entity, RecordID } }),
    getAllRecords: (/** @type {any} */ APIData) => call({ category: "READ", APIData }),
  };
  const UI = {
    Resize: (/** @type {any} */ data) => call({ category: "UI", action: "RESIZE", data }),
    Popup: {
      close: () => call({ category: "UI", action: { popup: "CLOSE" } }),
      closeReload: () => call({ category: "UI", action: { popup: "CLOSE_RELOAD" } }),
    },
    Record: {
      open: (/** @type {any} */ data) => call({ category: "UI", action: { record: "OPEN" }, data }),
      edit: (/** @type {any} */ data) => call({ category: "UI", action: { record: "EDIT" }, data }),
    },
  };
  /** @type {any} */ (window).ZOHO = { embeddedApp: { on, init }, CRM: { CONFIG, META, API, UI } };
})();
