import { join } from "node:path";
import {
  type ApprovalsEvidence,
  type ArtifactEvidence,
  changeLogOf,
  type Collected,
  collectEvidence,
  contractsOf,
  type Evidence,
  type EvidencePorts,
  healthReader,
  outcomesOf,
  tasksOf,
  type StatusesEvidence,
  type TaskEvidence,
} from "@gov/gates";
import { matchPath } from "@gov/hydration/routing";
import {
  type Artifact,
  type BeBacklog,
  type DependencyContracts,
  type FeTaskBreakdown,
  isJsonObject,
  parseCoverageSummary,
  parseIssueList,
} from "@gov/schema";
import { InputError } from "../command.ts";
import { formatUtc } from "@gov/telemetry";
import type { Context } from "../context.ts";
import { cycleManifest, dryRunManifest } from "./cycle-manifest.ts";
import { approvalsOf } from "./approvals.ts";
import { governedSubjects, rolloutFlags } from "./governed-subjects.ts";
import { customPort } from "./custom-modules.ts";
import { openEvidenceStore } from "./evidence-store.ts";
import { isThere } from "./is-there.ts";
import { hydrationPorts } from "./hydration-evidence.ts";
import { type Governed, selectArtifacts } from "./load-governed.ts";
import { lineReader, storyMapOf } from "./parsed-documents.ts";
import { reportReader } from "./report-reader.ts";
import { readLog } from "./root-log.ts";

/** The documents of a cycle: of each id the selected one, where its place names the cycle. */
export async function cycleArtifacts(context: Context, governed: Governed, cycle: string): Promise<readonly Artifact[]> {
  const { routes } = governed.rules;
  if (routes === null)
    throw new InputError(
      "CLI_NO_ROUTES",
      "Cannot tell which documents belong to a cycle: no approved artifact_routing says where they stand",
      { hint: "gov init writes rules/artifact_routing.mdc to start from; gov status shows which rule documents are in force" },
    );
  const selected = new Set(
    [...(await selectArtifacts(context, governed)).values()].flatMap(({ winner }) => (winner === null ? [] : [winner.path])),
  );
  return governed.documents.artifacts.filter(
    ({ path }) => selected.has(path) && matchPath(routes, path).some(({ parameters }) => parameters.get("cycle_id") === cycle),
  );
}

/** Collects what the gates of a cycle judge: its documents, their plans, and the reports that the configuration names. */
export async function cycleEvidence(context: Context, governed: Governed, cycle: string): Promise<Evidence> {
  const own = await cycleArtifacts(context, governed, cycle);
  const sources = (artifacts: readonly Artifact[]) => artifacts.map(({ path, digest }) => ({ path, digest }));
  const ofKind = (...kinds: readonly string[]) => own.filter(({ kind }) => kinds.includes(kind));
  const lineOf = lineReader(governed);
  const plans = ofKind("be_backlog", "fe_task_breakdown");
  const maps = ofKind("story_map");
  const contracts = ofKind("dependency_contracts");
  const { coverage, issues, health } = governed.root.config.evidence;
  const changeLog = changeLogOfCycle(governed, cycle);
  const manifest = ofKind("handoff_manifest")[0]?.path;
  // Until its envelope is there a manifest is not sealed, and sealing goes on with it.
  const isSealed = manifest !== undefined && (await isThere(context, join(governed.root.directory, `${manifest}.dsse.json`)));
  const isRehearsed = !isSealed && asksForDryRun(governed);
  const tasks = () =>
    plans.flatMap(({ path, data }) => tasksOf(data as unknown as BeBacklog | FeTaskBreakdown, { path, lineOf: lineOf(path) }));
  const ports: EvidencePorts = {
    artifacts: async () => ({ value: own.map((artifact) => toEvidence(artifact, governed)), sources: sources(own) }),
    catalog: async () => ({ value: governed.documents.artifacts, sources: [] }),
    ...(plans.length > 0 && {
      backlog: async () => ({
        value: tasks(),
        sources: sources(plans),
      }),
    }),
    ...(plans[0] !== undefined && { approvals: () => approvalsPart(context, governed, plans[0] as Artifact) }),
    ...(plans.length > 0 && {
      governed: async () => ({
        value: {
          rules: governed.rules.rulebook.governance,
          flags: rolloutFlags(governed),
          subjects: await governedSubjects(context, governed, plans),
        },
        sources: sources(plans),
      }),
    }),
    statuses: () => statusesPart(context, governed, own),
    ...(maps.length > 0 && {
      storyMap: async () => ({
        value: maps.flatMap((artifact) => storyMapOf(governed, artifact).nodes.map((node) => ({ ...node, path: artifact.path }))),
        sources: sources(maps),
      }),
    }),
    ...(contracts.length > 0 && {
      contracts: async () => ({
        value: contracts.flatMap(({ path, data }) => contractsOf(data as unknown as DependencyContracts, { path, lineOf: lineOf(path) })),
        sources: sources(contracts),
      }),
    }),
    ...(changeLog !== null && executionPorts(changeLog, { tasks, lineOf })),
    ...(isRehearsed
      ? { manifest: async () => dryRunManifest(governed, cycle, own) }
      : manifest !== undefined && { manifest: () => cycleManifest(context, governed, manifest) }),
    ...hydrationPorts(context, governed),
    custom: customPort(context, governed, cycle),
    ...(health.length > 0 && { health: healthReader(health, { http: { get: context.httpGet } }) }),
    ...(coverage !== null && { coverage: reportReader(context, governed, { path: coverage, parse: parseCoverageSummary }) }),
    ...(issues !== null && {
      criticalIssues: reportReader(context, governed, { path: issues, parse: parseIssueList }),
    }),
  };
  const store = await openEvidenceStore(context, governed.root.directory);
  const { cache, breaker } = store;
  const limit = { milliseconds: readLimitMs, timers: { after: context.after } };
  const evidence = await collectEvidence({ subject: cycle, asOf: formatUtc(context.clock.now()) }, ports, { cache, breaker, limit });
  await store.save();
  return evidence;
}

