import { dirname, isAbsolute, join, resolve } from "node:path";
import { createFileOnce, ensureDirectory, isAtomicIoError } from "@gov/atomic-io";
import type { Actor } from "@gov/gates/rbac";
import { readFileBounded, scanFiles } from "@gov/index-writer";
import { type PresetName, presetNames } from "@gov/schema/presets";
import { formatUtc } from "@gov/telemetry";
import { type Call, type Command, InputError, isDryRun, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { authorize } from "../root/authorize.ts";
import { requireCycleName } from "../root/cycle-id.ts";
import { gitFiles } from "../root/git-files.ts";
import { admitHooks, hookText } from "../root/hook-place.ts";
import { isThere } from "../root/is-there.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { requireDirectory } from "../root/locate-root.ts";
import { placeOf } from "../root/manifest-path.ts";
import { writtenPath } from "../root/written-path.ts";

const maxTemplateBytes = 1 << 20;

/** Writes a configuration, the rule documents of a preset, the drafts of a cycle and a git hook; what is there already stays as it is. */
export const init: Command = {
  usage: "[folder]",
  maxPositionals: 1,
  flags: {
    preset: {
      type: "string",
      value: "<name>",
      words: presetNames,
      description: `the rules to begin with: ${presetNames.join(", ")} (default: be)`,
    },
    cycle: { type: "string", value: "<id>", description: "also write the documents of a cycle, as drafts, where the routes say" },
    hook: { type: "boolean", description: "also write a git hook that checks what a commit would hold" },
    yes: { type: "boolean", short: "y", description: "ask nothing and take the defaults" },
  },
  examples: ["gov init", "gov init --yes --preset fe --hook", "gov init governance --dry-run", "gov init --cycle PLN-BE-2026-02"],
  async run(context, call) {
    const [given = "."] = call.positionals;
    const target = resolve(context.cwd, given);
    if (await isThere(context, target)) await requireDirectory(context, target, given);
    context.opened(target);
    const wishes = await ask(context, call);
    const preset = presetNames.find((name) => name === wishes.preset);
    if (preset === undefined)
      throw new UsageError(`No templates for preset "${wishes.preset}"`, `there are templates for ${presetNames.join(", ")}`);
    const isGoverned = await isThere(context, join(target, "gov.yaml"));
    const place = isGoverned ? await loadGoverned(context, call, target) : { root: { directory: target }, rules: null };
    const actor = await authorize(context, call, { place, deed: { action: "root:init", subject: { id: "gov.yaml" } } });
    const files = [
      ...(await presetFiles(context, preset, actor)),
      ...gitFiles.map(({ path, content }) => ({ path, bytes: text(content) })),
      ...(wishes.hook ? await hookFile(context, target) : []),
    ];
    const done = await putAll(context, call, target, files);
    if (wishes.cycle !== undefined) {
      if (isDryRun(call) && !isGoverned) throw new UsageError("--dry-run can only plan a cycle where a gov.yaml is", "first: gov init");
      const { rules } = await loadGoverned(context, call, target);
      done.push(...(await putAll(context, call, target, await cycleFiles(context, rules, { cycle: wishes.cycle, actor }))));
    }
    const written = done.filter(({ isNew }) => isNew).map(({ path }) => path);
    const kept = done.filter(({ isNew }) => !isNew).map(({ path }) => path);
    const dryRun = isDryRun(call);
    return {
      data: { folder: target, preset, written, kept, dryRun },
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

interface Wishes {
  readonly preset: string;
  readonly cycle: string | undefined;
  readonly hook: boolean;
}

/** What the flags say; on a terminal, and without --yes, a person is asked for what they leave open. */
async function ask(context: Context, call: Call): Promise<Wishes> {
  const preset = stringFlag(call, "preset");
  const cycle = stringFlag(call, "cycle");
  const hook = call.flags["hook"] === true;
  const isAsked =
    context.ask !== null && call.flags["yes"] !== true && !isDryRun(call) && preset === undefined && cycle === undefined && !hook;
  if (context.ask === null || !isAsked)
    return { preset: preset ?? "be", cycle: cycle === undefined ? undefined : requireCycleName(cycle), hook };
  const answer = async (question: string, fallback: string) => ((await context.ask?.(question)) ?? "").trim() || fallback;
  const chosen = await answer(`Which preset? ${presetNames.join(", ")} [be] `, "be");
  const name = await answer("Id of a first cycle to draft, such as PLN-BE-2026-01? [none] ", "");
  const wantsHook = /^y(?:es)?$/i.test(await answer("Write a git hook that checks each commit? [y/N] ", "n"));
  return { preset: chosen, cycle: name === "" ? undefined : requireCycleName(name), hook: wantsHook };
}

interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode?: number | undefined;
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** The rule documents of a preset: those of the backend, in the words of the preset's stream. */
async function presetFiles(context: Context, preset: PresetName, { name }: Actor): Promise<readonly NewFile[]> {
  const isFrontend = preset === "fe" || preset.startsWith("fe-");
  const translated = (content: string): string =>
    isFrontend
      ? content
          .replaceAll("planning-be", "planning-fe")
          .replaceAll("be_backlog", "fe_task_breakdown")
          .replaceAll("backlogs/", "breakdowns/")
      : content;
  return (await readTemplates(context, "be")).map(({ path, bytes }) => {
    const content = translated(new TextDecoder().decode(bytes)).replace(/^preset: .*$/m, `preset: ${preset}`);
    // A policy that names nobody locks everybody out: the first maintainer is whoever sets the root up.
    const isPolicy = path === "rbac_policy.yaml" && name !== "unknown";
    return { path, bytes: text(isPolicy ? content.replace(/^( +)maintainers: /m, `$1${JSON.stringify(name)}: `) : content) };
  });
}

/** The documents of a cycle that people write; manifest and digest are made from them by gov seal and gov digest. */
async function cycleFiles(
  context: Context,
  rules: Parameters<typeof placeOf>[0],
  { cycle, actor }: { readonly cycle: string; readonly actor: Actor },
): Promise<readonly NewFile[]> {
  const templates = await readTemplates(context, "cycle");
  const owner = JSON.stringify(actor.name === "unknown" ? "maintainers" : actor.name);
  const values: Readonly<Record<string, string>> = { CYCLE_ID: cycle, CREATED_AT: formatUtc(context.clock.now()), OWNER: owner };
  const kinds = new Set((rules.rulebook.routing?.routes ?? []).flatMap(({ match }) => (match.kind === undefined ? [] : [match.kind])));
  return templates.flatMap(({ path, bytes }) => {
    const kind = path.replace(/\.[^.]+$/, "");
    if (!kinds.has(kind)) return [];
    const content = new TextDecoder().decode(bytes).replace(/CYCLE_ID|CREATED_AT|OWNER/g, (name) => values[name] ?? name);
    return [{ path: placeOf(rules, { kind, cycle }), bytes: text(content) }];
  });
}

async function hookFile(context: Context, target: string): Promise<readonly NewFile[]> {
  const hooks = await context.git.hooks(target);
  if (hooks === null) throw new InputError("CLI_NO_REPOSITORY", "Cannot write a git hook: this is no git repository", { hint: "git init" });
  await admitHooks(context, target, hooks);
  return [{ path: join(hooks, "pre-commit"), bytes: text(await hookText(context, target)), mode: 0o755 }];
}

async function readTemplates(context: Context, name: string): Promise<readonly NewFile[]> {
  const { files } = await scanFiles(join(context.templates, name), { gitignore: "disregard", fs: context.fs });
  return Promise.all(
    files.map(async ({ path, absolute }) => {
      const read = await readFileBounded(absolute, { maxBytes: maxTemplateBytes, fs: context.fs, path });
      if (!read.ok) throw new InputError("CLI_TEMPLATE_UNREADABLE", `Cannot read template "${path}"`, { findings: read.findings });
      return { path, bytes: read.value };
    }),
  );
}

async function putAll(
  context: Context,
  call: Call,
  target: string,
  files: readonly NewFile[],
): Promise<{ readonly path: string; readonly isNew: boolean }[]> {
  const done: { readonly path: string; readonly isNew: boolean }[] = [];
  for (const file of files) {
    // A hook stands where git wants it.
    const path = isAbsolute(file.path) ? file.path : await writtenPath(context, target, file.path);
    done.push({ path: file.path, isNew: isDryRun(call) ? !(await isThere(context, path)) : await writeNew(context, path, file) });
  }
  return done;
}

async function writeNew(context: Context, path: string, { bytes, mode }: NewFile): Promise<boolean> {
  if (await isThere(context, path)) return false;
  await ensureDirectory(dirname(path), { fs: context.fs });
  try {
    await createFileOnce(path, bytes, { fs: context.fs, mode });
    return true;
  } catch (error) {
    if (isAtomicIoError(error) && error.code === "ATOMIC_IO_TARGET_EXISTS") return false;
    throw error;
  }
}
