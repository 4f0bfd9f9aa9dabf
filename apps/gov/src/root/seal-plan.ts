import { type Evidence, gateResults } from "@gov/gates";
import { gatesBefore } from "@gov/gates/lifecycle";
import { criticalViolations } from "@gov/gates/validators";
import {
  createManifestId,
  foldRehearsal,
  type ManifestInput,
  rehearsalEntry,
  rehearseSeal,
  type SealPolicy,
  type SealRehearsed,
  type SealState,
  sealStates,
} from "@gov/manifest";
import type { Artifact } from "@gov/schema";
import { formatUtc } from "@gov/telemetry";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { cycleArtifacts } from "./cycle-evidence.ts";
import { sealedArtifacts } from "./cycle-manifest.ts";
import { decisionLog } from "./decision-log.ts";
import { type GateRun, runGates } from "./gate-run.ts";
import type { Governed } from "./load-governed.ts";
import { eventsOf, type RootLog } from "./root-log.ts";

/** What a manifest of a cycle would say; its artifacts are documents that were read. */
type SealInput = ManifestInput & { readonly artifacts: readonly Artifact[] };

/** What a cycle would be sealed from as it stands now, and by which rules. */
export interface SealPlan {
  readonly run: GateRun;
  readonly input: SealInput;
  readonly policy: SealPolicy;
  readonly sealAt: SealState;
}

/** Where the preset seals, with the gates that must have passed there, and those that run afterwards and are PENDING until then; null where nothing is sealed. */
function sealRules({ rules: { preset, rulebook } }: Governed): { readonly sealAt: SealState; readonly policy: SealPolicy } | null {
  const sealAt = sealStates.find((state) => state === preset.seal?.at);
  if (sealAt === undefined) return null;
  const { required, pending } = gatesBefore(rulebook.gates, { table: preset.lifecycle, state: sealAt });
  return { sealAt, policy: { requiredGates: required, pendingGates: pending } };
}

/** Runs the gates that guard the way to the seal, and collects what a manifest of the cycle would say. Nothing is written. */
export async function sealPlan(
  context: Context,
  governed: Governed,
  { cycle, createdBy }: { readonly cycle: string; readonly createdBy: string },
): Promise<SealPlan> {
  const seal = sealRules(governed);
  if (seal === null) throw new InputError("CLI_NO_SEAL", `Preset "${governed.rules.preset.name}" seals nothing`);
  const { requiredGates, pendingGates = [] } = seal.policy;
  const run = await runGates(context, governed, { cycle, names: requiredGates });
  const pending = Object.fromEntries(pendingGates.map((name) => [name, "PENDING"]));
  const artifacts = sealedArtifacts(governed, await cycleArtifacts(context, governed, cycle));
  const revision = await context.git.revision(governed.root.directory);
  const createdAt = formatUtc(context.clock.now());
  const input: SealInput = {
    manifestId: createManifestId({ cycleId: cycle, createdAt, artifacts }),
    cycleId: cycle,
    createdAt,
    createdBy,
    // Without a commit there is no revision to name, and the plan says so.
    snapshotRev: revision === null ? "" : `git:${revision}`,
    rulebookHash: governed.rules.hash,
    artifacts,
    gateResults: { ...gateResults(run.report), ...pending },
    governance: {
      tags: [...new Set(artifacts.flatMap(({ tags }) => tags.map(({ key, value }) => (value === null ? key : `${key}:${value}`))))],
      ...criticalCounts(run.evidence),
      decisionLogRef: decisionLog,
    },
  };
  return { ...seal, run, input };
}

/** The seal of a cycle run dry, as an entry for the log; none where nothing is sealed, or where the log tells the same already. */
export async function rehearsalEntries(
  context: Context,
  governed: Governed,
  { cycle, actor, log }: { readonly cycle: string; readonly actor: string; readonly log: RootLog },
): Promise<readonly SealRehearsed[]> {
  if (sealRules(governed) === null) return [];
  const { input, policy } = await sealPlan(context, governed, { cycle, createdBy: actor });
  const entry = rehearsalEntry(cycle, rehearseSeal(input, policy));
  return JSON.stringify(entry.payload) === JSON.stringify(foldRehearsal(eventsOf(log), cycle)) ? [] : [entry];
}

/** How many critical issues and violations the evidence shows. What could not be counted is no number, on which nothing is sealed. */
export function criticalCounts(evidence: Evidence): { readonly criticalIssues: number; readonly criticalViolations: number } {
  const { backlog, contracts, criticalIssues } = evidence.parts;
  return {
    criticalIssues: criticalIssues?.value.length ?? Number.NaN,
    criticalViolations: backlog === null || contracts === null ? Number.NaN : criticalViolations(evidence).length,
  };
}
