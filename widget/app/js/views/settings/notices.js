// @ts-check
/** Who is told of what, in which language, and how patient the bridge is before it tells. */
import { html, useState } from "./hooks.js";
import { n, t } from "../../i18n.js";
import { addressesIn } from "../../state/addresses.js";
import { same } from "../../state/documents.js";
import { Button } from "../parts.js";
import * as icon from "../icons.js";
import * as rail from "../railicons.js";
import { Check, Field, Frame, Head, Select } from "./parts.js";
import { Meanwhile, SaveBar } from "./savebar.js";

/** @param {{ state: any, does: any }} props */
export function Notices({ state, does }) {
  const { configured, shell } = state;
  const locked = !shell.admin || !shell.online || shell.ended || Boolean(configured.busy);
  const edit = does.views.configured.edit;
  return html`<${Head} title=${t("Notices and language")} text=${t("A record that fails for good is told once; its task closes when it succeeds.")}/>
    <${Meanwhile} configured=${configured} does=${does}/><${Frame} slice=${configured} again=${does.views.configured.load}>${configured.draft && html`<${Body} configured=${configured} locked=${locked} edit=${edit} does=${does.views.configured}/>`}<//><${SaveBar} state=${state} does=${does}/>`;
}

/** @param {any} props */
function Body({ configured, locked, edit, does }) {
  const { draft, stored, fields } = configured;
  return html`<div class="two-cards"><section class="card part" aria-labelledby="told-title"><h2 id="told-title">${t("Who is told")}</h2>
      <${Check} says=${t("A task in CRM for the owner of the record")} checked=${draft.notify.crm_task} changed=${draft.notify.crm_task !== stored.notify.crm_task} disabled=${locked} onChange=${(/** @type {boolean} */ on) => edit(["notify", "crm_task"], on)}/>
      <${Emails} emails=${draft.notify.emails} typed=${configured.address} does=${does} fields=${fields} locked=${locked} onChange=${(/** @type {string[]} */ emails) => edit(["notify", "emails"], emails)}/></section>
    <section class="card part" aria-labelledby="way-title"><h2 id="way-title">${t("Language and patience")}</h2>
      <${Field} label=${t("Language of messages and notices")} hint=${t("Tasks and e-mails. Each person reads these pages in the language of CRM.")}><${Select} label=${t("Language of messages and notices")} value=${draft.language} options=${[["en", "English"], ["fr", "Français"], ["de", "Deutsch"]]} changed=${draft.language !== stored.language} disabled=${locked} onChange=${(/** @type {string} */ value) => edit(["language"], value)}/><//>
      <${Whole} name="attempts" label=${t("Attempts before a record is parked")} hint=${t("The waits between them grow.")} least=${1} most=${20} draft=${draft} stored=${stored} fields=${fields} locked=${locked} edit=${edit}/>
      <${Whole} name="delete_limit" label=${t("Limit for deletions, per cent")} hint=${t("More deletions in one run than this stop and ask.")} least=${0} most=${100} draft=${draft} stored=${stored} fields=${fields} locked=${locked} edit=${edit}/>
      <${Check} says=${t("Do not set off CRM workflows when the bridge writes")} checked=${draft.suppress_zoho_automation} changed=${!same(draft.suppress_zoho_automation, stored.suppress_zoho_automation)} disabled=${locked} onChange=${(/** @type {boolean} */ on) => edit(["suppress_zoho_automation"], on)}/></section></div>`;
}

/** A whole number within bounds; what is typed stays, what is wrong is said, and its first digits are not saved for it. @param {any} props */
function Whole({ name, label, hint, least, most, draft, stored, fields, locked, edit }) {
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  const fits = (/** @type {string} */ text) => /^\d{1,3}$/.test(text) && Number(text) >= least && Number(text) <= most;
  const bounds = t("A whole number from {least} to {most}.", { least, most });
  const change = (/** @type {any} */ event) => { setTyped(event.target.value); edit([name], fits(event.target.value) ? Number(event.target.value) : stored[name]); };
  const error = typed !== null && !fits(typed) ? bounds : fields[name] ?? "";
  return html`<${Field} label=${label} hint=${hint} error=${error}><input class="plain-input number" type="text" inputmode="numeric" aria-label=${label} aria-invalid=${error ? "true" : undefined} value=${typed !== null && !fits(typed) ? typed : draft[name]} disabled=${locked} onInput=${change} onBlur=${() => setTyped(null)}/><//>`;
}

/** @param {any} props */
function Emails({ emails, typed, does, fields, locked, onChange }) {
  // While somebody types, half an address is not wrong yet.
  const [typing, setTyping] = useState(false);
  const { found, wrong: bad } = addressesIn(typed);
  const wrong = bad && !typing ? [t("{address} is no e-mail address.", { address: bad }), t("It is not added.")].join(" ") : "";
  const add = (/** @type {Event} */ event) => { event.preventDefault(); setTyping(false); does.addTyped(); };
  const title = !emails.length ? t("Nobody gets an e-mail yet") : n("1 address gets an e-mail", "{n} addresses get an e-mail", emails.length);
  const told = Object.entries(fields).find(([path]) => path.startsWith("notify.emails"))?.[1];
  return html`<div class="field"><span class="label">${title}</span><ul class="email-list">${emails.map((/** @type {string} */ one) => html`<li key=${one}><span dir="auto">${one}</span><button type="button" class="icon-button" aria-label=${`${t("Remove")}: ${one}`} disabled=${locked} onClick=${() => onChange(emails.filter((/** @type {string} */ other) => other !== one))}><${icon.Cross} size=${12}/></button></li>`)}</ul>
    <form class="with-button" onSubmit=${add}><input class="plain-input" type="text" inputmode="email" autocomplete="off" aria-label=${t("Add an e-mail address")} placeholder="name@company.example" aria-invalid=${wrong ? "true" : undefined} value=${typed} disabled=${locked} onInput=${(/** @type {any} */ event) => { setTyping(true); does.type(event.target.value); }} onBlur=${() => setTyping(false)}/>
      <button type="submit" class="button" disabled=${locked || !typed.trim()}><${rail.Plus} size=${16}/><span>${t("Add")}</span></button></form>${!bad && found.length > 0 && html`<span class="caption">${t("It is added when you save.")}</span>`}${(wrong || told) && html`<span class="wrong" role="alert"><${icon.Triangle} size=${12}/>${wrong || told}</span>`}</div>`;
}
