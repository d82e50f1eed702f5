/* Another window, at the host's very origin but not the embedding one, and its lies. */
const lie = { Entity: "Invoices", EntityId: "1006", ButtonPosition: "DetailView" };
for (const eventName of ["PageLoad", "SET_CONTEXT"]) {
  window.opener.postMessage({ type: "FRAMEWORK.EVENT", eventName, data: lie }, "*");
}
window.opener.postMessage({ type: "zoho-xero-handoff", code: "stolen", origin: "x" }, "*");
