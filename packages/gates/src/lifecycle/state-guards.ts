import type { LifecycleState } from "@gov/schema";
import type { OutcomeEvidence } from "../delivery-evidence.ts";
import type { Evidence } from "../evidence.ts";
import { canonicalGateName } from "../gate-name.ts";
import type { GateReport } from "../gate-report.ts";
import { sortedUnique } from "../internal/text-order.ts";
import type { GateConfigs } from "../select-gates.ts";
import { computedGates } from "./transition-gates.ts";

interface GuardInput {
  readonly gates: GateConfigs;
  readonly report: GateReport | null;
  readonly evidence: Evidence | null;
}

/** One guard of a state: null when it holds, the problem when not. */
export interface StateGuard {
  readonly name: string;
  readonly isRequired: (input: GuardInput) => boolean;
  readonly judge: (input: GuardInput) => string | null;
}

const always = () => true;
const never = () => false;

/** Asked for before a cycle is executed, and wherever it leaves the state at which its stream seals. */
export const manifestPublished: StateGuard = {
  name: "manifest_published",
  isRequired: always,
  judge: ({ evidence }) => publicationProblem(evidence),
};

/** What each state asks for beside the gates, as c33 §3 lists it (LIF-16). */
const guards: Readonly<Record<LifecycleState, readonly StateGuard[]>> = {
  PLANNED: [],
  READY_FOR_HANDOFF: [],
  PACKAGED: [
    { name: "manifest_checksummed", isRequired: never, judge: ({ evidence }) => manifestProblem(evidence) },
    { name: "signatures_collected", isRequired: never, judge: ({ evidence }) => signatureProblem(evidence) },
  ],
  EXECUTED: [
    manifestPublished,
    { name: "change_log_enabled", isRequired: always, judge: ({ evidence }) => (changeLog(evidence) === null ? noChangeLog : null) },
    { name: "deviations_tracked", isRequired: always, judge: ({ evidence }) => deviationProblem(evidence) },
  ],
  VALIDATED: [
    { name: "execution_completed", isRequired: always, judge: ({ evidence }) => completionProblem(evidence) },
    {
      name: "acceptance_criteria_present",
      isRequired: always,
      judge: outcomesThat("has no acceptance criteria", ({ acceptanceCriteria }) => hasText(acceptanceCriteria)),
    },
    { name: "evidence_attached", isRequired: always, judge: outcomesThat("shows no evidence", ({ evidence }) => hasText(evidence)) },
    {
      name: "validation_status_set",
      isRequired: always,
      judge: outcomesThat("was not validated", ({ validation }) => validation !== null),
    },
    { name: "parity_computed", isRequired: ({ gates }) => computedGates(gates, "VALIDATED").length > 0, judge: parityProblem },
  ],
  IMPROVE: [
    {
      name: "validation_complete",
      isRequired: never,
      judge: outcomesThat("was not accepted", ({ validation }) => validation === "accepted"),
    },
    { name: "digest_finalized", isRequired: never, judge: ({ evidence }) => digestProblem(evidence) },
    { name: "improvements_captured", isRequired: never, judge: ({ evidence }) => improvementProblem(evidence) },
  ],
};

/**
 * The guards of a state, in the order they are shown.
 *
 * @throws RangeError when there is no such state.
 */
export function stateGuards(state: LifecycleState): readonly StateGuard[] {
  if (!Object.hasOwn(guards, state))
    throw new RangeError(`Cannot name the guards of "${state}": expected ${Object.keys(guards).join(", ")}`);
  return guards[state];
}

const noManifest = "no manifest was collected";
const noChangeLog = "no execution change log was collected";

function manifestProblem(evidence: Evidence | null): string | null {
  const manifest = evidence?.parts.manifest?.value;
  if (manifest === undefined) return noManifest;
  if (manifest.entries.length === 0) return `manifest "${manifest.id}" names no file`;
  const changed = manifest.entries.filter(({ expected, actual }) => expected !== actual).map(({ path }) => path);
  return changed.length === 0 ? null : `what manifest "${manifest.id}" says does not hold for ${sortedUnique(changed).join(", ")}`;
}

