// @ts-check
/** How far a run is: bar, minutes left and clock time, calls, counts; read out every ten per cent. */
import { html } from "./hooks.js";
import { t } from "../../i18n.js";
import { count, tenthOf } from "../../format.js";
import { callsText, doneOf, runLeft, runTitle, tallies } from "../../words/runs.js";
import { Button } from "../parts.js";

/** @param {{ run: any, state: any, does: any }} props */
export function Progress({ run, state, does }) {
  const [done, total] = [Number(run.done ?? 0), Number(run.total ?? 0)];
  const share = total ? Math.min(100, Math.round((done / total) * 100)) : 0;
  const words = total ? doneOf(count(done), count(total)) : "";
  const title = runTitle(run);
  return html`<div class="progress"><div class="row-ends"><h2>${title}</h2><strong class="figure">${words}</strong></div>
    <div class="bar wide" role="progressbar" aria-label=${title} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${share} aria-valuetext=${words || undefined}><svg preserveAspectRatio="none" viewBox="0 0 100 8"><rect width=${share} height="8"/></svg></div>
    <p class="caption figure">${runLeft(run, new Date())} ${Number(run.calls) > 0 ? callsText(Number(run.calls)) : ""}</p><span class="unseen" role="status">${tenthOf(title, share)}</span>
    <p class="tallies figure">${tallies(run).map(([name, text]) => html`<span class=${name} key=${name}>${text}</span> `)}</p>
    ${state.shell.admin && html`<div class="progress-ways"><${Button} label=${run.kind === "preview" ? t("Stop the preview") : t("Stop after this batch")} busy=${state.runs.busy === "cancel"} disabled=${Boolean(state.runs.busy) || !state.shell.online} onClick=${does.views.runs.cancel}/><span class="caption">${run.kind === "preview" ? t("A preview writes nothing.") : t("What is done stays done.")}</span></div>`}</div>`;
}
