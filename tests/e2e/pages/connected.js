/* Says to the window that opened this one that Xero has given access. */
const home = new URLSearchParams(location.search).get("origin");
window.opener.postMessage({ type: "zoho-xero-connected", side: "xero", origin: home }, home);
window.close();
