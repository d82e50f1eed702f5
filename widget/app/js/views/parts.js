// @ts-check
/** Small parts that several views share. */
import { html, useEffect } from "../vendor/htm-preact-standalone.js";
import { t } from "../i18n.js";
import * as icon from "./icons.js";

/** An address that may be followed: https, or http on this machine (simulated Xero). @param {unknown} url */
export function safeUrl(url) {
  if (typeof url !== "string") return null;
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed) return null;
  const local = ["localhost", "127.0.0.1"].includes(parsed.hostname);
  return parsed.protocol === "https:" || (parsed.protocol === "http:" && local) ? parsed.href : null;
}

/** A link that leaves CRM; plain text when the address is not one. @param {any} props */
export function OutLink({ url, children, class: name = "", size = 14 }) {
  const href = safeUrl(url);
  if (!href) return html`<span class=${name}>${children}</span>`;
  return html`<a class=${name} href=${href} target="_blank" rel="noopener noreferrer">${children}${name ? " " : "\u00a0"}<${icon.Out} size=${size}/>
    <span class="unseen">${t("(opens a new window)")}</span></a>`;
}

/** @param {any} props */
export function Button({ label, Icon, primary = false, onClick, disabled = false, describedBy, busy = false }) {
  return html`<button type="button" class=${primary ? "button primary" : "button"} disabled=${disabled}
    aria-describedby=${describedBy} aria-busy=${busy ? "true" : undefined} onClick=${onClick}>
    ${Icon && html`<${Icon} size=${16} turning=${busy}/>`}<span>${label}</span></button>`;
}

/** What is, why, one way on. @param {any} props */
export function Blank({ Icon, tone, title, text, children }) {
  return html`<div class="blank" role="status"><${Icon} size=${26} class=${`tone-${tone}`}/>
    <h2>${title}</h2>${text && html`<p>${text}</p>`}
    ${children && html`<div class="ways">${children}</div>`}</div>`;
}

/** @param {any} props */
export function Banner({ Icon, tone = "decide", strong, text, children }) {
  return html`<div class=${`banner ${tone}`} role=${tone === "blocked" ? "alert" : "status"}>
    <${Icon} size=${18} class=${`tone-${tone}`}/>
    <div class="says"><strong>${strong}</strong>${" "}${text}${" "}${children}</div></div>`;
}

/** A page that could not be read at all: why, and the way on; offline it waits by itself. @param {any} props */
export function NotLoaded({ state: { online, trouble }, title, onLoad }) {
  if (!online) return html`<${Blank} Icon=${icon.Broken} tone="decide" title=${t("You are offline")} text=${t("It loads by itself when the connection is back.")}/>`;
  return html`<${Blank} Icon=${icon.Triangle} tone="blocked" title=${title}
      text=${html`${problemText(trouble)} ${t("Sync itself goes on.")} <span class="figure">${problemNumber(trouble)}</span>`}>
    <${Button} label=${t("Load again")} Icon=${icon.Arrows} onClick=${onLoad}/><//>`;
}

/** Ends a run after the batch in flight, and says that it was heard. @param {any} props */
export function StopRun({ stopping, onClick }) {
  return html`<div class="ways"><span class="caption" role="status">${stopping && t("What is done stays done.")}</span>
    <${Button} label=${stopping ? t("Stopping…") : t("Stop after this batch")} busy=${stopping} disabled=${stopping} onClick=${onClick}/></div>`;
}

/** What could not be read, in its place, and the way to ask again: never an empty list, never a verdict. @param {{ problem: any, what: string, again: () => unknown }} props */
export function Unread({ problem, what, again }) {
  // That a session has ended stands above everything already, with the way in again.
  const why = problem.kind === "signed_out" ? "" : `${problemText(problem)} ${problemNumber(problem)}`;
  return html`<div class="unread" role="alert"><${icon.Triangle} size=${16} class="tone-decide"/><p>${what} <span class="caption">${why}</span>${" "}
    <button type="button" class="link" onClick=${again}>${t("Try again")}</button></p></div>`;
}

/** Confirms for six seconds, longer while pointed at or focused. @param {any} props */
export function Toast({ text, onClose, id = "toast", warns = false }) {
  useEffect(() => {
    let timer = setTimeout(onClose, 6000);
    const box = document.getElementById(id);
    const heard = new AbortController();
    const held = { pointed: false, focused: false };
    const hold = (/** @type {Partial<typeof held>} */ news) => {
      Object.assign(held, news);
      clearTimeout(timer);
      if (!held.pointed && !held.focused) timer = setTimeout(onClose, 3000);
    };
    for (const [event, news] of /** @type {[string, Partial<typeof held>][]} */ ([
      ["mouseenter", { pointed: true }], ["focusin", { focused: true }], ["mouseleave", { pointed: false }], ["focusout", { focused: false }],
    ])) box?.addEventListener(event, () => hold(news), { signal: heard.signal });
    return () => { clearTimeout(timer); heard.abort(); };
  }, [text]);
  return html`<div class=${warns ? "toast warns" : "toast"} id=${id}><${warns ? icon.Triangle : icon.Agreed} size=${18}/><p>${text}</p>
    <button type="button" aria-label=${t("Close")} onClick=${onClose}><${icon.Cross} size=${14}/></button></div>`;
}

/** The panel's shape before its content. */
export function Ghost() {
  const rows = [["w15", "w30"], ["w20", "w20"], ["w15", "w30"]];
  return html`<div class="ghost" aria-hidden="true">
    <div class="line"><i class="bone dot"></i><i class="bone grow"></i></div>
    <div class="cells"><i class="bone"></i><i class="bone"></i></div>
    ${rows.map(([left, right]) => html`<div class="line"><i class=${`bone ${left}`}></i><i class=${`bone ${right}`}></i></div>`)}
  </div>`;
}

/** A problem in words: its own detail, else what its kind means. @param {any} problem */
export function problemText(problem) {
  if (problem.kind === "timeout") return t("The sync service did not answer in time.");
  if (problem.kind === "offline") return t("The sync service cannot be reached.");
  if (problem.kind === "unreadable") return t("The sync service answered something this page cannot read.");
  return problem.detail || t("The sync service could not answer.");
}

/** "Code 503, request 7F3A-19C2." @param {any} problem */
export function problemNumber(problem) {
  if (problem.status && problem.request) {
    return t("Code {status}, request {request}.", { status: problem.status, request: problem.request });
  }
  return problem.request ? t("Request {request}.", { request: problem.request }) : "";
}
