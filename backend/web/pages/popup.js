// Hands what this popup was opened for to its opener, and to the named origin only.
const MESSAGES = { handoff: "zoho-xero-handoff", connected: "zoho-xero-connected" };

for (const [id, type] of Object.entries(MESSAGES)) {
  const holder = document.getElementById(id);
  if (holder && window.opener) {
    const data = JSON.parse(holder.textContent);
    window.opener.postMessage({ type, ...data }, data.origin);
    window.close();
  }
}
