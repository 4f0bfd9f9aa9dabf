import type { Finding, GateConfig } from "@gov/schema";
import type { Evidence, EvidencePart } from "../evidence.ts";
import type { GateOutcome } from "../gate-outcome.ts";

/** The configuration of one validator in a gate: its `type` and its options (GAT-05). */
export type ValidatorConfig = GateConfig["validators"][number];

/** What a validator concludes. Waiving is not a validator's to decide. */
export interface ValidatorVerdict {
  readonly outcome: Exclude<GateOutcome, "WAIVED">;
  readonly findings: readonly Finding[];
}

/** One kind of check, pure: the same configuration and evidence give the same verdict. */
export interface Validator {
  /** The name gates use in their `validators[].type`. */
  readonly type: string;
  /** Options it understands besides `type`; any other is refused, so that a misspelt one cannot weaken a gate. */
  readonly options: readonly string[];
  /** Parts without which it cannot judge; it is not asked when one is missing, the gate fails. */
  readonly needs: (config: ValidatorConfig) => readonly EvidencePart[];
  readonly evaluate: (config: ValidatorConfig, evidence: Evidence) => ValidatorVerdict;
}