/** Gates do not wait longer for anything than for a slow service or module. */
const readLimitMs = 10_000;

function asksForDryRun({ rules }: Governed): boolean {
  return Object.values(rules.rulebook.gates).some(({ validators }) => validators.some(({ type }) => type === "handoff_dry_run"));
}

/** Who approved the plan of a cycle as its bytes stand. */
async function approvalsPart(
  context: Context,
  { root: { directory } }: Governed,
  { path, digest }: Artifact,
): Promise<Collected<ApprovalsEvidence>> {
  const records = await approvalsOf(context, directory, await readLog(context, directory));
  return { value: { digest, authors: await context.git.authors(directory, path), records }, sources: [{ path, digest }] };
}

/** What the documents of a cycle say of themselves, and who approved them. */
async function statusesPart(context: Context, governed: Governed, own: readonly Artifact[]): Promise<Collected<StatusesEvidence>> {
  const { directory } = governed.root;
  const approvals = await approvalsOf(context, directory, await readLog(context, directory));
  const documents = await Promise.all(
    own.map(async ({ digest, id, path, status }) => {
      // Only where somebody approved it does it matter who wrote it.
      const isApproved = approvals.some((approval) => approval.digest === digest);
      return { digest, id, path, status, authors: isApproved ? await context.git.authors(directory, path) : [] };
    }),
  );
  return { value: { documents, approvals }, sources: own.map(({ path, digest }) => ({ path, digest })) };
}

/** What the record of an execution tells: what went otherwise than planned, and what came of each task. */
function executionPorts(
  { path, data, digest }: Artifact,
  plan: { readonly tasks: () => readonly TaskEvidence[]; readonly lineOf: (path: string) => (pointer: string) => number | null },
): EvidencePorts {
  const document = isJsonObject(data) ? data : {};
  const sources = [{ path, digest }];
  const source = { path, lineOf: plan.lineOf(path) };
  return {
    changeLog: async () => ({ value: changeLogOf(document, source), sources }),
    outcomes: async () => ({ value: outcomesOf(document, { ...source, tasks: plan.tasks() }), sources }),
  };
}

/** The record of what happened while a cycle was executed. */
export function changeLogOfCycle({ documents }: Governed, cycle: string): Artifact | null {
  return documents.artifacts.find((artifact) => artifact.kind === "execution_change_log" && ofCycle(artifact, cycle)) ?? null;
}

function ofCycle({ data }: Artifact, cycle: string): boolean {
  return isJsonObject(data) && data["cycle_id"] === cycle;
}

function toEvidence(artifact: Artifact, governed: Governed): ArtifactEvidence {
  const { id, kind, path, references, version } = artifact;
  const schema = governed.root.registry.get(kind) === null ? null : kind;
  const findings = governed.documents.findings.filter((finding) => finding.path === path);
  return { id, kind, path, references, version, schema, findings };
}
