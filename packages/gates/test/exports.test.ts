import { readFileSync } from "node:fs";
import * as root from "@gov/gates";
import * as lifecycle from "@gov/gates/lifecycle";
import * as plan from "@gov/gates/plan";
import * as waivers from "@gov/gates/waivers";
import * as rbac from "@gov/gates/rbac";
import * as enforcement from "@gov/gates/enforcement";
import * as governance from "@gov/gates/governance";
import * as validators from "@gov/gates/validators";
import { describe, expect, it } from "vitest";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

describe("the public surface", () => {
  it("is exactly these names", () => {
    expect(Object.keys(root).sort()).toEqual([
      "canonicalGateName",
      "changeLogOf",
      "changeTypes",
      "checkpointEntries",
      "collectEvidence",
      "comparePerformance",
      "contractsOf",
      "countTasks",
      "countingApprovers",
      "createCircuitBreaker",
      "createEvidenceCache",
      "customReader",
      "customScripts",
      "evaluateGates",
      "evaluatePipeline",
      "evidenceParts",
      "evidenceSources",
      "explainReport",
      "foldApprovals",
      "foldCheckpoints",
      "gateConfigDigest",
      "gateOutcomes",
      "gateResults",
      "gatesFindingCodes",
      "healthReader",
      "isApprovalGiven",
      "isPassing",
      "neededParts",
      "outcomesOf",
      "parseGateOutcome",
      "pipelineOrders",
      "planApproval",
      "planChange",
      "planCheckpoints",
      "requiredGates",
      "securitySeverities",
      "subjectDigest",
      "tasksOf",
      "testResultStatement",
      "verificationSummaryStatement",
      "worstOutcome",
    ]);
    expect(Object.keys(lifecycle).sort()).toEqual([
      "createPlan",
      "criticalTransitions",
      "eventFor",
      "exitCriteria",
      "explainState",
      "findEdge",
      "foldCycle",
      "gatesBefore",
      "initialState",
      "isLifecycleEntry",
      "isStepTowards",
      "lifecycleDiagram",
      "planTransition",
      "restoreCycle",
      "snapshotCycle",
      "stateMeanings",
      "transitionGates",
    ]);
    expect(Object.keys(plan).sort()).toEqual([
      "checklistOf",
      "evaluatePhases",
      "expandIds",
      "governancePhases",
      "lintChecklist",
      "lintPlan",
      "lintPlanText",
      "lintSpecPlan",
      "phaseFactsOf",
      "pipelinePhases",
      "planFields",
      "planOf",
      "unansweredItems",
    ]);
    expect(Object.keys(waivers).sort()).toEqual([
      "applyWaivers",
      "findingFingerprint",
      "foldWaivers",
      "importTrivyignore",
      "isWaiver",
      "isWaiverEntry",
      "judgeWaiver",
      "planRevocation",
      "planWaiver",
      "proveWaivers",
      "verifyWaivers",
      "waiverDatabase",
      "waiverGranted",
      "waiverPolicyOf",
      "waiverRevoked",
      "waiverStates",
    ]);
    expect(Object.keys(rbac).sort()).toEqual([
      "accessDenied",
      "accessPolicyOf",
      "authorize",
      "authorizeObserved",
      "checkRbac",
      "proveActor",
    ]);
    expect(Object.keys(enforcement).sort()).toEqual([
      "consecutiveGreens",
      "effectiveMode",
      "enforceReport",
      "enforcementModes",
      "findPlainWrites",
      "foldModes",
      "isModeChanged",
      "modeOf",
      "modesInForce",
      "parseCiRuns",
      "parseEnforcementMode",
      "planModeChange",
      "planPlannerBypass",
      "sourceGlobs",
    ]);
    expect(Object.keys(governance).sort()).toEqual([
      "compileGovernance",
      "complianceChecklist",
      "dueEntryTypes",
      "evaluateFlag",
      "evaluateGovernance",
      "governanceRules",
      "governedSubjectOf",
      "planDue",
      "renderComplianceChecklist",
      "requirementHandlers",
      "simulatePolicy",
      "statusWithoutApproval",
    ]);
    expect(Object.keys(validators).sort()).toEqual([
      "approvals",
      "approvedStatus",
      "buildReport",
      "builtInValidators",
      "contractFindings",
      "contracts",
      "coverageAnalyzer",
      "criticalViolations",
      "criticalZero",
      "custom",
      "defaultRoleOrder",
      "dependencyGraph",
      "docsFreshness",
      "environmentSegregation",
      "frameworkContract",
      "handoffDryRun",
      "healthCheck",
      "hydrationDeterminism",
      "improvementCaptured",
      "inputsPresent",
      "jsonSchema",
      "kpiMeasurement",
      "manifestPrecheck",
      "manifestUnchanged",
      "outcomeValidation",
      "pairedPerformance",
      "parityChecker",
      "planConsistency",
      "provenance",
      "references",
      "releaseReadiness",
      "resourceValidator",
      "retroSignatures",
      "roleOrder",
      "roleOrderProblem",
      "routingConflicts",
      "securityFindings",
      "storyParity",
      "testReport",
      "timelineChecker",
      "yamlLint",
    ]);
  });

  it("registers each validator under its own type, and names it in the README", () => {
    expect([...validators.builtInValidators].map(([type, validator]) => [type, validator.type])).toEqual(
      [...validators.builtInValidators.keys()].sort().map((type) => [type, type]),
    );
    for (const type of validators.builtInValidators.keys()) expect(readme).toContain(`\`${type}\``);
  });

  it("names every code with its prefix, in order, and explains it in the README", () => {
    const codes: readonly string[] = root.gatesFindingCodes;
    expect(codes).toEqual([...new Set(codes)].sort());
    for (const code of codes) {
      expect(code).toMatch(/^GATES_[A-Z_]+$/);
      expect(readme).toContain(`| \`${code}\``);
    }
  });

  it("says in the README what each function is for", () => {
    for (const name of [root, lifecycle, plan, waivers, rbac, enforcement, governance, validators].flatMap((entry) => Object.keys(entry)))
      expect(readme).toContain(`\`${name}`);
  });
});
