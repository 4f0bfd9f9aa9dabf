import {
  type Artifact,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  resolveRulebook,
  type Result,
  type Rulebook,
  ruleKinds,
  rulebookHash,
  thresholdsInForce,
} from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { artifactRoutingV1, rulebookV1 } from "@gov/schema/documents";
import { presets } from "@gov/schema/presets";
import { describe, expect, it } from "vitest";
import { fillRouting, fillRulebook } from "../src/internal/fill-defaults.ts";
import { samples } from "./document-samples.ts";

function rule(kind: string, over: Partial<Artifact> = {}): Artifact {
  const path = `rules/${kind}.mdc`;
  const data = samples[kind] ?? {};
  return {
    path,
    kind,
    format: "markdown",
    id: kind,
    version: "1.0.0",
    status: "approved",
    title: null,
    owners: [],
    tags: [],
    references: [],
    data,
    body: "",
    digest: digestBytes(JSON.stringify(data)),
    size: 1,
    ...over,
  };
}

function inForce(result: Result<Rulebook>): Rulebook {
  if (!result.ok) throw new Error(result.findings.map((finding) => finding.message).join("; "));
  return result.value;
}

const all = ruleKinds.map((kind) => rule(kind));

describe("resolveRulebook()", () => {
  it("puts the approved rule documents on top of the preset (SCH-16)", () => {
    const rulebook = inForce(resolveRulebook(all, presets.be));
    expect(rulebook.preset).toEqual({ name: "be", version: 1 });
    expect(rulebook.routing?.routes.map((route) => route.precedence)).toEqual([3, 0]);
    expect(rulebook.hydration.uncommitted).toBe("newest");
    expect(rulebook.contract?.framework).toBe("framework1");
    expect(rulebook.sync?.write_mode).toBe("atomic");
    expect(rulebook.promotion?.snapshot.signatures).toBe(2);
    expect(rulebook.metadata?.tags).toBe("free");
    expect(rulebook.rbac).toEqual({ roles: { lead: { permissions: ["gate:run"] } }, actors: { ann: ["lead"] } });
    expect(Object.keys(rulebook.gates)).toEqual([...Object.keys(presets.be.gates), "extra_lint"]);
    expect(rulebook.governance.tags.map((tag) => tag.name)).toEqual(["compliance", "criticality", "data_classification", "scope"]);
    expect(Object.keys(rulebook.governance.rules).sort()).toEqual(["be_careful", "compliance_sox", "critical_tag_zero"]);
    expect(rulebook.kpis["velocity"]?.target).toBe(1.5);
    expect(rulebook.schemas["be_backlog"]).toBe(1);
  });

  it("puts extended rulebooks between preset and document, with their digests in the hash, and refuses what is not approved (SCH-16)", () => {
    const metadata = { id: "shared", version: "1.0.0", status: "approved" };
    const from = (source: string, over: JsonObject) => ({ source, data: { version: "1", metadata, ...over }, digest: digestBytes(source) });
    const gate = (minimum: number) => ({ extra_lint: { triggers: [], validators: [{ type: "coverage_analyzer", minimum }] } });
    const weak = from("a", {
      gates: gate(1),
      kpis: { k: { formula: "1", unit: "x", target: 1 } },
      severities: { A_CODE: "note", B_CODE: "off" },
    });
    const strong = from("b", {
      gates: gate(2),
      governance: { tags: [{ name: "scope", values: ["x"], default: "x" }] },
      severities: { A_CODE: "error" },
    });
    const alone = inForce(resolveRulebook([], presets.be));
    const merged = inForce(resolveRulebook([], presets.be, { extended: [weak, strong] }));
    expect(merged.extends).toEqual([weak, strong].map(({ source, digest }) => ({ source, digest })));
    expect([merged.gates["extra_lint"]?.validators[0]?.["minimum"], merged.kpis["k"]?.target]).toEqual([2, 1]);
    expect(merged.severities).toEqual({ A_CODE: "error", B_CODE: "off" });
    expect(merged.governance.tags.find(({ name }) => name === "scope")?.values).toEqual(["x"]);
    const own = inForce(resolveRulebook(all, presets.be, { extended: [strong] })).gates["extra_lint"];
    expect(own).toEqual(inForce(resolveRulebook(all, presets.be)).gates["extra_lint"]);
    const hashes = [[], [weak], [weak, strong], [strong, weak], [{ ...weak, digest: digestBytes("other bytes") }]].map((extended) =>
      rulebookHash(inForce(resolveRulebook([], presets.be, { extended }))),
    );
    expect([new Set(hashes).size, hashes[0]]).toEqual([5, rulebookHash(alone)]);
    const refused = (data: JsonValue) =>
      resolveRulebook([], presets.be, { extended: [{ ...weak, data }] }).findings.map(({ code, path }) => [code, path]);
    expect(refused({ version: "1", metadata: { ...metadata, status: "draft" } })).toContainEqual(["SCHEMA_RULE_NOT_APPROVED", "a"]);
    expect(refused({ version: "1" })).toContainEqual(["SCHEMA_RULE_NOT_APPROVED", "a"]);
    for (const data of [null, [], "x", { version: "1", gates: 1 }])
      expect(resolveRulebook([], presets.be, { extended: [{ ...weak, data }] }).ok).toBe(false);
  });

  it("lets a rulebook give the numbers that its preset gives otherwise, the nearest last, and hashes them (B-42)", () => {
    const metadata = { id: "shared", version: "1.0.0", status: "approved" };
    const from = (source: string, thresholds: JsonObject) => ({
      ...{ source, digest: digestBytes("") },
      data: { version: "1", metadata, thresholds },
    });
    const alone = inForce(resolveRulebook([], presets.be));
    expect([alone.thresholds, thresholdsInForce(alone, presets.be)]).toEqual([undefined, presets.be.thresholds]);
    const all = {
      ...{ coverage_minimum_percent: 90, routing_drift_percent: 1, minimum_free_space_percent: 5, recovery_point_hours: 1 },
      ...{ recovery_time_hours: 0.5, mean_time_to_recover_hours: 8, lock_contention_per_hour: 0 },
    };
    const merged = inForce(resolveRulebook([], presets.be, { extended: [from("a", all), from("b", { recovery_point_hours: 2 })] }));
    expect(thresholdsInForce(merged, presets.be)).toEqual({
      ...presets.be.thresholds,
      ...{ coverageMinimumPercent: 90, routingDriftPercent: 1, minimumFreeSpacePercent: 5, recoveryPointHours: 2 },
      ...{ recoveryTimeHours: 0.5, meanTimeToRecoverHours: 8, lockContentionPerHour: 0 },
    });
    const hashOf = (percent: number) =>
      rulebookHash(inForce(resolveRulebook([], presets.be, { extended: [from("a", { coverage_minimum_percent: percent })] })));
    expect(hashOf(80)).not.toBe(hashOf(81));
    for (const wrong of [{ coverage_minimum_percent: 101 }, { recovery_point_hours: 0 }, { lock_contention_per_hour: 0.5 }, { depth: 1 }])
      expect(resolveRulebook([], presets.be, { extended: [from("a", wrong)] }).ok).toBe(false);
  });

  it("keeps whether names must be proven, and adds nothing to a policy that does not say (GOV-12)", () => {
    const policy = { version: "1", roles: {}, actors: {} };
    const rbacOf = (data: JsonObject) => inForce(resolveRulebook([rule("rbac_policy", { data })], presets.be)).rbac;
    expect(rbacOf(policy)).toEqual({ roles: {}, actors: {} });
    expect(rbacOf({ ...policy, require_proof: true })).toEqual({ roles: {}, actors: {}, require_proof: true });
  });

  it("reads what waivers may do, how steps of enforcement are earned and which modules run, and adds nothing where it does not say (GOV-10, GOV-16, GAT-08)", () => {
    const waivers = {
      override_policy: "waiver",
      approver_roles: ["quality"],
      max_days: 30,
      emergency: { approver_roles: ["on_call"], max_hours: 24 },
    };
    const enforcement = { greens_required: { hard_block: 5 } };
    const modules = [{ script: "gates/refs.mjs", digest: digestBytes("refs") }];
    const rulebook = (over: JsonObject) => rule("rulebook", { data: { version: "1.0.0", ...over } });
    const full = inForce(resolveRulebook([rulebook({ waivers, enforcement, modules })], presets.be));
    expect(full).toMatchObject({ waivers, enforcement, modules });
    const bare = inForce(resolveRulebook([rulebook({})], presets.be));
    expect(["waivers", "enforcement", "modules"].filter((name) => name in bare)).toEqual([]);
    expect(rulebookHash(full)).not.toBe(rulebookHash(bare));
    const refused: readonly JsonObject[] = [
      { waivers: { ...waivers, max_days: 0 } },
      { waivers: { ...waivers, approver_roles: [] } },
      { waivers: { ...waivers, override_policy: "always" } },
      { enforcement: { greens_required: { solo: 1 } } },
      { modules: [{ script: "gates/refs.mjs", digest: "latest" }] },
    ];
    for (const over of refused) expect([over, resolveRulebook([rulebook(over)], presets.be).ok]).toEqual([over, false]);
  });

  it("replaces gates and tags of the preset by name", () => {
    const data = {
      version: "2",
      gates: { schema_lint: { triggers: [], validators: [{ type: "references" }] } },
      governance: { tags: [{ name: "criticality", values: [0, 1], default: 1 }] },
    };
    const rulebook = inForce(resolveRulebook([rule("rulebook", { data })], presets.be));
    expect(rulebook.gates["schema_lint"]).toEqual(data.gates.schema_lint);
    expect(rulebook.governance.tags.filter((tag) => tag.name === "criticality")).toEqual(data.governance.tags);
  });

  it("puts only approved documents in force, and says what it passed over (SCH-03)", () => {
    const drafts = [rule("hydration_rules", { status: "draft" }), rule("rulebook", { status: null }), rule("be_backlog", { data: null })];
    const result = resolveRulebook(drafts, presets.be);
    expect(inForce(result).hydration).toEqual(presets.be.hydration);
    expect(result.findings.map(({ code, severity, path }) => [code, severity, path])).toEqual([
      ["SCHEMA_RULE_DEFAULT", "note", null],
      ["SCHEMA_RULE_NOT_APPROVED", "note", "rules/hydration_rules.mdc"],
      ["SCHEMA_RULE_NOT_APPROVED", "note", "rules/rulebook.mdc"],
    ]);
    expect(resolveRulebook(all, presets.be).findings).toEqual([]);
  });

  it("refuses two approved documents of one kind", () => {
    const result = resolveRulebook([...all, rule("hydration_rules", { path: "old/hydration_rules.mdc" })], presets.be);
    expect(result.ok).toBe(false);
    expect(result.findings.map(({ code, path }) => [code, path])).toContainEqual(["SCHEMA_RULE_CONFLICT", "old/hydration_rules.mdc"]);
    // Two that are approved are not none.
    expect(result.findings.map(({ code }) => code)).not.toContain("SCHEMA_RULE_DEFAULT");
  });

  it("refuses an approved document that its schema does not accept, with every reason (SCH-04)", () => {
    const data = { spec: { precedence: [], tie_breakers: ["mtime"], uncommitted: "oldest", extra: 1 } };
    const result = resolveRulebook([rule("hydration_rules", { data }), rule("rulebook", { data: null })], presets.be);
    expect(result.ok).toBe(false);
    expect(result.findings.filter((finding) => finding.code === "SCHEMA_VIOLATION")).toHaveLength(4);
    const [left] = result.findings.filter(({ code }) => code === "SCHEMA_RULE_DEFAULT");
    expect(left?.message).toMatch(/"artifact_routing"/);
    expect(left?.message).not.toMatch(/"hydration_rules"|"rulebook"/);
  });

  it("refuses a schema version in force that does not ship (SCH-07)", () => {
    const data = structuredClone(samples["artifact_schema"]) as { spec: { schemas: Record<string, number> } };
    data.spec.schemas = { be_backlog: 2, own_kind: 9 };
    const result = resolveRulebook([rule("artifact_schema", { data: data as unknown as JsonValue })], presets.be);
    expect(result.findings.filter(({ severity }) => severity === "error").map(({ path, message }) => [path, message])).toEqual([
      ["rules/artifact_schema.mdc", 'Schema version 2 of "be_backlog" is in force by rule, but does not ship here'],
    ]);
  });
});

