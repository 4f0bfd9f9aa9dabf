import { defaultGovernance, defaultHydration, defaultThresholds, gate } from "./defaults.ts";
import type { Preset } from "./preset.ts";

/** The eight gates of the delivery pipeline in their order (GAT-23); Core is the first four, Extended all (B-36). No planning cycle. */
export const pipeline: Preset = {
  name: "pipeline",
  version: 1,
  title: "Delivery pipeline",
  lifecycle: { transitions: [] },
  gates: {
    backlog: gate([], [{ type: "json_schema" }, { type: "references" }], "Correct the backlog"),
    plan: gate(
      [],
      [{ type: "dependency_graph", max_depth: defaultThresholds.dependencyMaxDepth }, { type: "contracts" }],
      "Correct the dependencies of the plan",
    ),
    gen_code: gate([], [{ type: "build_report" }], "Mend the build"),
    test: gate(
      [],
      [{ type: "coverage_analyzer", minimum: defaultThresholds.coverageMinimumPercent }, { type: "test_report" }],
      "Mend the tests",
    ),
    audit: gate([], [{ type: "routing_conflicts" }], "Make one route more specific"),
    peer_review: gate([], [{ type: "approvals" }], "Have somebody else review it"),
    synthesis: gate([], [{ type: "inputs_present" }, { type: "plan_consistency" }], "Provide the inputs, and correct the plan"),
    deploy: gate([], [{ type: "manifest_unchanged" }, { type: "health_check" }], "Roll back to the last checkpoint"),
  },
  order: ["backlog", "plan", "gen_code", "test", "audit", "peer_review", "synthesis", "deploy"],
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
