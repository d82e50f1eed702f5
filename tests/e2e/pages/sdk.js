/*
 * Speaks the messages recorded from Zoho's SDK 1.2, including its flaw: any window is believed.
 * Asked for as 1.4 it also has the call for the theme, whose message nobody has recorded.
 */
(function () {
  const version = new URL(document.currentScript.src).searchParams.get("version");
  const origin = new URLSearchParams(location.search).get("serviceOrigin");
  const waiting = new Map();
  const listeners = {};
  let last = 100;
  let begun;
  const started = new Promise((resolve) => { begun = resolve; });
  function send(eventName, data, promiseid) {
    parent.postMessage({ type: "SDK.EVENT", eventName, uniqueID: "u1", time: Date.now(), promiseid, data, appOrigin: encodeURIComponent(location.href) }, origin);
  }
  function ask(eventName, data) {
    const promiseid = `Promise${last++}`;
    return new Promise((resolve, reject) => { waiting.set(promiseid, { resolve, reject }); send(eventName, data, promiseid); });
  }
  addEventListener("message", (event) => {
    const { eventName, promiseid, data } = event.data ?? {};
    if (eventName === "SET_CONTEXT") ask("ZDK_EVENT", { action: "get_zdk_url" }).catch(() => begun());
    else if (eventName === "EVENT_RESPONSE") waiting.get(promiseid)?.resolve(data);
    else if (eventName === "EVENT_RESPONSE_FAILURE") waiting.get(promiseid)?.reject(data);
    else for (const hear of listeners[eventName] ?? []) hear(data);
  });
  const crm = (data) => ask("CRM_EVENT", { ...data, sdkVersion: "1" });
  window.ZOHO = {
    embeddedApp: {
      on: (name, hear) => { (listeners[name] ??= []).push(hear); },
      init: () => { send("REGISTER"); return started; },
    },
    CRM: {
      CONFIG: {
        getCurrentUser: () => crm({ category: "CONFIG", type: "CURRENT_USER" }),
        ...(version === "1.4" && { getUserPreference: () => crm({ category: "CONFIG", type: "USER_PREFERENCE" }) }),
      },
      API: { getRecord: ({ Entity, RecordID }) => crm({ category: "READ", APIData: { Entity, RecordID } }) },
      UI: {
        Resize: (data) => crm({ category: "UI", action: "RESIZE", data }),
        Record: { open: (data) => crm({ category: "UI", action: { record: "OPEN" }, data }) },
      },
    },
  };
})();
