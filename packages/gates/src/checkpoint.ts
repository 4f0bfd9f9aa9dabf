import { type Finding, isJsonObject, type JsonValue } from "@gov/schema";
import { type Digest, digestJson } from "@gov/schema/canonical";
import { isPassing } from "./gate-outcome.ts";
import type { GateReport } from "./gate-report.ts";
import { makeFinding } from "./internal/make-finding.ts";

/** A place to roll back to: a gate let this subject through in exactly this state. */
export type Checkpoint = {
  /** Follows from the rest: the same gate on the same evidence under the same rules is the same checkpoint. */
  readonly id: Digest;
  readonly gate: string;
  readonly subject: string;
  readonly subject_digest: Digest;
  readonly config_digest: Digest | null;
};

/** The checkpoints to create after a run, and alerts. */
export interface CheckpointPlan {
  readonly create: readonly Checkpoint[];
  /** One for each gate that failed while there is nothing to roll back to. */
  readonly findings: readonly Finding[];
}

/**
 * Plans the checkpoints of a run of gates (GAT-24): one for each gate that lets through, none that exists already, so that a gate run
 * twice leaves one. A gate that does not let through, for a subject without any checkpoint, is an alert.
 */
export function planCheckpoints(report: GateReport, existing: readonly Checkpoint[]): CheckpointPlan {
  const { id: subject, digest } = report.subject;
  const known = new Set(existing.map(({ id }) => id));
  const hasAny = existing.some((checkpoint) => checkpoint.subject === subject);
  const create = report.gates
    .filter(({ outcome }) => isPassing(outcome))
    .map(({ name, configDigest }): Checkpoint => ({
      id: digestJson([name, subject, digest, configDigest]),
      gate: name,
      subject,
      subject_digest: digest,
      config_digest: configDigest,
    }))
    .filter(({ id }) => !known.has(id));
  const failed = report.gates.filter(({ outcome }) => !isPassing(outcome));
  const findings = failed.map(({ name, outcome }) =>
    makeFinding("GATES_CHECKPOINT_MISSING", `Gate "${name}" is ${outcome}, and "${subject}" has no checkpoint to roll back to`),
  );
  return { create, findings: hasAny ? [] : findings };
}

/** An entry of the decision log: there is a place to roll back to. */
export type CheckpointCreated = { readonly type: "CHECKPOINT_CREATED"; readonly payload: Checkpoint };

/** The entries that record checkpoints. */
export function checkpointEntries(checkpoints: readonly Checkpoint[]): readonly CheckpointCreated[] {
  return checkpoints.map((payload) => ({ type: "CHECKPOINT_CREATED", payload }));
}

/** The checkpoints that the events of a log tell, each once; other events are passed over. */
export function foldCheckpoints(events: readonly JsonValue[]): readonly Checkpoint[] {
  const found = new Map<string, Checkpoint>();
  for (const event of events) {
    if (!isJsonObject(event) || event["type"] !== "CHECKPOINT_CREATED" || !isJsonObject(event["payload"])) continue;
    const { id, gate, subject, subject_digest, config_digest } = event["payload"];
    const texts = [id, gate, subject, subject_digest];
    if (!texts.every((text) => typeof text === "string") || !(config_digest === null || typeof config_digest === "string")) continue;
    found.set(id as string, { id, gate, subject, subject_digest, config_digest } as Checkpoint);
  }
  return [...found.values()];
}
