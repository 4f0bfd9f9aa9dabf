import type { Artifact, Finding } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import type { Approval } from "./approvals.ts";
import type { GateOutcome } from "./gate-outcome.ts";

/** Counts of a test run. */
export interface TestReportEvidence {
  readonly total: number;
  readonly failed: number;
  readonly skipped: number;
  readonly path: string | null;
}

/** One named check and how it ended, such as a step of a build or a check before a release. */
export interface CheckEvidence {
  readonly name: string;
  readonly outcome: GateOutcome;
  readonly path: string | null;
}

/** Who approved what is under judgement. */
export interface ApprovalsEvidence {
  /** Digest of what is under judgement. */
  readonly digest: Digest;
  readonly authors: readonly string[];
  readonly records: readonly Approval[];
}

/** What documents say of themselves, and who approved them (B-45). */
export interface StatusesEvidence {
  readonly documents: readonly (Pick<Artifact, "digest" | "id" | "path" | "status"> & { readonly authors: readonly string[] })[];
  /** Approvals of the decision log. */
  readonly approvals: readonly Approval[];
}

/** An input that is there. */
export interface InputEvidence {
  readonly name: string;
  readonly path: string;
}

/** What a service answered on `/health`; `status` is null when it did not answer. */
export interface HealthEvidence {
  readonly target: string;
  readonly status: number | null;
  readonly isHealthy: boolean;
}

/** How many documents were routed, and where several routes claimed one. */
export interface RoutingEvidence {
  readonly routed: number;
  readonly conflicts: readonly { readonly path: string; readonly routes: readonly string[] }[];
}

/** What each run of a selection chose for one id. */
export interface HydrationEvidence {
  readonly id: string;
  readonly choices: readonly string[];
}

/** Planned against executed (GAT-13, GAT-17). */
export interface ParityEvidence {
  /** Capabilities before the change, and after it. */
  readonly capabilitiesBefore: readonly string[];
  readonly capabilitiesAfter: readonly string[];
  readonly plannedTasks: readonly string[];
  readonly deliveredTasks: readonly string[];
  readonly plannedTests: number;
  readonly passedTests: number;
  readonly path: string | null;
}

/** A manifest and how it compares with the files it names. */
export interface ManifestEvidence {
  readonly id: string;
  readonly path: string;
  readonly kind: "dry_run" | "sealed";
  /** Where a sealed manifest was published: its path, or the address of a registry; null when it was not. */
  readonly publishedAt: string | null;
  /** True when the signatures of a sealed manifest were verified under the trust policy. */
  readonly isVerified: boolean;
  /** The digest each entry gives, and that of the file now; null when the file is absent. */
  readonly entries: readonly { readonly path: string; readonly expected: Digest; readonly actual: Digest | null }[];
}

/** What went otherwise than planned while a plan is executed: deviations, changes of scope, exceptions (ART-15). */
export interface ChangeLogEvidence {
  readonly path: string;
  readonly changes: readonly { readonly id: string; readonly task: string; readonly kind: string }[];
}

/** The digest of a cycle. */
export interface DigestEvidence {
  readonly path: string;
  readonly isFinal: boolean;
}

/** What one module of the user's own found; `ERROR` when the policy does not trust it, or it failed (GAT-08). */
export interface CustomEvidence {
  readonly script: string;
  /** Digest of the bytes that ran; null when nothing ran. */
  readonly digest: Digest | null;
  readonly outcome: "PASS" | "FAIL" | "ERROR";
  readonly findings: readonly Finding[];
}

/** What came of one task (LIF-16). */
export interface OutcomeEvidence {
  readonly task: string;
  readonly acceptanceCriteria: readonly string[];
  /** Where it is shown that the task is done. */
  readonly evidence: readonly string[];
  readonly validation: "accepted" | "rejected" | null;
  readonly path: string | null;
  readonly line: number | null;
}

/** A key figure as defined and as measured; `value` is null while it was not measured. */
export interface KpiEvidence {
  readonly name: string;
  readonly value: number | null;
  readonly isTargetMet: boolean | null;
  readonly path: string | null;
}

/** An improvement that was taken down for the next cycle. */
export interface ImprovementEvidence {
  readonly id: string;
  readonly owner: string | null;
  readonly path: string | null;
  readonly line: number | null;
}
