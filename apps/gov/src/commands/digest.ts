import { dirname } from "node:path";
import { ensureDirectory, replaceFile } from "@gov/atomic-io";
import { countTasks, type Evidence } from "@gov/gates";
import { type Artifact, type BeBacklog, type DigestShape, digestShapes } from "@gov/schema";
import { formatUtc } from "@gov/telemetry";
import { type DigestData, planDigest, renderDigest } from "@gov/telemetry/digest";
import { type Call, type Command, isDryRun, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { authorize } from "../root/authorize.ts";
import { cycleArtifacts, cycleEvidence } from "../root/cycle-evidence.ts";
import { requiredCycleId } from "../root/cycle-id.ts";
import { cycleState } from "../root/cycle-log.ts";
import { decisionLog } from "../root/decision-log.ts";
import { type Governed, loadGoverned } from "../root/load-governed.ts";
import { digestWords } from "../root/digest-words.ts";
import { sidecarSuffix } from "../root/load-documents.ts";
import { manifestPath, placeOf } from "../root/manifest-path.ts";
import { rootFlags } from "../root/locate-root.ts";
import { readLog, type RootLog } from "../root/root-log.ts";
import { writtenPath } from "../root/written-path.ts";

/** Computes the digest of a cycle from its documents, reports and log; prints it, or writes it where it belongs. */
export const digest: Command = {
  usage: "<cycle>",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    shape: {
      type: "string",
      value: "<shape>",
      description: `how it is written: ${digestShapes.join(", ")} (default: c22-short)`,
      words: digestShapes,
    },
    write: { type: "boolean", description: "write it where the routes say digests belong, with its metadata beside it" },
  },
  examples: ["gov digest PLN-BE-2026-01", "gov digest PLN-BE-2026-01 --shape c33", "gov digest PLN-BE-2026-01 --write"],
  async run(context, call) {
    const cycle = requiredCycleId(call);
    const governed = await loadGoverned(context, call);
    const shape = shapeOf(call);
    const words = await digestWords(context, governed, shape);
    const model = planDigest({ ...(await digestData(context, governed, cycle)), ...words });
    const text = renderDigest(model, { format: shape });
    const path = placeOf(governed.rules, { kind: "digest", cycle });
    const isAsked = call.flags["write"] === true;
    if (isAsked) await authorize(context, call, { place: governed, deed: { action: "digest:write", subject: { id: cycle, path } } });
    const write = isAsked && !isDryRun(call);
    if (write) {
      const target = await writtenPath(context, governed.root.directory, path);
      await ensureDirectory(dirname(target), { fs: context.fs });
      await replaceFile(target, text, { fs: context.fs });
      await replaceFile(target + sidecarSuffix, metadataText(cycle, model.status), { fs: context.fs });
    }
    return {
      data: { cycle, path, written: write, digest: model },
      findings: model.findings,
      view: write
        ? [{ type: "line", mark: "pass", text: `Wrote ${path} (${model.status})` }]
        : [{ type: "lines", lines: text.trimEnd().split("\n") }],
    };
  },
};

function shapeOf(call: Call): DigestShape {
  const given = stringFlag(call, "shape") ?? "c22-short";
  const shape = digestShapes.find((one) => one === given);
  if (shape === undefined) throw new UsageError(`There is no shape "${given}"`, `choose from ${digestShapes.join(", ")}`);
  return shape;
}

async function digestData(context: Context, governed: Governed, cycle: string): Promise<DigestData> {
  const evidence = await cycleEvidence(context, governed, cycle);
  const artifacts = (await cycleArtifacts(context, governed, cycle)).filter(({ kind }) => kind !== "digest");
  const log = await readLog(context, governed.root.directory);
  const { gateResults } = cycleState(governed, log, cycle);
  const gates = Object.entries(gateResults).map(([id, outcome]) => ({ id, outcome, evidence: [decisionLog] }));
  const plans = artifacts
    .filter(({ kind }) => kind === "be_backlog" || kind === "fe_task_breakdown")
    .map(({ data }) => data as unknown as BeBacklog);
  const sealed = artifacts.find(({ path }) => path === manifestPath(governed, cycle));
  return {
    cycleId: cycle,
    date: formatUtc(context.clock.now()).slice(0, 10),
    period: periodOf(log, cycle),
    tasks: plans.length === 0 ? null : countTasks(plans),
    gates: gates.length === 0 ? null : gates,
    criticalIssues: evidence.parts.criticalIssues?.value.length ?? null,
    kpis: kpisOf(governed, evidence),
    improvements: [],
    manifest: sealed === undefined ? null : reference(sealed),
    artifacts: artifacts.filter((artifact) => artifact !== sealed).map(reference),
  };
}

function kpisOf({ rules }: Governed, evidence: Evidence): DigestData["kpis"] {
  const target = rules.thresholds.coverageMinimumPercent;
  const coverage = evidence.parts.coverage?.value ?? null;
  // Whole hundredths: what a person reads and what a recomputation gives are the same text.
  const hundredths = (percent: number | undefined) => (percent === undefined ? null : Math.floor(percent * 100) / 100);
  return [
    { name: "Line coverage", unit: "%", direction: "at_least", target, actual: hundredths(coverage?.lines) },
    { name: "Branch coverage", unit: "%", direction: "at_least", target, actual: hundredths(coverage?.branches) },
  ];
}

function periodOf({ entries }: RootLog, cycle: string): DigestData["period"] {
  const days = entries.filter(({ subject }) => subject === cycle).map(({ time }) => time.slice(0, 10));
  const [from] = days;
  const to = days.at(-1);
  return from === undefined || to === undefined ? null : { from, to };
}

function reference({ path, digest: bytes }: Artifact): { readonly path: string; readonly digest: Artifact["digest"] } {
  return { path, digest: bytes };
}

function metadataText(cycle: string, status: "DRAFT" | "FINAL"): string {
  return [
    `id: ${JSON.stringify(`${cycle}-digest`)}`,
    "version: 1.0.0",
    `status: ${status === "FINAL" ? "review" : "draft"}`,
    "kind: digest",
    `cycle_id: ${JSON.stringify(cycle)}`,
    "",
  ].join("\n");
}
