import type { ChangeFreeze, FeatureFlag, Tag } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import type { Approval } from "../approvals.ts";
import type { GovernanceRules } from "./compile-governance.ts";

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
  /** Stream it belongs to, which a freeze may name; null when nobody said, and then every freeze of a stream covers it. */
  readonly stream?: string | null | undefined;
  /** The freezes of `freeze_calendar.yaml`. */
  readonly freezes: readonly ChangeFreeze[];
}

/** What is governed, and by which rules. */
export interface GovernedEvidence {
  readonly rules: GovernanceRules;
  /** Flags by which rules are rolled out. @default none */
  readonly flags?: Readonly<Record<string, FeatureFlag>> | undefined;
  readonly subjects: readonly GovernedSubject[];
}
