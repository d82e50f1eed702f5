// @ts-check
/**
 * The host side of Zoho's widget protocol, as recorded from the real SDK: REGISTER is answered with
 * SET_CONTEXT, ZDK_EVENT with a failure "no zdk", then PageLoad tells the page, then CRM_EVENT calls
 * are answered one by one.
 */
import { ask, choice, person, setting } from "./data.js";
import { t } from "./words.js";

const base = () => choice.widget || setting.widget;
let frames = 0;

/**
 * A widget in an iframe. `page` is what PageLoad says; `does` are the host's own reactions.
 * @param {{ file: string, title: string, page: Record<string, unknown>, height: number,
 *   does?: { resize?: (size: any) => void, close?: (reload: boolean) => void, open?: (entity: string, id: string) => void } }} wish
 */
export function widgetFrame({ file, title, page, height, does = {} }) {
  const url = new URL(`/widget/${file}`, base());
  url.searchParams.set("serviceOrigin", window.location.origin);
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: url.href, title, height: String(height) });
  const uniqueID = `u${++frames}`;
  const context = { uniqueID, connectors: [], locale: person().locale, localeResource: {}, model: {} };

  /** @param {Record<string, unknown>} message */
  const post = (message) => frame.contentWindow?.postMessage({ type: "FRAMEWORK.EVENT", ...message }, url.origin);

  /** @param {MessageEvent} event */
  async function receive(event) {
    if (!frame.isConnected) return window.removeEventListener("message", receive);
    if (event.source !== frame.contentWindow || event.origin !== url.origin) return;
    const message = event.data;
    if (message?.type !== "SDK.EVENT") return;
    if (message.eventName === "REGISTER") post({ eventName: "SET_CONTEXT", data: context });
    if (message.eventName === "ZDK_EVENT") {
      post({ eventName: "EVENT_RESPONSE_FAILURE", promiseid: message.promiseid, data: "no zdk" });
      post({ eventName: "PageLoad", data: page });
    }
    if (message.eventName === "CRM_EVENT") await reply(message);
  }

  /** @param {any} message */
  async function reply(message) {
    try {
      const data = await answer(message.data ?? {}, does);
      post({ eventName: "EVENT_RESPONSE", promiseid: message.promiseid, data });
    } catch (error) {
      const data = { code: "INVALID_DATA", message: error instanceof Error ? error.message : "" };
      post({ eventName: "EVENT_RESPONSE_FAILURE", promiseid: message.promiseid, data });
    }
  }

  window.addEventListener("message", receive);
  return frame;
}

/** @param {any} call @param {any} does */
async function answer(call, does) {
  if (call.category === "CONFIG") return config(call.type);
  if (call.category === "META") return ask("GET", `meta/${call.type}?module=${call.Entity ?? ""}`);
  if (call.category === "READ") return read(call.APIData ?? {});
  if (call.category === "UI") return ui(call, does);
  throw new Error(`${call.category} is not played here`);
}

/** @param {string} type */
function config(type) {
  if (type === "CURRENT_USER") return { users: [person()] };
  if (type === "ORG") return { org: [setting.org] };
  if (type === "ORG_LEVEL_INFO") return { deployment: "production", zuid: person().zuid };
  if (type === "USER_PREFERENCE") return { theme: choice.theme === "dark" ? "night" : "day" };
  throw new Error(`${type} is not played here`);
}

/** @param {any} wanted */
function read({ Entity, RecordID }) {
  return ask("GET", RecordID ? `records/${Entity}/${RecordID}` : `records/${Entity}`);
}

/** @param {any} call @param {any} does */
function ui(call, does) {
  if (call.action === "RESIZE") does.resize?.(call.data);
  if (call.action?.popup === "CLOSE") does.close?.(false);
  if (call.action?.popup === "CLOSE_RELOAD") does.close?.(true);
  if (call.action?.record) does.open?.(call.data.Entity, call.data.RecordID);
  return true;
}

/**
 * The widget in a popup, as a button of a record or a list opens it.
 * @param {{ page: Record<string, unknown>, reload: () => void }} wish
 */
export function openPopup({ page, reload }) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("popup"));
  const head = document.createElement("header");
  const title = document.createElement("h2");
  title.textContent = "Xero";
  const close = document.createElement("button");
  Object.assign(close, { type: "button", className: "plain", textContent: t("Close") });
  head.append(title, close);
  const shut = () => { dialog.close(); dialog.replaceChildren(); };
  const leave = () => { shut(); reload(); };
  close.addEventListener("click", leave);
  dialog.addEventListener("cancel", () => { dialog.replaceChildren(); reload(); }, { once: true });
  const frame = widgetFrame({
    file: "record.html", title: "Xero", page, height: 420,
    does: {
      resize: ({ width, height }) => {
        dialog.style.width = `min(${Number(width)}px, calc(100vw - 24px))`;
        frame.height = String(Math.min(Number(height), window.innerHeight - 96));
      },
      close: leave,
      // Without a reload: what it draws late would stand in the place of the record.
      open: (entity, id) => { shut(); window.location.hash = `#/${entity}/${id}`; },
    },
  });
  dialog.replaceChildren(head, frame);
  dialog.showModal();
}
