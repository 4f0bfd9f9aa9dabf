import { defaultGovernance, defaultHydration, defaultThresholds, gate } from "./defaults.ts";
import type { Preset } from "./preset.ts";

/** The quality gates of seed 2 (B-18), run by name in CI; no planning cycle. Coverage is asked for by line and by branch (B-24). */
export const quality: Preset = {
  name: "quality",
  version: 1,
  title: "Quality gates",
  lifecycle: { transitions: [] },
  gates: {
    tests: gate([], [{ type: "test_report" }], "Mend the tests"),
    coverage: gate(
      [],
      [
        { type: "coverage_analyzer", minimum: 90 },
        { type: "coverage_analyzer", metric: "branches", minimum: defaultThresholds.coverageMinimumPercent },
      ],
      "Add tests until both thresholds are reached",
    ),
    performance: gate([], [{ type: "performance" }], "Find out which change made it slower, or measure more pairs"),
    security: gate([], [{ type: "security_findings" }], "Mend what was found, or ask for a waiver that expires"),
    docs: gate([], [{ type: "docs_freshness" }, { type: "provenance" }], "Bring the documentation up to date from its source"),
    environments: gate([], [{ type: "environment_segregation" }], "Take production out of the job, and give the run its own namespace"),
  },
  order: ["tests", "coverage", "performance", "security", "docs", "environments"],
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
