import { dirname, join, resolve } from "node:path";
import { createFileOnce, ensureDirectory, isAtomicIoError } from "@gov/atomic-io";
import { openIndex, planIndexChanges, readFileBounded, readIndex, scanFiles, toIndexRecord } from "@gov/index-writer";
import { type DetectedKind, detectKinds, type DocumentInput, type Finding, parseGovConfig, registryFromConfig } from "@gov/schema";
import { createBaseline } from "@gov/schema/findings";
import { type Command, InputError, isDryRun, type Outcome } from "../command.ts";
import type { Context } from "../context.ts";
import { authorize } from "../root/authorize.ts";
import { gitFiles } from "../root/git-files.ts";
import { isThere } from "../root/is-there.ts";
import { loadDocuments, type LoadedDocuments } from "../root/load-documents.ts";
import { requireRules, resolveRules, withoutEchoes } from "../root/load-rules.ts";
import { requireDirectory } from "../root/locate-root.ts";
import { type GovernedRoot, openRoot } from "../root/open-root.ts";

const maxDocumentBytes = 8 << 20;

/** Brings a folder that has never heard of gov under it: a configuration, a baseline and an index beside its documents, none of which is changed. */
export const migrate: Command = {
  usage: "[folder]",
  maxPositionals: 1,
  flags: {},
  examples: ["gov migrate --dry-run", "gov migrate", "gov migrate ../handbook"],
  async run(context, call) {
    const [given = "."] = call.positionals;
    const directory = resolve(context.cwd, given);
    await requireDirectory(context, directory, given);
    const hasConfig = await isThere(context, join(directory, "gov.yaml"));
    const detected = hasConfig ? [] : detectKinds(await readAll(context, directory));
    const text = hasConfig ? null : configText(detected);
    const root = text === null ? await openRoot(context, call, directory) : rootOf(directory, text);
    context.opened(directory);
    const documents = await loadDocuments(context, root);
    await authorize(context, call, {
      place: { root, rules: hasConfig ? requireRules(root, documents) : null },
      deed: { action: "root:migrate", subject: { id: "gov.yaml" } },
    });
    const plan: Plan = {
      root,
      text,
      documents,
      detected,
      accepted: hasConfig ? [] : [...documents.findings, ...withoutEchoes(documents.findings, resolveRules(root, documents).findings)],
      dryRun: isDryRun(call),
    };
    return report(plan, await apply(context, plan));
  },
};

interface Plan {
  readonly root: GovernedRoot;
  /** What `gov.yaml` will say; null when there is one. */
  readonly text: string | null;
  readonly documents: LoadedDocuments;
  readonly detected: readonly DetectedKind[];
  /** What is wrong already and will be known. */
  readonly accepted: readonly Finding[];
  readonly dryRun: boolean;
}

/** One thing that a migration leaves behind. */
interface Step {
  readonly path: string;
  readonly state: "written" | "kept" | "planned";
  readonly detail: string;
}

/** Writes what is missing, each file whole and only when it is not there; interrupted, the next run goes on. */
async function apply(context: Context, { root, text, documents, accepted, dryRun }: Plan): Promise<readonly Step[]> {
  const { directory } = root;
  const baseline = createBaseline(accepted);
  const files: readonly (readonly [path: string, content: string, detail: string])[] = [
    ...gitFiles.map(({ path, content, detail }) => [path, content, detail] as const),
    ...(baseline.findings.length === 0
      ? []
      : [
          [
            "gov-baseline.json",
            `${JSON.stringify(baseline, null, 2)}\n`,
            `${baseline.findings.length} findings known from now on`,
          ] as const,
        ]),
    ...(text === null ? [] : [["gov.yaml", text, "what is governed, and what it looks like"] as const]),
  ];
  const steps: Step[] = [];
  if (text === null) steps.push({ path: "gov.yaml", state: "kept", detail: `covers ${documents.inputs.length} files here` });
  for (const [path, content, detail] of files)
    steps.push({ path, detail, state: await put(context, join(directory, path), { content, dryRun }) });
  return [...steps, await putIndex(context, root, { documents, dryRun })];
}

async function put(
  context: Context,
  path: string,
  { content, dryRun }: { readonly content: string; readonly dryRun: boolean },
): Promise<Step["state"]> {
  if (await isThere(context, path)) return "kept";
  if (dryRun) return "planned";
  await ensureDirectory(dirname(path), { fs: context.fs });
  try {
    await createFileOnce(path, content, { fs: context.fs });
    return "written";
  } catch (error) {
    if (isAtomicIoError(error) && error.code === "ATOMIC_IO_TARGET_EXISTS") return "kept";
    throw error;
  }
}

