// @ts-check
/** Somebody else saved while this page was edited: both shown, nothing lost. */
import { html } from "./hooks.js";
import { t } from "../../i18n.js";
import { undecided } from "../../state/meanwhile.js";
import { Banner, Button } from "../parts.js";
import * as rail from "../railicons.js";

/**
 * @param {{ held: import("../../state/meanwhile.js").Meanwhile | null, title: string, both: string, nameOf: (path: string[]) => string,
 *   valueOf: (path: string[], value: any) => string, settle: any, understood: () => void }} props
 */
export function SavedMeanwhile({ held, title, both: asks, nameOf, valueOf, settle, understood }) {
  if (!held) return null;
  const { both, theirs } = held;
  const asked = new Set(both.map(({ path }) => path.join()));
  const quiet = theirs.filter(({ path }) => !asked.has(path.join()));
  return html`<section class="card meanwhile" aria-labelledby="meanwhile-title"><${Banner} Icon=${rail.People} strong=${title} text=${both.length ? asks : t("Your changes are kept on top of theirs. Look at them, then save again.")}/>
    <h2 class="unseen" id="meanwhile-title">${t("What was saved meanwhile")}</h2>
    ${both.map((one) => html`<${Both} key=${one.path.join(".")} one=${one} name=${nameOf(one.path)} valueOf=${valueOf} settle=${settle}/>`)}
    ${quiet.length > 0 && html`<ul class="meanwhile-list">${quiet.map(({ path, before, after }) => html`<li key=${path.join(".")}><span dir="auto">${nameOf(path)}</span>
      <span dir="auto"><del>${valueOf(path, before)}</del> → <ins>${valueOf(path, after)}</ins></span></li>`)}</ul>`}
    <div class="ways card-foot"><${Button} label=${t("Understood")} disabled=${undecided({ meanwhile: held })} onClick=${understood}/></div></section>`;
}

/** One place both changed: nothing is chosen for anybody. @param {any} props */
function Both({ one, name, valueOf, settle }) {
  const side = (/** @type {"mine" | "theirs"} */ whose, /** @type {string} */ who) => html`<label class="option"><input type="radio" name=${`both-${one.path.join("-")}`} checked=${one.chosen === whose} onChange=${() => settle(one, whose)}/>
    <span class="value" dir="auto">${valueOf(one.path, one[whose])}</span><span class="who">${who}</span></label>`;
  return html`<fieldset class="choice"><legend><span class="name" dir="auto">${name}</span></legend><div class="sides">
    ${side("mine", t("yours, not saved yet"))}${side("theirs", t("saved meanwhile"))}</div></fieldset>`;
}