describe("rulebookHash()", () => {
  it("is the same after re-indenting, re-ordering, moving or renaming the documents (SCH-16, B-14)", () => {
    const expected = rulebookHash(inForce(resolveRulebook(all, presets.be)));
    const moved = all
      .map((document, index) => ({
        ...document,
        path: `elsewhere/${String(index)}`,
        id: `r${String(index)}`,
        data: reversed(document.data),
        digest: digestBytes("other"),
      }))
      .reverse();
    expect(rulebookHash(inForce(resolveRulebook(moved, presets.be)))).toBe(expected);
  });

  it("does not change between releases for the same rules", () => {
    const schemas = { be_backlog: 1 };
    expect(rulebookHash({ ...inForce(resolveRulebook(all, presets.be)), schemas })).toMatchInlineSnapshot(
      `"sha256:b1fb782faddec20657b516c3661c34e8fe4e84b7a4e46d51302615f6fe3d68d4"`,
    );
    expect(rulebookHash({ ...inForce(resolveRulebook([], presets.be)), schemas })).toMatchInlineSnapshot(
      `"sha256:aa3339a3f12178a36fb0e08f80d4c53073eee9ca54a96c338be66f45ebc389c3"`,
    );
  });

  it("changes with every value of every rule, with the preset and with its version (SCH-16)", () => {
    const rulebook = inForce(resolveRulebook(all, presets.be));
    const hashes = new Set([rulebookHash(rulebook), rulebookHash(inForce(resolveRulebook(all, presets.fe)))]);
    expect(hashes.size).toBe(2);
    let leaves = 0;
    const change = (node: JsonValue, replace: (value: JsonValue) => JsonValue): void => {
      if (typeof node !== "object" || node === null) {
        leaves++;
        hashes.add(rulebookHash(replace(typeof node === "string" ? `${node}!` : "changed") as unknown as Rulebook));
        return;
      }
      for (const [key, item] of Object.entries(node)) {
        change(item, (value) => replace(Array.isArray(node) ? node.with(Number(key), value) : { ...node, [key]: value }));
      }
    };
    change(rulebook as unknown as JsonValue, (value) => value);
    expect(leaves).toBeGreaterThan(100);
    expect(hashes.size).toBe(leaves + 2);
  });
});

describe("fillRouting() and fillRulebook()", () => {
  it("fill in what the schemas say", () => {
    const routing = (samples["artifact_routing"] as JsonObject)["spec"] as JsonObject;
    for (const spec of [routing, { routes: [] }, { routes: [{ id: "a", match: {}, to: "b" }] }])
      expect(fillRouting(spec)).toEqual(artifactRoutingV1.parse(spec));
    const { metadata: _, ...document } = samples["rulebook"] as JsonObject;
    const governance = { rules: { a: { condition: "x", requirements: [] } } };
    for (const spec of [document, { version: "1" }, { version: "1", governance: {} }, { version: "1", governance }] as JsonObject[]) {
      expect(fillRulebook(spec)).toEqual(rulebookV1.parse(spec));
    }
  });
});

function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversed);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
