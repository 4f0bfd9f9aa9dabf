import { readFileSync } from "node:fs";
import * as root from "@gov/schema";
import * as canonical from "@gov/schema/canonical";
import * as documents from "@gov/schema/documents";
import * as expression from "@gov/schema/expression";
import * as findings from "@gov/schema/findings";
import * as presets from "@gov/schema/presets";
import * as reports from "@gov/schema/reports";
import { describe, expect, it } from "vitest";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

describe("@gov/schema", () => {
  it("exports exactly this", () => {
    expect(Object.keys(root).sort()).toMatchInlineSnapshot(`
      [
        "SchemaError",
        "addDuration",
        "artifactStatuses",
        "checkDocument",
        "checkDocuments",
        "checkWorkItems",
        "compareFindings",
        "compileGlobs",
        "compileUserSchema",
        "createKindRegistry",
        "crossCheck",
        "datedId",
        "defaultDocuments",
        "defaultReadLimits",
        "defaultRules",
        "detectKinds",
        "digestShapes",
        "editFrontMatter",
        "editYaml",
        "emitDigest",
        "emitManifestWire",
        "findPathCollisions",
        "govConfigFiles",
        "idShapeOf",
        "idShapes",
        "isJsonObject",
        "isSchemaError",
        "manifestShapes",
        "migrateDocument",
        "normalizePath",
        "normalizeTags",
        "parseArtifact",
        "parseChecklist",
        "parseCoverageSummary",
        "parseDigest",
        "parseDocument",
        "parseDuration",
        "parseGovConfig",
        "parseIssueList",
        "parseManifestWire",
        "parsePlan",
        "parseStoryMap",
        "planMigration",
        "readTraceTasks",
        "readWorkItems",
        "registryFromConfig",
        "resolveRulebook",
        "ruleKinds",
        "rulebookHash",
        "schemaErrorCodes",
        "schemaFindingCodes",
        "schemaMigrations",
        "severities",
        "shippedKinds",
        "shippedVersions",
        "storySections",
        "summarizeFindings",
        "thresholdsInForce",
        "toJson",
        "traceTasks",
        "validateKind",
        "workItemStatuses",
        "workItemTypes",
      ]
    `);
  });

  it("has one error class, with a literal name, closed codes and a guard", () => {
    const errors = [root, canonical, documents, expression, findings, presets, reports]
      .flatMap((entry) => Object.values(entry) as unknown[])
      .filter((value) => typeof value === "function" && value.prototype instanceof Error);
    expect(errors).toEqual([root.SchemaError]);
    for (const code of root.schemaErrorCodes) {
      const error = new root.SchemaError(code, "Cannot");
      expect([error.name, error.code, root.isSchemaError(error)]).toEqual(["SchemaError", code, true]);
    }
  });

  it("explains every code in the README, and no other", () => {
    const explained = [...readme.matchAll(/^\| `(SCHEMA_[A-Z0-9_]+)` +\|/gm)].map((match) => match[1]);
    expect(explained.sort()).toEqual([...root.schemaErrorCodes, ...root.schemaFindingCodes].sort());
  });

  it("names every export of the main entries in the README", () => {
    const names = [root, canonical, expression, findings, presets, reports].flatMap((entry) => Object.keys(entry));
    expect(names.filter((name) => !new RegExp(`\`${name}\\b`).test(readme))).toEqual([]);
  });
});

describe("@gov/schema/canonical", () => {
  it("exports exactly this", () => {
    expect(Object.keys(canonical).sort()).toMatchInlineSnapshot(`
      [
        "canonicalJson",
        "contentId",
        "digestBytes",
        "digestJson",
        "envelopeHash",
        "isDigest",
        "maxCanonicalDepth",
        "parseCanonicalJson",
        "stableJson",
      ]
    `);
  });
});

