import { dirname, join, resolve } from "node:path";
import { createFileOnce, ensureDirectory, isAtomicIoError } from "@gov/atomic-io";
import type { Actor } from "@gov/gates/rbac";
import { readFileBounded, scanFiles } from "@gov/index-writer";
import { type Command, InputError, isDryRun, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { authorize } from "../root/authorize.ts";
import { isThere } from "../root/is-there.ts";
import { loadGoverned } from "../root/load-governed.ts";

const maxTemplateBytes = 1 << 20;

/** Writes a configuration and the rule documents of a preset; what is there already stays as it is. */
export const init: Command = {
  usage: "[folder]",
  maxPositionals: 1,
  flags: {
    preset: { type: "string", value: "<name>", description: "which templates to copy (default: be)" },
  },
  examples: ["gov init", "gov init governance --dry-run"],
  async run(context, call) {
    const target = resolve(context.cwd, call.positionals[0] ?? ".");
    const dryRun = isDryRun(call);
    const templates = await readTemplates(context, stringFlag(call, "preset") ?? "be");
    const place = (await isThere(context, join(target, "gov.yaml")))
      ? await loadGoverned(context, call, target)
      : { root: { directory: target }, rules: null };
    const actor = await authorize(context, call, { place, deed: { action: "root:init", subject: { id: "gov.yaml" } } });
    const written: string[] = [];
    const kept: string[] = [];
    for (const { path, bytes } of templates.map((template) => named(template, actor))) {
      const isNew = dryRun ? !(await isThere(context, join(target, path))) : await writeNew(context, join(target, path), bytes);
      (isNew ? written : kept).push(path);
    }
    return {
      data: { folder: target, written, kept, dryRun },
      findings: [],
      view: [
        {
          type: "lines",
          lines: [...written.map((path) => `${dryRun ? "would write" : "wrote"} ${path}`), ...kept.map((path) => `kept ${path}`)],
        },
        { type: "line", mark: "pass", text: `${written.length} ${dryRun ? "to write" : "written"}, ${kept.length} kept; next: gov check` },
      ],
    };
  },
};

interface Template {
  readonly path: string;
  readonly bytes: Uint8Array;
}

async function readTemplates(context: Context, preset: string): Promise<readonly Template[]> {
  const available = await context.fs.readdir(context.templates);
  if (!available.includes(preset))
    throw new UsageError(`No templates for preset "${preset}"`, `there are templates for ${available.join(", ")}`);
  const { files } = await scanFiles(join(context.templates, preset), { matches: () => true, fs: context.fs });
  return Promise.all(
    files.map(async ({ path, absolute }) => {
      const read = await readFileBounded(absolute, { maxBytes: maxTemplateBytes, fs: context.fs, path });
      if (!read.ok) throw new InputError("CLI_TEMPLATE_UNREADABLE", `Cannot read template "${path}"`, { findings: read.findings });
      return { path, bytes: read.value };
    }),
  );
}

/** A policy that names nobody locks everybody out: the first maintainer is whoever sets the root up. */
function named({ path, bytes }: Template, { name }: Actor): Template {
  if (path !== "rbac_policy.yaml" || name === "unknown") return { path, bytes };
  const text = new TextDecoder().decode(bytes).replace(/^( +)maintainers: /m, `$1${JSON.stringify(name)}: `);
  return { path, bytes: new TextEncoder().encode(text) };
}

async function writeNew(context: Context, path: string, bytes: Uint8Array): Promise<boolean> {
  await ensureDirectory(dirname(path), { fs: context.fs });
  try {
    await createFileOnce(path, bytes, { fs: context.fs });
    return true;
  } catch (error) {
    if (isAtomicIoError(error) && error.code === "ATOMIC_IO_TARGET_EXISTS") return false;
    throw error;
  }
}
