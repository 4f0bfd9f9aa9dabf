import { readFileSync } from "node:fs";
import * as telemetry from "@gov/telemetry";
import * as audit from "@gov/telemetry/audit";
import * as digest from "@gov/telemetry/digest";
import * as redact from "@gov/telemetry/redact";
import * as metrics from "@gov/telemetry/metrics";
import * as alerts from "@gov/telemetry/alerts";
import * as kpi from "@gov/telemetry/kpi";
import * as otel from "@gov/telemetry/otel";
import * as performance from "@gov/telemetry/performance";
import * as postgres from "@gov/telemetry/postgres";
import * as testing from "@gov/telemetry/testing";
import { describe, expect, it } from "vitest";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

describe("exports", () => {
  it("of the root are exactly these", () => {
    expect(Object.keys(telemetry).sort()).toEqual([
      "TelemetryError",
      "compareLamport",
      "correlationHeader",
      "correlationHeaders",
      "createCorrelationId",
      "createEvent",
      "createHybridClock",
      "createPlanningEvent",
      "createTransitionEvent",
      "eventVersion",
      "formatLocal",
      "formatUtc",
      "hasConsistentTimes",
      "isCorrelationId",
      "isTelemetryError",
      "localOffsetMinutes",
      "nodeClock",
      "nodeRandomBytes",
      "parseTime",
      "planningEventTypes",
      "readCorrelationId",
      "telemetryErrorCodes",
      "telemetryFindingCodes",
      "traceParentHeader",
    ]);
  });

  it("of ./audit are exactly these", () => {
    expect(Object.keys(audit).sort()).toEqual([
      "archiveAuditLog",
      "auditEntryVersion",
      "chainTo",
      "checkpointAt",
      "checkpointPayloadType",
      "foldEntries",
      "holdsEntryProof",
      "holdsExtensionProof",
      "isSealedData",
      "joinAuditLog",
      "listAuditArchives",
      "matchesQuery",
      "maxEntryLength",
      "merkleRoot",
      "openAuditJournal",
      "openAuditLog",
      "openPersonalData",
      "openSubjectKeys",
      "orderEntries",
      "planAuditArchive",
      "planAuditJoin",
      "proveConsistency",
      "proveEntry",
      "proveExtension",
      "proveInclusion",
      "readAuditLog",
      "sealPersonalData",
      "signCheckpoint",
      "toAuditInput",
      "verifyAuditFile",
      "verifyAuditJournal",
      "verifyAuditLog",
      "verifyCheckpoint",
      "verifyConsistency",
      "verifyInclusion",
    ]);
  });

  it("of ./redact are exactly these", () => {
    expect(Object.keys(redact).sort()).toEqual(["createRedactor", "detectorNames", "isSecretKey"]);
  });

  it("of ./metrics are exactly these", () => {
    expect(Object.keys(metrics).sort()).toEqual([
      "createMetrics",
      "defaultBuckets",
      "ecsVersion",
      "formatLogLine",
      "lintLogRecord",
      "logLevels",
      "metricSets",
      "overflowLabel",
      "renderOpenMetrics",
      "renderPrometheus",
      "shippedMetrics",
    ]);
  });

  it("of ./alerts are exactly these", () => {
    expect(Object.keys(alerts).sort()).toEqual([
      "alertEventsMetric",
      "alertsWithThresholds",
      "createAlerts",
      "defaultHoldMs",
      "enforcementModes",
      "renderAlertRules",
      "shippedAlerts",
    ]);
  });

  it("of ./kpi are exactly these", () => {
    expect(Object.keys(kpi).sort()).toEqual([
      "doraInputs",
      "evaluateKpis",
      "findKpi",
      "holdsKpiRecord",
      "inputAliases",
      "kpiSets",
      "renderKpiRecord",
      "shippedKpis",
      "trendCycles",
      "trendOf",
    ]);
  });

  it("of ./otel are exactly these", () => {
    expect(Object.keys(otel).sort()).toEqual(["createSpanObserver", "createSpans", "exportMetrics"]);
  });

  it("of ./performance are exactly these", () => {
    expect(Object.keys(performance).sort()).toEqual([
      "baselineWindow",
      "burnRateLimits",
      "describeHardware",
      "evaluateDurations",
      "evaluatePerformance",
      "evaluateSlo",
      "incidentOutcomes",
      "meanHoursToRecovery",
      "measuredDurations",
      "nodeMachine",
      "profileDifferences",
      "shippedSlos",
      "slowestTests",
      "summarizeSamples",
    ]);
  });

  it("of ./postgres are exactly these", () => {
    expect(Object.keys(postgres).sort()).toEqual(["auditTableSql", "openAuditTable", "verifyAuditTable"]);
  });

  it("of ./testing are exactly these", () => {
    expect(Object.keys(testing).sort()).toEqual(["auditLogConformance"]);
  });

  it("of ./digest are exactly these", () => {
    expect(Object.keys(digest).sort()).toEqual([
      "bodyHashLabel",
      "digestBodyHash",
      "findAnomalies",
      "holdsDigestBody",
      "improvementActions",
      "percentOf",
      "planDigest",
      "renderDigest",
      "toDigestKpi",
      "verificationHeading",
    ]);
  });
});

describe("TelemetryError", () => {
  it("has a name, a code and a guard that also knows the error of another copy", () => {
    const cause = new Error("cause");
    const error = new telemetry.TelemetryError("TELEMETRY_CLOCK_DRIFT", "Cannot", { cause, hint: "do", details: { a: 1 } });
    expect(error).toMatchObject({ name: "TelemetryError", code: "TELEMETRY_CLOCK_DRIFT", hint: "do", details: { a: 1 }, cause });
    expect(new telemetry.TelemetryError("TELEMETRY_CLOCK_DRIFT", "Cannot")).toMatchObject({ details: {}, hint: undefined });
    expect(telemetry.isTelemetryError(Object.assign(new Error("x"), { name: "TelemetryError", code: "TELEMETRY_CLOCK_DRIFT" }))).toBe(true);
    for (const other of [null, new Error("x"), Object.assign(new Error("x"), { name: "TelemetryError", code: "OTHER" })])
      expect(telemetry.isTelemetryError(other)).toBe(false);
  });

  it("has every code in the README, and so has every finding", () => {
    const codes = [...telemetry.telemetryErrorCodes, ...telemetry.telemetryFindingCodes];
    expect(codes.filter((code) => !readme.includes(`| \`${code}\` `))).toEqual([]);
  });
});
