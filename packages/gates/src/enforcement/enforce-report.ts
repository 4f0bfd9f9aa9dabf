import type { Digest } from "@gov/schema/canonical";
import { type GateOutcome, isPassing } from "../gate-outcome.ts";
import type { GateReport } from "../gate-report.ts";
import type { EnforcementMode } from "./enforcement-mode.ts";
import { type EnforcementModes, modeOf } from "./mode-log.ts";

/** What one gate does under its mode. */
export interface EnforcedGate {
  readonly gate: string;
  readonly outcome: GateOutcome;
  readonly mode: EnforcementMode;
  readonly isBlocking: boolean;
}

/** An entry of the decision log: what a gate in shadow would have done, so that escalating is decided on facts. */
export type ShadowVerdict = {
  readonly type: "SHADOW_VERDICT";
  readonly payload: {
    readonly gate: string;
    readonly outcome: GateOutcome;
    readonly wouldBlock: boolean;
    readonly subject: string;
    readonly subject_digest: Digest;
  };
};

/** A report under the modes in force. */
export interface EnforcedReport {
  readonly isBlocking: boolean;
  /** By name, by code unit. */
  readonly gates: readonly EnforcedGate[];
  /** To append: one per gate in shadow. */
  readonly entries: readonly ShadowVerdict[];
}

/**
 * Says what a report, after waivers, does under the modes in force (GOV-15): `solo` and `shadow` never block, and `shadow` stores its
 * verdict; `soft_block` blocks what neither passes nor is waived; `hard_block` blocks what does not pass, waived or not. Modes loosen and
 * tighten what somebody decided on: while nobody has, `modes` is null, and what neither passes nor is waived blocks.
 */
export function enforceReport(report: GateReport, modes: EnforcementModes | null): EnforcedReport {
  const gates = report.gates.map(({ name, outcome }): EnforcedGate => {
    const mode = modes === null ? "soft_block" : modeOf(modes, name);
    const isBlocking = (mode === "soft_block" && !isPassing(outcome)) || (mode === "hard_block" && outcome !== "PASS");
    return { gate: name, outcome, mode, isBlocking };
  });
  const { id, digest } = report.subject;
  return {
    isBlocking: gates.some(({ isBlocking }) => isBlocking),
    gates,
    entries: gates
      .filter(({ mode }) => mode === "shadow")
      .map(({ gate, outcome }) => ({
        type: "SHADOW_VERDICT",
        payload: { gate, outcome, wouldBlock: !isPassing(outcome), subject: id, subject_digest: digest },
      })),
  };
}
