// @ts-check
/** Everything that was set up as one file: taken out, and put back after its differences were seen. */
import { fresh } from "./work.js";
import { byPath } from "./configured.js";

/** Bytes; the service takes a mebibyte in all. */
const LARGEST = 1000 * 1000;

/** @param {any} ctx */
export function createConfiguration(ctx) {
  const slice = ctx.store.slice("configuration", { ...fresh, name: "", document: null, changes: null, gaps: [], copy: false, fields: {}, wrong: "", version: "", moved: false });

  const exportAll = () => ctx.work.act(slice, "export", async () => {
    const { body } = await ctx.api.get("/api/configuration");
    ctx.saveFile("zoho-xero-configuration.json", "application/json", JSON.stringify(body, null, 2));
  });

  /** What the file would change, and of which version. */
  async function compare() {
    const { document, copy } = slice.get();
    slice.set({ changes: null, gaps: [], fields: {} });
    const { body, etag } = await ctx.api.post("/api/configuration", { document, dry_run: true, ...(copy && { copy }) });
    slice.set({ changes: body.changes ?? [], gaps: body.gaps ?? [], fields: byPath({ body }), version: etag ?? "" });
  }

  const look = () => ctx.work.act(slice, "look", async () => {
    slice.set({ moved: false });
    await compare();
  }, refused);

  /** Somebody else saved after the comparison: it is made again. @param {any} problem */
  async function refused(problem) {
    slice.set({ fields: byPath(problem) });
    if (problem.status !== 412) return false;
    slice.set({ moved: true });
    await compare();
    return true;
  }

  /** Read a chosen file and show what it would change. @param {{ name: string, size: number, text: () => Promise<string> }} file */
  async function choose(file) {
    ctx.work.withdraw(slice);
    slice.set({ name: file.name, document: null, changes: null, fields: {}, wrong: "", trouble: null });
    if (file.size > LARGEST) return slice.set({ wrong: "large" });
    const document = parsed(await file.text());
    if (!document) return slice.set({ wrong: "json" });
    slice.set({ document });
    return look();
  }

  const apply = () => ctx.work.act(slice, "apply", async () => {
    const { document, copy, version } = slice.get();
    await ctx.api.post("/api/configuration", { document, dry_run: false, ...(copy && { copy }) }, { "If-Match": version });
    slice.set({ name: "", document: null, changes: null, fields: {}, moved: false });
    ctx.said("imported");
    await ctx.refresh();
  }, refused);

  return {
    slice, exportAll, choose, apply,
    /** Whether the file comes from another organisation and is taken as far as it fits. @param {boolean} copy */
    asCopy(copy) { slice.set({ copy }); return look(); }, load: () => slice.set({ stage: "ready" }),
    forget() {
      ctx.work.withdraw(slice);
      slice.set({ name: "", document: null, changes: null, fields: {}, wrong: "", trouble: null });
    },
  };
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    const held = JSON.parse(text);
    return held && typeof held === "object" && !Array.isArray(held) ? held : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
