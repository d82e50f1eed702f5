// @ts-check
/** E-mail addresses that were typed and not added yet: nothing typed is lost. */

const EMAIL = /^[^@\s,;<>"]{1,64}@[^@\s,;<>"]{1,255}\.[^@\s,;<>".]{2,63}$/;

/** The addresses in a text, and the first part of it that is none. @param {string} text */
export function addressesIn(text) {
  const found = text.split(/[\s,;]+/).filter(Boolean);
  return { found, wrong: found.find((one) => !EMAIL.test(one)) ?? "" };
}

/** The settings with the addresses that are typed, as soon as each of them is one. @param {any} slice the draft, and what is typed */
export function withTyped({ draft, address }) {
  const { found, wrong } = addressesIn(address ?? "");
  if (!draft || wrong || !found.length) return draft;
  return { ...draft, notify: { ...draft.notify, emails: [...new Set([...draft.notify.emails, ...found])] } };
}