async function putIndex(
  context: Context,
  { directory }: GovernedRoot,
  { documents, dryRun }: { readonly documents: LoadedDocuments; readonly dryRun: boolean },
): Promise<Step> {
  const { fs, lockWaitMs: timeoutMs } = context;
  const records = documents.artifacts.map(toIndexRecord);
  const path = "artifacts_index.json";
  const changes = planIndexChanges((await readIndex(directory, { fs })).records, records);
  const detail = `${records.length} artifacts: ${changes.put.length} put, ${changes.remove.length} removed`;
  if (changes.put.length + changes.remove.length === 0 && (await isThere(context, join(directory, path))))
    return { path, detail, state: "kept" };
  if (dryRun) return { path, detail, state: "planned" };
  const index = await openIndex(directory, { fs, timeoutMs, rebuild: async () => records });
  try {
    if (changes.put.length + changes.remove.length > 0) await index.change({ put: changes.put, remove: changes.remove });
    await index.checkpoint();
  } finally {
    await index.close();
  }
  return { path, detail, state: "written" };
}

/** Documents that somebody may take for governed, and that the configuration that is there does not cover. */
function uncovered({ text, documents: { listed, inputs } }: Plan): readonly string[] {
  if (text !== null) return [];
  const covered = new Set(inputs.map(({ path }) => path));
  return listed.map(({ path }) => path).filter((path) => /\.mdx?$/i.test(path) && !covered.has(path));
}

function report(plan: Plan, steps: readonly Step[]): Outcome {
  const { detected, documents, dryRun } = plan;
  const left = uncovered(plan);
  const [first] = left;
  const verbs = { written: "wrote", kept: "kept", planned: "would write" } as const;
  const changed = steps.filter(({ state }) => state !== "kept").length;
  const kinds = detected.map(({ name, documents: count, config }) => [name, String(count), config.include.join(", ")]);
  return {
    data: { kinds: detected.map(({ name, documents: count }) => ({ name, documents: count })), steps, dryRun, changed, uncovered: left },
    findings: [],
    view: [
      ...(kinds.length === 0 ? [] : [{ type: "table", head: ["kind", "documents", "where"], rows: kinds } as const]),
      { type: "table", head: ["", "file", "what"], rows: steps.map(({ path, state, detail }) => [verbs[state], path, detail]) },
      ...(first === undefined
        ? []
        : [
            {
              type: "line",
              mark: "warn",
              text: `${left.length === 1 ? "1 Markdown file is" : `${left.length} Markdown files are`} not governed, such as ${first}: add those that should be to documents.include in gov.yaml`,
            } as const,
          ]),
      {
        type: "line",
        mark: documents.artifacts.length === 0 ? "warn" : "pass",
        text:
          changed === 0
            ? "Nothing to do; next: gov check"
            : documents.artifacts.length === 0
              ? `No document ${dryRun ? "would be" : "is"} governed: name some under documents.include in gov.yaml; next: ${dryRun ? "gov migrate" : "gov check"}`
              : `${documents.artifacts.length} documents ${dryRun ? "would be" : "are"} governed, none was changed; next: ${dryRun ? "gov migrate" : "gov check"}`,
      },
    ],
  };
}

async function readAll(context: Context, directory: string): Promise<readonly DocumentInput[]> {
  const { files } = await scanFiles(directory, { include: ["**/*.{md,mdx,mdc}", "**/kep.yaml"], fs: context.fs });
  const inputs: DocumentInput[] = [];
  for (const { path, absolute } of files) {
    context.progress(`looking at ${path}`);
    const read = await readFileBounded(absolute, { maxBytes: maxDocumentBytes, fs: context.fs, path });
    if (read.ok) inputs.push({ path, bytes: read.value });
  }
  return inputs;
}

/** The configuration in memory, read as it would be from its file. */
function rootOf(directory: string, text: string): GovernedRoot {
  const config = parseGovConfig({ path: "gov.yaml", bytes: new TextEncoder().encode(text) });
  const registry = config.ok ? registryFromConfig(config.value, new Map()) : config;
  if (!config.ok || !registry.ok)
    throw new InputError("CLI_CONFIGURATION_INVALID", "Cannot describe these documents", { findings: registry.findings });
  const configPath = join(directory, "gov.yaml");
  return { directory, configPath, config: config.value, configFiles: [configPath], registry: registry.value, extended: [] };
}

function configText(detected: readonly DetectedKind[]): string {
  const own = ["rules/*.mdc", "rulebook.yaml", "rbac_policy.yaml", "frameworks/**"];
  const include = [...new Set([...detected.flatMap(({ config }) => config.include), ...own])];
  const kinds = detected.flatMap(({ name, config }) => [
    `  ${name}:`,
    ...Object.entries(config).map(([key, value]) => `    ${key}: ${JSON.stringify(value)}`),
  ]);
  return [
    "# What is governed here, as gov migrate found it. Change it as you like; gov check reads it.",
    "version: 1",
    "documents:",
    "  include:",
    ...include.map((glob) => `    - ${JSON.stringify(glob)}`),
    ...(kinds.length === 0 ? [] : ["kinds:", ...kinds]),
    "",
  ].join("\n");
}
