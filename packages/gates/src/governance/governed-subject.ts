import type { Tag } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import type { Approval } from "../approvals.ts";
import type { GovernanceRules } from "./compile-governance.ts";

/** A time in which nothing may change; both ends are ISO 8601 and included. */
export interface ChangeFreeze {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** What governance rules look at: one plan or change, with what was done for it. */
export interface GovernedSubject {
  readonly id: string;
  readonly path: string | null;
  readonly tags: readonly Tag[];
  /** Digest that approvals must be bound to. */
  readonly digest: Digest;
  readonly authors: readonly string[];
  readonly approvals: readonly Approval[];
  readonly emergencyContact: string | null;
  /** Path of the rollback plan; null without one. */
  readonly rollbackPlan: string | null;
  readonly auditTrail: "none" | "standard" | "enhanced";
  /** Standards its documentation was checked against. */
  readonly documentation: readonly string[];
  /** When the change is to happen, ISO 8601; null when nobody said. */
  readonly scheduledFor: string | null;
  readonly freezes: readonly ChangeFreeze[];
}

/** What is governed, and by which rules. */
export interface GovernedEvidence {
  readonly rules: GovernanceRules;
  readonly subjects: readonly GovernedSubject[];
}