function signatureProblem(evidence: Evidence | null): string | null {
  const manifest = evidence?.parts.manifest?.value;
  if (manifest === undefined) return noManifest;
  return manifest.kind === "dry_run" || manifest.isVerified ? null : `the signatures of manifest "${manifest.id}" were not verified`;
}

function publicationProblem(evidence: Evidence | null): string | null {
  const manifest = evidence?.parts.manifest?.value;
  if (manifest === undefined) return noManifest;
  if (manifest.kind !== "sealed") return `manifest "${manifest.id}" is not sealed`;
  if (manifest.publishedAt === null) return `manifest "${manifest.id}" was not published`;
  return signatureProblem(evidence) ?? manifestProblem(evidence);
}

function changeLog(evidence: Evidence | null) {
  return evidence?.parts.changeLog?.value ?? null;
}

/** What went otherwise than planned belongs to a task of the plan. */
function deviationProblem(evidence: Evidence | null): string | null {
  const log = changeLog(evidence);
  if (log === null) return noChangeLog;
  const known = new Set((evidence?.parts.backlog?.value ?? []).map(({ id }) => id));
  const loose = log.changes.filter(({ task }) => !known.has(task)).map(({ id, task }) => `"${id}" belongs to "${task}"`);
  return loose.length === 0 ? null : `${sortedUnique(loose).join(", ")}, which is no task of the plan`;
}

function completionProblem(evidence: Evidence | null): string | null {
  const outcomes = evidence?.parts.outcomes?.value;
  if (outcomes === undefined) return "no outcome was collected";
  if (outcomes.length === 0) return "no task has an outcome";
  if (evidence?.failures.has("backlog") === true) return "the tasks of the plan could not be collected";
  const told = new Set(outcomes.map(({ task }) => task));
  const missing = (evidence?.parts.backlog?.value ?? []).map(({ id }) => id).filter((id) => !told.has(id));
  return missing.length === 0 ? null : `nobody said what came of ${sortedUnique(missing).join(", ")}`;
}

function outcomesThat(problem: string, holds: (outcome: OutcomeEvidence) => boolean): (input: GuardInput) => string | null {
  return ({ evidence }) => {
    const outcomes = evidence?.parts.outcomes?.value ?? [];
    if (outcomes.length === 0) return "no outcome was collected";
    const failing = outcomes.filter((outcome) => !holds(outcome)).map(({ task }) => task);
    return failing.length === 0 ? null : `${sortedUnique(failing).join(", ")} ${problem}`;
  };
}

/** Computed means that the gate could judge; what it said is enforced on the way on (B-47). */
function parityProblem({ gates, report }: GuardInput): string | null {
  const results = new Map((report?.gates ?? []).map((gate) => [canonicalGateName(gate.name), gate]));
  const missing = computedGates(gates, "VALIDATED").filter((name) => {
    const result = results.get(name);
    if (result === undefined || !["PASS", "WAIVED", "FAIL"].includes(result.outcome)) return true;
    return result.validators.some(({ findings }) => findings.some(({ code }) => code.startsWith("GATES_EVIDENCE_")));
  });
  return missing.length === 0 ? null : `${missing.join(", ")} was not computed`;
}

function digestProblem(evidence: Evidence | null): string | null {
  const digest = evidence?.parts.digest?.value;
  if (digest === undefined) return "no digest was collected";
  return digest.isFinal ? null : `the digest "${digest.path}" is not final`;
}

function improvementProblem(evidence: Evidence | null): string | null {
  return (evidence?.parts.improvements?.value.length ?? 0) > 0 ? null : "no improvement was captured";
}

function hasText(texts: readonly string[]): boolean {
  return texts.some((text) => text.trim() !== "");
}
