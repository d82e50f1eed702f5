// @ts-check
/** Joins the host page and hands each of its events to the page this document shows. */
import { html, render } from "./vendor/htm-preact-standalone.js";
import { createApi } from "./api.js";
import { createSession } from "./auth.js";
import { keepFocus } from "./focus.js";
import { timeZone, useLocale } from "./format.js";
import { guardMessages, hostOrigin, HostError, joinHost, readPageLoad } from "./host.js";
import { chooseLanguage, currentLanguage, loadLanguage } from "./i18n.js";
import { ConfigError, createStandIn } from "./standin.js";
import { createRecordDocument } from "./document.js";
import { RecordDocument } from "./views/document.js";
import { Frame } from "./views/frame.js";

const root = /** @type {HTMLElement} */ (document.getElementById("root"));
const CONFIG_LIMIT = 10000;
const guessed = chooseLanguage(navigator.languages);

/** What the backend tells every page: where the SDK and the API are, and who may embed us. */
async function readConfig() {
  const signal = AbortSignal.timeout(CONFIG_LIMIT);
  const answer = await fetch(new URL("../config.json", import.meta.url), { credentials: "omit", signal })
    .catch((error) => { throw new ConfigError("unreachable", String(error)); });
  if (!answer.ok) throw new ConfigError("unreachable", `config: ${answer.status}`);
  return answer.json().catch((error) => { throw new ConfigError("unreadable", String(error)); });
}

/** @param {any} host @param {any} session */
async function learnAboutReader(host, session) {
  const [user, theme] = await Promise.allSettled([host.user(), host.theme()]);
  const reader = user.status === "fulfilled" ? user.value : { id: null, locale: null, timeZone: null };
  session.keepOnlyFor(reader.id);
  await loadLanguage(chooseLanguage([reader.locale, ...navigator.languages]));
  useLocale({ locale: reader.locale ?? navigator.language, timeZone: reader.timeZone });
  if (theme.status === "fulfilled" && theme.value) {
    document.documentElement.dataset.themeFrom = "host";
    document.documentElement.dataset.theme = theme.value;
  }
}

/** The page this document shows: how it is made, and whether it belongs to one record. */
const PAGES = {
  record: async () => ({ make: createRecordDocument, View: RecordDocument, ofRecord: true }),
  settings: async () => {
    const [state, page] = await Promise.all([import("./state/shell.js"), import("./views/settings/page.js")]);
    return { make: state.createSettingsPage, View: page.SettingsPage, ofRecord: false };
  },
  dashboard: async () => {
    const [state, page] = await Promise.all([import("./dashboard.js"), import("./views/dashboard.js")]);
    return { make: state.createDashboardPage, View: page.DashboardPage, ofRecord: false };
  },
};

/** @param {any} config */
async function start(config) {
  const origin = hostOrigin(window, config.host_origins ?? []);
  const guard = guardMessages({ page: window, origin });
  const kind = await PAGES[/** @type {keyof typeof PAGES} */ (document.documentElement.dataset.page)]();
  /** @type {any} what was drawn last */
  let drawn = { state: null, unheard: false, onHeard: () => draw({ unheard: false }) };
  const draw = (/** @type {any} */ news) => {
    drawn = { ...drawn, ...news };
    if (drawn.state) render(html`<${Frame} View=${kind.View} does=${does} ...${drawn}/>`, root);
  };
  const session = createSession({ base: config.api_base ?? "", guard, onPopup: () => draw({}) });
  const api = createApi({ base: config.api_base ?? "", session, language: currentLanguage });
  /** @type {any} */
  let joined = null;
  const page = /** @type {any} */ (kind.make)({
    api, session,
    face: async (/** @type {string} */ module, /** @type {string} */ id) => (await joined)?.face(module, id),
    openRecord: async (/** @type {string} */ module, /** @type {string} */ id) => draw({ unheard: !(await (await joined)?.open(module, id)) }),
    zone: timeZone,
    draw: (/** @type {any} */ state) => draw({ state }),
  });
  const does = { ...page, popup: session.popup, reload: () => window.location.reload() };
  window.addEventListener("online", () => page.setOnline(true));
  window.addEventListener("offline", () => page.setOnline(false));
  document.addEventListener("visibilitychange", () => {
    const { record, board } = page.state();
    if (!document.hidden && (record || board)) void page.load();
  });
  keepFocus(root);
  await loadLanguage(guessed);
  useLocale({ locale: navigator.language });
  if (!origin) return page.stop("outside");
  if (!navigator.onLine) page.setOnline(false);
  return join({ config, page, session, ofRecord: kind.ofRecord, onHost: (host) => { joined = host; } });
}

/** @param {{ config: any, page: any, session: any, ofRecord: boolean, onHost: (host: any) => void }} parts */
async function join({ config, page, session, ofRecord, onHost }) {
  /** @type {Promise<void> | null} */
  let reader = null;
  /** @type {any} */
  let host = null;
  let heard = 0;
  /** Only the newest of CRM's wishes counts: an older one may still wait for the reader to be known. @param {unknown} data */
  async function onPageLoad(data) {
    const mine = heard += 1;
    const wanted = ofRecord ? readPageLoad(data) : null;
    const wrong = wanted && "wrong" in wanted ? wanted : null;
    const show = () => (wrong ? page.stop("wrong", wrong.wrong, wrong.count) : page.open(wanted ?? undefined));
    if (wrong) show(); // at once, and again in the reader's own language
    await (reader ??= learnAboutReader(await host, session));
    return mine === heard ? show() : undefined;
  }
  try {
    host = joinHost({ sdkUrl: config.sdk_url, onPageLoad });
    onHost(host);
    await (await host).shown;
    if (ofRecord) fitPopup(await host);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    page.stop("silent");
  }
}

/** A button opens a popup whose height is ours to wish for. @param {any} host */
function fitPopup(host) {
  let asked = 0;
  const observer = new ResizeObserver(() => {
    const height = Math.min(760, Math.max(280, Math.ceil(root.scrollHeight) + 32));
    if (Math.abs(height - asked) < 24) return;
    asked = height;
    void host.resize(height);
  });
  observer.observe(root);
}

try {
  await start(await readConfig());
} catch (error) {
  await loadLanguage(guessed);
  createStandIn(root, error);
  if (!(error instanceof ConfigError)) throw error;
}
