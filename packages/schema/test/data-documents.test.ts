import { checkDocument, createKindRegistry, type JsonObject, shippedKinds, validateKind } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { dataSamples } from "./document-samples-data.ts";

function withChange(kind: string, change: (document: Record<string, unknown>) => void): readonly string[] {
  const document = structuredClone(dataSamples[kind]) as Record<string, unknown>;
  change(document);
  return (validateKind(kind, document as JsonObject) ?? []).map((issue) => issue.pointer);
}

describe("validateKind()", () => {
  it("takes the configurations of the sources word for word, which carry neither version nor metadata (MAN-10, GOV-01, KPI-08)", () => {
    for (const kind of ["gate_config", "governance_config", "sealing_config", "kpi_config"]) {
      const { version, metadata, ...bare } = dataSamples[kind] as JsonObject;
      expect([typeof version, typeof metadata]).toEqual(["string", "object"]);
      expect(validateKind(kind, bare), kind).toEqual([]);
    }
  });

  it("refuses what each kind is there to refuse", () => {
    const waiver = (document: Record<string, unknown>): Record<string, unknown> =>
      (document["waivers"] as Record<string, unknown>[])[0] as Record<string, unknown>;
    expect(withChange("waiver_db", (document) => delete waiver(document)["expires_at"])).toEqual(["/waivers/0"]);
    expect(withChange("waiver_db", (document) => (waiver(document)["expires_at"] = "soon"))).toEqual(["/waivers/0/expires_at"]);
    expect(withChange("waiver_db", (document) => delete waiver(document)["reason"])).toEqual(["/waivers/0"]);
    expect(
      withChange(
        "execution_change_log",
        (document) => delete ((document["changes"] as Record<string, unknown>[])[2] as Record<string, unknown>)["approved_by"],
      ),
    ).not.toEqual([]);
    expect(
      withChange(
        "execution_change_log",
        (document) => delete ((document["changes"] as Record<string, unknown>[])[0] as Record<string, unknown>)["task_id"],
      ),
    ).not.toEqual([]);
    expect(withChange("improvement_actions", (document) => (document["actions"] = [{ action: "x", owner: "ann", due: "Friday" }]))).toEqual(
      ["/actions/0/due"],
    );
    expect(
      withChange("durations_sla", (document) => (document["top"] = Array.from({ length: 11 }, () => ({ name: "x", max: "1s" })))),
    ).toEqual(["/top"]);
    expect(withChange("durations_sla", (document) => (document["thresholds"] = { lint: "quickly" }))).toEqual(["/thresholds/lint"]);
    expect(withChange("isolation_config", (document) => ((document["isolation"] as Record<string, unknown>)["ephemeral"] = false))).toEqual(
      ["/isolation/ephemeral"],
    );
    expect(withChange("staging_env", (document) => (document["environment"] = "production"))).toEqual(["/environment"]);
    expect(
      withChange(
        "playbook",
        (document) => ((document["steps"] as Record<string, unknown>[])[0] = { id: "x", action: "y", idempotent: false }),
      ),
    ).toEqual(["/steps/0/idempotent"]);
    expect(withChange("acceptance_criteria", (document) => (document["latency_ms"] = { p50: 1, p95: 2 }))).toEqual(["/latency_ms"]);
    expect(withChange("monitoring_config", (document) => ((document["health"] as Record<string, unknown>)["path"] = "health"))).toEqual([
      "/health/path",
    ]);
    expect(withChange("trust_policy", (document) => (document["required"] = 0))).toEqual(["/required"]);
    expect(
      withChange(
        "risk_register",
        (document) => (document["risks"] = [{ id: "R-1", risk: "x", impact: "Huge", probability: "Low", mitigation: "y" }]),
      ),
    ).toEqual(["/risks/0/impact"]);
  });
});

describe("createKindRegistry()", () => {
  it("knows configurations and records by their names, judges them without metadata, and judges metadata that is there (SCH-14, SCH-19)", () => {
    const registry = createKindRegistry();
    if (!registry.ok) throw new Error("Expected a registry");
    const files: Readonly<Record<string, string>> = {
      "acceptance_criteria.json": "acceptance_criteria",
      "VERIFICATION/security/findings.json": "verification_findings",
      "VERIFICATION/summary.json": "verification_summary",
      "ops/monitoring_config.json": "monitoring_config",
      "waiver_db.json": "waiver_db",
      "plans/2024-01-team_capacity.json": "team_capacity",
      "trust_policy.json": "trust_policy",
    };
    for (const [path, kind] of Object.entries(files)) {
      const check = (document: JsonObject): readonly string[] =>
        checkDocument({ path, bytes: new TextEncoder().encode(JSON.stringify(document)) }, registry.value).findings.map(
          (finding) => finding.code,
        );
      expect(shippedKinds).toContain(kind);
      expect(registry.value.kindByPath(path)?.definition.name, path).toBe(kind);
      const { metadata: _, ...bare } = dataSamples[kind] as JsonObject;
      expect(check(bare), path).toEqual([]);
      expect(check({}), path).toContain("SCHEMA_VIOLATION");
      if (kind !== "trust_policy")
        expect(check({ ...bare, metadata: { id: "X-1", version: "1", status: "final" } }), path).toContain("SCHEMA_VIOLATION");
    }
  });
});
