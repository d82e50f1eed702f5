/* Hands the one-time code to the window that opened this one. */
const origin = new URLSearchParams(location.search).get("origin");
window.opener.postMessage({ type: "zoho-xero-handoff", code: "code-1", origin }, origin);
window.close();
