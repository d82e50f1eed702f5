/** Money and time as people read them, from decimal strings and UTC moments. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import * as format from "../app/js/format.js";
import { n, useCatalogue } from "../app/js/i18n.js";

const NOW = () => new Date("2026-11-23T14:33:00Z");
const plain = (text) => text.replace(/[\u00a0\u202f]/g, " ");

function reader(language, locale, timeZone = "Etc/UTC") {
  useCatalogue({ language, messages: {} });
  format.useLocale({ locale, timeZone, now: NOW });
}

beforeEach(() => reader("en", "en_GB"));

test("an amount keeps every digit, however large", () => {
  assert.equal(format.money("98765432109876543.21", "EUR"), "€98,765,432,109,876,543.21");
});

test("an unknown amount is a dash and never zero", () => {
  assert.equal(format.money(null, "EUR"), "–");
  assert.equal(format.money("", "EUR"), "–");
  assert.equal(format.money("1e3", "EUR"), "–");
});

test("four decimals are shown where they are needed", () => {
  assert.equal(format.money("1.2345", "GBP"), "£1.2345");
  assert.equal(format.money("1.2000", "GBP"), "£1.20");
});

test("amounts follow the locale", () => {
  reader("de", "de_DE");
  assert.equal(plain(format.money("12480.00", "EUR")), "12.480,00 €");
  reader("fr", "fr_FR");
  assert.equal(plain(format.money("12480.00", "EUR")), "12 480,00 €");
});

test("a difference is exact", () => {
  assert.equal(format.subtract("0.30", "0.1"), "0.20");
  assert.equal(format.subtract("87.74", "87.75"), "-0.01");
  assert.equal(format.subtract("98765432109876543.21", "98765432109876543.20"), "0.01");
  assert.equal(format.subtract(null, "1.00"), null);
});

test("a share is nothing only when nothing is paid and all only when all is paid", () => {
  assert.equal(format.share("0.01", "10000.00"), 1);
  assert.equal(format.share("9999.99", "10000.00"), 99);
  assert.equal(format.share("10000.00", "10000.00"), 100);
  assert.equal(format.share("0.00", "10000.00"), 0);
  assert.equal(format.share("5.00", "0.00"), null);
  assert.equal(format.share("-5.00", "10.00"), null);
});

test("today, yesterday and tomorrow are those of the reader's time zone", () => {
  reader("en", "en_GB", "Pacific/Auckland");
  assert.equal(format.moment("2026-11-23T14:00:00Z"), "today 03:00");
  assert.equal(format.moment("2026-11-23T10:00:00Z"), "yesterday 23:00");
  assert.equal(format.moment("2026-11-24T12:00:00Z"), "tomorrow 01:00");
});

test("a list shows the time today, the day this year and the year before", () => {
  assert.equal(format.stamp("2026-11-23T09:05:00Z"), "09:05");
  assert.equal(format.stamp("2026-11-10T09:05:00Z"), "10 Nov");
  assert.equal(format.stamp("2025-11-10T09:05:00Z"), "10 Nov 2025");
  assert.equal(format.stamp("nonsense"), "–");
});

test("under a heading with a currency an amount has as many decimals as the currency", () => {
  const shown = [["1250000", "JPY"], ["10.500", "KWD"], ["4.125", "KWD"], ["104220", "NZD"], ["1.2345", "GBP"], ["7.5", ""], [null, "JPY"]];
  assert.deepEqual(shown.map(([amount, code]) => format.amountsOnly(amount, code)), ["1,250,000", "10.500", "4.125", "104,220.00", "1.2345", "7.50", "–"]);
});

test("a due date has no time zone", () => {
  reader("en", "en_GB", "Pacific/Honolulu");
  assert.equal(format.date("2026-12-14"), "14 Dec 2026");
});

test("a locale nobody knows falls back to that of the texts", () => {
  for (const odd of ["xx_YY", "en_", "../../etc", "", null, "tlh", "en-unknownland", "en_a", "en-1", "en-GB-oed"]) {
    reader("en", odd);
    assert.equal(format.money("1.00", "GBP"), "£1.00");
  }
});

test("a time zone nobody knows is the browser's", () => {
  reader("en", "en_GB", "Middle/Earth");
  assert.match(format.time("2026-11-23T09:05:00Z"), /^\d\d:\d\d$/);
});

test("progress is another text only every ten per cent", () => {
  useCatalogue({ language: "en", messages: {} });
  format.useLocale({ locale: "en-GB" });
  const told = [0, 9, 10, 19, 55, 100].map((share) => format.tenthOf("Progress", share));
  assert.deepEqual(told, ["Progress", "Progress", "Progress: 10%", "Progress: 10%", "Progress: 50%", "Progress: 100%"]);
});

test("numbers follow the reader's locale wherever they stand, words the language", () => {
  const written = () => [format.count(1234567), n("1 record", "{n} records", 1234567), format.money("1234567.00", null), format.seconds(1.5)].map((text) => plain(text).replaceAll("’", "'"));
  reader("de", "de_CH");
  assert.deepEqual(written(), ["1'234'567", "1'234'567 records", "1'234'567.00", "1.5 Sek."]);
  reader("en", "en_IN");
  assert.deepEqual(written(), ["12,34,567", "12,34,567 records", "12,34,567.00", "1.5 secs"]);
  reader("en", "es_ES");
  assert.equal(n("1 record", "{n} records", 1234567), "1,234,567 records");
});

test("a language is called by its name in the reader's, anything else by itself", () => {
  reader("fr", "fr_FR");
  assert.deepEqual(["de", "fr", "", "<b>"].map(format.languageName), ["allemand", "français", "", "<b>"]);
});
