import { readFileSync } from "node:fs";
import * as root from "@gov/hydration";
import * as drift from "@gov/hydration/drift";
import * as routing from "@gov/hydration/routing";
import { describe, expect, it } from "vitest";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

describe("the public surface", () => {
  it("is exactly these names", () => {
    expect(Object.keys(root).sort()).toEqual([
      "artifactsOfFramework",
      "checkContract",
      "compareCandidates",
      "compareSentinelRuns",
      "explainSelection",
      "frameworkAliases",
      "groupCandidates",
      "hydrationEventNames",
      "hydrationFindingCodes",
      "runSentinel",
      "selectAll",
      "selectArtifact",
      "selectWinners",
      "selectionEvents",
      "sentinelInputs",
    ]);
    expect(Object.keys(drift).sort()).toEqual([
      "diffRouting",
      "evaluateDrift",
      "parseRoutingBaseline",
      "planBaselineSync",
      "renderRoutingBaseline",
      "resolveEffectiveRouting",
      "routingBaselineFile",
    ]);
    expect(Object.keys(routing).sort()).toEqual([
      "builtInParameters",
      "checkPlacement",
      "checkRouting",
      "compileRoutes",
      "dryRunHydration",
      "findRouteConflicts",
      "findRouteRisks",
      "layoutParameters",
      "matchPath",
      "planReapplication",
      "planRuleRollback",
      "routeAll",
      "routeArtifact",
      "toRouteSubject",
    ]);
  });

  it("names every code with its prefix, in order, and explains it in the README", () => {
    const codes: readonly string[] = root.hydrationFindingCodes;
    expect(codes).toEqual([...new Set(codes)].sort());
    for (const code of codes) {
      expect(code).toMatch(/^HYDRATION_[A-Z_]+$/);
      expect(readme).toContain(`| \`${code}\``);
    }
  });

  it("says in the README what each function is for", () => {
    for (const name of [...Object.keys(root), ...Object.keys(routing), ...Object.keys(drift)]) expect(readme).toContain(`\`${name}`);
  });
});
