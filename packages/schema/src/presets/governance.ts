import { defaultGovernance, defaultHydration, defaultThresholds, gate } from "./defaults.ts";
import type { Preset } from "./preset.ts";

/** The three governance gates of seed 0 (GAT-02..04), run by name; no planning cycle. */
export const governance: Preset = {
  name: "governance",
  version: 1,
  title: "Governance gates",
  lifecycle: { transitions: [] },
  gates: {
    audit_gate: gate([], [{ type: "json_schema" }, { type: "routing_conflicts" }]),
    verification_gate: gate([], [{ type: "references" }, { type: "hydration_determinism" }]),
    synthesis_gate: gate([], [{ type: "inputs_present" }, { type: "plan_consistency" }]),
  },
  order: ["audit_gate", "verification_gate", "synthesis_gate"],
  criticalZero: [],
  seal: null,
  overridePolicy: "waiver",
  layout: null,
  thresholds: defaultThresholds,
  hydration: defaultHydration,
  governance: defaultGovernance,
  kpis: {},
  workItemFields: [],
  frontMatter: "optional",
};
