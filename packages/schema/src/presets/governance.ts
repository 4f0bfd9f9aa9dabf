import { defaultGovernance, defaultHydration, defaultThresholds, gate } from "./defaults.ts";
import type { Preset } from "./preset.ts";

/** The three governance gates of seed 0 (GAT-02..04), run by name; no planning cycle. */
export const governance: Preset = {
  name: "governance",
  version: 1,
  title: "Governance gates",
  lifecycle: { transitions: [] },
  gates: {
    audit_gate: gate([], [{ type: "json_schema" }, { type: "routing_conflicts" }], "Correct the documents and routes that are named"),
    verification_gate: gate(
      [],
      [{ type: "references" }, { type: "hydration_determinism" }],
      "Correct the references, and make the selection repeatable",
    ),
    synthesis_gate: gate([], [{ type: "inputs_present" }, { type: "plan_consistency" }], "Provide the inputs, and correct the plan"),
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
