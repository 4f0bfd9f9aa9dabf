import type { Finding } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import type { EvidenceSource } from "./evidence.ts";
import type { GateOutcome } from "./gate-outcome.ts";
import type { GateTrigger } from "./select-gates.ts";

/** What one validator of a gate concluded. */
export interface ValidatorResult {
  readonly type: string;
  readonly outcome: GateOutcome;
  /** In the order of reports: path, line, column, code, message. */
  readonly findings: readonly Finding[];
}

/** What one gate concluded, and on which evidence. */
export interface GateResult {
  readonly name: string;
  /** The worst outcome of its validators. */
  readonly outcome: GateOutcome;
  /** Digest of the gate's configuration; null for a gate that is not configured. A report made under other rules does not count. */
  readonly configDigest: Digest | null;
  /** In the order of the configuration. */
  readonly validators: readonly ValidatorResult[];
  /** Findings about the gate itself, such as a configuration without validators. */
  readonly findings: readonly Finding[];
  /** The files its validators looked at, by path. */
  readonly evidence: readonly EvidenceSource[];
  /** What the configuration asks for now that the gate did not pass; null when it passed or asks for nothing (GAT-21). */
  readonly failureAction: string | null;
}

/** The outcome of some gates on one body of evidence; the same input gives the same bytes (GAT-01). */
export interface GateReport {
  readonly subject: { readonly id: string; readonly digest: Digest };
  /** The edge the gates were run for; null when they were named, or all run. */
  readonly transition: GateTrigger | null;
  /** The worst outcome; `SKIPPED` when no gate ran. */
  readonly outcome: GateOutcome;
  /** By name, by code unit. */
  readonly gates: readonly GateResult[];
  /** Every different finding of every gate, in the order of reports. */
  readonly findings: readonly Finding[];
}

/** The outcomes as events and manifests carry them: `{ schema_lint: "PASS" }` (GAT-22). */
export function gateResults(report: GateReport): Readonly<Record<string, GateOutcome>> {
  return Object.fromEntries(report.gates.map(({ name, outcome }) => [name, outcome]));
}