describe("@gov/schema/documents", () => {
  it("exports exactly this", () => {
    expect(Object.keys(documents).sort()).toMatchInlineSnapshot(`
      [
        "acceptanceCriteriaV1",
        "approvalV1",
        "approvalsV1",
        "artifactDigestsV1",
        "artifactMetadataV1",
        "artifactRoutingDocumentV1",
        "artifactRoutingV1",
        "artifactSchemaDocumentV1",
        "artifactSchemaV1",
        "artifactSyncRulesDocumentV1",
        "artifactSyncRulesV1",
        "artifactsIndexV1",
        "backlogTaskV1",
        "beBacklogV1",
        "checklistV1",
        "contractStates",
        "cycleIdV1",
        "dateOrTimestampV1",
        "decisionEntryV1",
        "decisionTypes",
        "dependencyContractV1",
        "dependencyContractsV1",
        "digestV1",
        "documentSchemas",
        "durationV1",
        "durationsSlaV1",
        "embeddedMetadataV1",
        "errorDiagnosticV1",
        "executionChangeLogV1",
        "feTaskBreakdownV1",
        "feTaskV1",
        "featureFlagsV1",
        "findingSeverities",
        "findingV1",
        "frameworkContractDocumentV1",
        "frameworkContractV1",
        "freezeCalendarV1",
        "gateConfigDocumentV1",
        "gateConfigV1",
        "gateOutcomes",
        "govConfigV1",
        "governanceConfigV1",
        "governanceRuleV1",
        "governanceTagV1",
        "handoffManifestC11V1",
        "handoffManifestC22FlatV1",
        "handoffManifestC22V1",
        "handoffManifestV1",
        "hydrationRulesDocumentV1",
        "hydrationRulesV1",
        "idV1",
        "improvementActionV1",
        "improvementActionsV1",
        "isolationConfigV1",
        "issueListV1",
        "issueSeverities",
        "issueV1",
        "kindConfigV1",
        "kpiConfigV1",
        "kpiConfigV2",
        "kpiDirections",
        "kpiV1",
        "kpiV2",
        "lifecycleEvents",
        "lifecycleStates",
        "monitoringConfigV1",
        "percentV1",
        "planSections",
        "planV1",
        "planningEventV1",
        "planningRequestV1",
        "playbookV1",
        "promotionRulesDocumentV1",
        "promotionRulesV1",
        "rbacPolicyDocumentV1",
        "rbacPolicyV1",
        "recoverySteps",
        "riskLevels",
        "riskRegisterV1",
        "rollbackSteps",
        "rollbackTriggers",
        "routeMatchV1",
        "routeV1",
        "ruleDocument",
        "rulebookDocumentV1",
        "rulebookV1",
        "schemaNameV1",
        "sealingAlgorithms",
        "sealingConfigV1",
        "sha256V1",
        "snapshotV1",
        "stagingEnvV1",
        "storyMapV1",
        "teamCapacityV1",
        "telemetryEventV1",
        "textV1",
        "timestampV1",
        "trustPolicyV1",
        "verificationFindingsV1",
        "verificationSummaryV1",
        "waiverDbV1",
        "waiverV1",
        "writeModes",
      ]
    `);
  });
});

describe("@gov/schema/expression", () => {
  it("exports exactly this", () => {
    expect(Object.keys(expression).sort()).toMatchInlineSnapshot(`
      [
        "coerceTags",
        "compileCondition",
        "compileExpression",
        "compileFormula",
        "maxExpressionCost",
        "maxExpressionLength",
      ]
    `);
  });
});

describe("@gov/schema/findings", () => {
  it("exports exactly this", () => {
    expect(Object.keys(findings).sort()).toMatchInlineSnapshot(`
      [
        "applySeverities",
        "compareWithBaseline",
        "createBaseline",
        "fingerprintFindings",
        "parseBaseline",
        "renderAnnotations",
        "renderJunit",
        "renderMarkdown",
        "renderSarif",
        "sarifLimits",
      ]
    `);
  });
});

describe("@gov/schema/presets", () => {
  it("exports exactly this", () => {
    expect(Object.keys(presets).sort()).toMatchInlineSnapshot(`
      [
        "isPresetName",
        "presetNames",
        "presets",
      ]
    `);
  });
});

describe("@gov/schema/reports", () => {
  it("exports exactly this", () => {
    expect(Object.keys(reports).sort()).toMatchInlineSnapshot(`
      [
        "issueLevels",
        "parseCobertura",
        "parseCoverageSummary",
        "parseIssueList",
        "parseIstanbul",
        "parseJunit",
        "parseLcov",
        "parseSarif",
        "parseTrivy",
        "reportLimits",
      ]
    `);
  });
});
