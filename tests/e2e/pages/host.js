/* Plays CRM: embeds the page named in the query and answers what the SDK asks. */
const query = new URLSearchParams(location.search);
const frame = document.getElementById("widget");
window.asked = [];
const untold = [];
window.tellReader = () => untold.splice(0).forEach((tell) => tell());
let widget = "";
function send(eventName, data, promiseid) {
  frame.contentWindow.postMessage({ type: "FRAMEWORK.EVENT", eventName, promiseid, data }, widget);
}
const answers = {
  CURRENT_USER: () => ({ users: [{ id: "701", locale: query.get("locale") || "en_GB", time_zone: "Etc/UTC", full_name: "Ana Whitfield" }] }),
  USER_PREFERENCE: () => ({ theme: query.get("theme") }),
};
window.pageLoad = (id, entity) => send("PageLoad", { Entity: entity ?? query.get("entity") ?? "Invoices", EntityId: id, ButtonPosition: "DetailView" });
addEventListener("message", (event) => {
  if (event.source !== frame.contentWindow || event.origin !== widget) return;
  const { eventName, promiseid, data } = event.data;
  window.asked.push(event.data);
  if (query.has("silent")) return;
  if (eventName === "REGISTER") send("SET_CONTEXT", { uniqueID: "u1", connectors: [], locale: "en_GB", localeResource: {}, model: {} });
  else if (eventName === "ZDK_EVENT") {
    send("EVENT_RESPONSE_FAILURE", "no zdk", promiseid);
    const id = query.get("id");
    window.pageLoad(query.has("list") ? id.split(",") : id);
  } else if (eventName === "CRM_EVENT") {
    const answer = data.category === "UI" && !query.has("deaf") ? () => true : answers[data.type];
    const tell = () => send(answer ? "EVENT_RESPONSE" : "EVENT_RESPONSE_FAILURE", answer ? answer() : "no", promiseid);
    if (data.type === "CURRENT_USER" && query.has("slow_reader")) untold.push(tell);
    else tell();
  }
});
fetch("origin.json").then((answer) => answer.json()).then((places) => {
  widget = places.widget;
  frame.src = `${widget}/widget/${query.get("page") || "record.html"}?serviceOrigin=${encodeURIComponent(query.get("claim") || location.origin)}`;
});
