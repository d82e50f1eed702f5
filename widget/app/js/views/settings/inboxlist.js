// @ts-check
/** The list of an inbox beside its card; on a narrow page the list, then the card. */
import { html, useLayoutEffect, useNear, useRef } from "./hooks.js";
import { t } from "../../i18n.js";
import { moment } from "../../format.js";
import { moduleName } from "../../words/modules.js";
import { Button, Unread } from "../parts.js";
import * as icon from "../icons.js";
import { Go, useWide } from "./parts.js";
import { Windowed } from "./windowed.js";

/** @param {{ name: string, slice: any, does: any, about: (row: any) => any, side: (row: any) => string, card: (row: any) => any }} props */
export function InboxList({ name, slice, does, about, side, card }) {
  const wide = useWide(960);
  const chosen = slice.rows.find((/** @type {any} */ row) => row.id === slice.id) ?? (wide ? slice.rows[0] : null);
  const inbox = does.views[name];
  const box = useRef(/** @type {any} */ (null));
  const end = useNear(() => void inbox.more(), [slice.cursor]);
  const go = (/** @type {any} */ row) => does.go({ view: name, id: row?.id ?? "" }, wide);
  // Before the page is painted: a key pressed right after the last one must find its card.
  useLayoutEffect(() => { if (chosen && (slice.id || !wide)) box.current?.querySelector(".inbox-card h2")?.focus({ preventScroll: true }); }, [chosen?.id]);
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey || event.altKey || !["j", "k"].includes(key) || /** @type {any} */ (event.target).matches?.("input[type=text],input[type=search],select")) return;
    const at = slice.rows.indexOf(chosen);
    const next = slice.rows[Math.min(slice.rows.length - 1, Math.max(0, at + (key === "j" ? 1 : -1)))];
    if (!next) return;
    event.preventDefault();
    go(next);
  };
  const draw = (/** @type {any} */ row) => html`<a key=${row.id} class="inbox-row" href=${does.link({ view: name, id: row.id })} aria-current=${row.id === chosen?.id ? "true" : undefined}>
    <span class="inbox-line"><strong dir="auto">${row.label || moduleName(row.module)}</strong><time class="caption figure" dateTime=${row.since}>${row.since ? moment(row.since) : ""}</time></span>
    <span class="inbox-line"><span class="caption">${moduleName(row.module)}</span><span class="caption figure">${side(row)}</span></span>
    <span class="inbox-about">${about(row)}</span></a>`;
  const listed = wide || !chosen;
  return html`<div class="card inbox" ref=${box} onKeyDown=${onKey}>
    ${listed && html`<div class="inbox-list"><${Windowed} rows=${slice.rows} draw=${draw} guess=${88} watch=${chosen?.id}/>
      ${slice.cursor && html`<div ref=${end} class="log-end">${slice.unread ? html`<${Unread} problem=${slice.unread} what=${t("More records could not be read.")} again=${inbox.more}/>` : html`<${Button} label=${t("Show more")} busy=${slice.more} onClick=${inbox.more}/>`}</div>`}</div>`}
    ${chosen && html`<div class="inbox-card" key=${chosen.id}>${!wide && html`<${Go} to=${{ view: name }} does=${does} class="link back"><${icon.ToLeft} size=${14}/>${t("Back to the list")}<//>`}${card(chosen)}</div>`}</div>`;
}
