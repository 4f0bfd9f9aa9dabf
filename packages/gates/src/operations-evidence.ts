import type { ContractSpec, LifecycleState } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import type { PerformancePair } from "./performance/compare-performance.ts";
import type { GateConfigs } from "./select-gates.ts";

/** The text of a YAML document, for checks of how it is written. */
export interface TextEvidence {
  readonly path: string;
  readonly text: string;
}

/** When work is planned; `start` and `end` are ISO 8601 dates, both included. */
export interface ScheduleEvidence {
  /** First day of the plan. */
  readonly from: string;
  readonly items: readonly {
    readonly id: string;
    readonly start: string;
    readonly end: string;
    /** Who works on it alone; null when anybody may. */
    readonly owner: string | null;
    readonly dependencies: readonly string[];
    readonly path: string;
    readonly line: number | null;
  }[];
}

/** What people can do, and what they were given, in points. */
export interface CapacityEvidence {
  /** Name of the capacity model. */
  readonly model: string;
  readonly available: readonly { readonly owner: string; readonly points: number }[];
  readonly assigned: readonly { readonly task: string; readonly owner: string; readonly points: number }[];
  readonly path: string | null;
}

/** When public interfaces changed, and their documentation after them; times are ISO 8601. */
export interface DocsEvidence {
  /** The time of the judgement. */
  readonly asOf: string;
  readonly pages: readonly { readonly path: string; readonly changedAt: string; readonly documentedAt: string | null }[];
}

/** Where a page came from. */
export interface ProvenanceEvidence {
  readonly path: string;
  /** The commit or document it was made from; null when nobody says. */
  readonly source: string | null;
  /** The digest its provenance gives; null without one. */
  readonly expected: Digest | null;
  readonly actual: Digest;
}

/** Severities of security findings, worst first; what a scanner cannot weigh is `unknown`. */
export const securitySeverities = ["critical", "high", "medium", "low", "unknown"] as const;

/** What a scan looked at and found. */
export interface SecurityEvidence {
  /** How many packages, images or files were scanned. */
  readonly scanned: number;
  readonly findings: readonly {
    /** The rule or vulnerability, such as `CVE-2026-1234`. */
    readonly id: string;
    readonly severity: (typeof securitySeverities)[number];
    /** What it is in, such as `left-pad@1.0.0`. */
    readonly target: string;
    readonly path: string | null;
  }[];
}

/** The jobs of one run, and what they reach. */
export interface EnvironmentsEvidence {
  /** Id of the run; every namespace of the run carries it. */
  readonly runId: string;
  readonly jobs: readonly {
    readonly name: string;
    readonly environment: string;
    readonly selectors: readonly string[];
    readonly namespace: string | null;
  }[];
  /** Selectors that reach production; matched exactly. */
  readonly productionSelectors: readonly string[];
}

/** The contract of a framework, and what is in force. */
export interface FrameworkEvidence {
  readonly contract: ContractSpec;
  readonly states: readonly LifecycleState[];
  readonly gates: GateConfigs;
}

/** Which roles are done, and which is about to begin. */
export interface RolesEvidence {
  readonly done: readonly string[];
  readonly next: string;
}

/** One measurement against its baseline, and the baseline against itself. */
export interface PerformanceEvidence {
  readonly name: string;
  readonly pairs: readonly PerformancePair[];
  /** The A/A control: both sides are the baseline. */
  readonly control: readonly PerformancePair[];
  readonly path: string | null;
}
