import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type JsonValue, shippedKinds, validateKind } from "@gov/schema";
import { cycleIdV1, lifecycleEvents, planningEventV1 } from "@gov/schema/documents";
import { describe, expect, it } from "vitest";
import { codePointLength, deepEqual } from "../src/internal/schema-runtime.ts";
import { samples } from "./document-samples.ts";

const time = "2024-01-15T10:00:00Z";

function pointers(kind: string, data: JsonValue): readonly (readonly [string, string | undefined])[] {
  return (validateKind(kind, data) ?? []).map((issue) => [issue.pointer, issue.expected]);
}

describe("validateKind()", () => {
  it("knows the shipped kinds and no other", () => {
    expect(validateKind("no_such_kind", {})).toBeNull();
    expect(validateKind("constructor", {})).toBeNull();
    expect(shippedKinds).toContain("be_backlog");
  });

  it("accepts exactly draft, review and approved as a status (SCH-03)", () => {
    for (const status of ["draft", "review", "approved"])
      expect(pointers("artifact_metadata", { id: "a", version: "1", status })).toEqual([]);
    for (const status of ["final", "promoted", "Approved", null]) {
      expect(pointers("artifact_metadata", { id: "a", version: "1", status })).toEqual([["/status", '"draft", "review", "approved"']]);
    }
  });

  it("requires id, version and status of every artifact and keeps unknown fields (SCH-01)", () => {
    expect(pointers("artifact_metadata", { extra: 1 }).map(([, expected]) => expected)).toEqual([
      'property "id"',
      'property "version"',
      'property "status"',
    ]);
  });

  it("reads the backlog of the seed (ART-07)", () => {
    const backlog = {
      version: "1.0.0",
      generated_at: time,
      tasks: [
        {
          id: "PLN-BE-001",
          title: "Event Bus",
          description: "d",
          effort_points: 8,
          priority: "P0",
          dependencies: [],
          artifacts: ["event_schema.json"],
        },
      ],
    };
    expect(pointers("be_backlog", backlog)).toEqual([]);
    expect(pointers("be_backlog", { ...backlog, tasks: [{ ...backlog.tasks[0], effort_points: 2.5, priority: "high" }] })).toEqual([
      ["/tasks/0/effort_points", "integer"],
      ["/tasks/0/priority", "text that matches ^P[0-9]$"],
    ]);
  });

  it("knows the thirteen fields of a frontend task, and epics, stories and tasks (ART-05, ART-06)", () => {
    const wrong = {
      id: 1,
      title: 1,
      description: 1,
      owner: 1,
      tags: 1,
      priority: 1,
      effort: "1",
      status: 1,
      dependencies: 1,
      acceptance_criteria: 1,
      risk: 1,
      planned_in: 1,
      linked_story_map_nodes: 1,
    };
    expect(pointers("fe_task_breakdown", { version: "1", tasks: [wrong] })).toHaveLength(13);
    expect(pointers("fe_task_breakdown", { version: "1", tasks: [{ id: "a", title: "b", type: "saga" }] })).toEqual([
      ["/tasks/0/type", '"epic", "story", "task"'],
    ]);
  });

  it("has a schema for every type of planning event (SCH-18, B-20)", () => {
    const payloads: Readonly<Record<string, JsonValue>> = {
      PLAN_CREATED: { state: "PLANNED" },
      STATE_TRANSITION: { from_state: "PLANNED", to_state: "READY_FOR_HANDOFF" },
      GATE_RESULT: { gate: "schema_lint", outcome: "PASS" },
      MANIFEST_SEALED: { manifest_id: "m", digest: "a".repeat(64) },
      DIGEST_PUBLISHED: { path: "digest.md" },
    };
    const types = [...lifecycleEvents, ...Object.keys(payloads)];
    expect(new Set(types).size).toBe(15);
    for (const type of types) {
      const event = { id: "evt_1", timestamp: time, type, payload: { entity_id: "p", ...(payloads[type] as object | undefined) } };
      expect(pointers("planning_event", { type: "planning_event", version: "1.0.0", event }), type).toEqual([]);
      if (Object.hasOwn(payloads, type)) {
        const bare = { ...event, payload: { entity_id: "p" } };
        expect(pointers("planning_event", { type: "planning_event", version: "1.0.0", event: bare }), type).not.toEqual([]);
      }
    }
    const unknown = {
      type: "planning_event",
      version: "1.0.0",
      event: { id: "e", timestamp: time, type: "PLAN_LOST", payload: { entity_id: "p" } },
    };
    expect(planningEventV1.safeParse(unknown).success).toBe(false);
    expect(pointers("planning_event", unknown)).not.toEqual([]);
  });

  it("accepts the cycle ids of the seeds, and none that leaves its folder (B-44)", () => {
    for (const id of ["2025-09-02", "sprint-14", "PLN-BE-2024-01", "R1.2"]) expect(cycleIdV1.safeParse(id).success, id).toBe(true);
    for (const id of ["", ".", "..", "a..b", "a/b", "../a", "a.", "a\nb", "-a"]) expect(cycleIdV1.safeParse(id).success, id).toBe(false);
  });

  it("keeps its counsel strict where a rule is ours: an unknown field of a spec is an issue (SCH-04)", () => {
    const rule = structuredClone(samples["hydration_rules"]) as { spec: Record<string, JsonValue> };
    rule.spec["tiebreakers"] = [];
    expect(pointers("hydration_rules", rule as unknown as JsonValue)).toEqual([["/spec/tiebreakers", undefined]]);
    expect(pointers("hydration_rules", { ...samples["hydration_rules"], kind: "rulebook" })).toEqual([["/kind", '"hydration_rules"']]);
  });

  it("loads zod with ./documents alone, and neither ajv nor the YAML parser before they are needed", () => {
    const loader = `
      import { registerHooks } from "node:module";
      const loaded = [];
      registerHooks({ load(url, context, next) { if (/node_modules/.test(url)) loaded.push(url); return next(url, context); } });
      const seen = (name) => loaded.some((url) => url.includes("/node_modules/" + name + "/"));
      const { validateKind, parseDocument, compileUserSchema } = await import("@gov/schema");
      validateKind("artifact_metadata", {});
      const steps = [["zod", "ajv", "ajv-formats", "re2js", "yaml", "@marcbachmann/cel-js"].filter(seen)];
      const read = (text) => parseDocument({ path: "a.yaml", bytes: new TextEncoder().encode(text) });
      read("a: 1\\n");
      steps.push(seen("yaml"));
      read("a: &b {c: 1}\\n");
      compileUserSchema({ pattern: "a" });
      steps.push(seen("yaml"), seen("ajv"), seen("re2js"));
      for (const name of ["canonical", "expression", "findings", "presets", "reports"]) await import("@gov/schema/" + name);
      steps.push(seen("zod"));
      await import("@gov/schema/documents");
      process.stdout.write(JSON.stringify([...steps, seen("zod")]));`;
    const cwd = fileURLToPath(new URL("..", import.meta.url));
    const output = execFileSync(process.execPath, ["--conditions=@gov/source", "--input-type=module", "--eval", loader], {
      cwd,
      encoding: "utf8",
    });
    expect(JSON.parse(output)).toEqual([[], false, true, true, true, false, true]);
  });
});

describe("codePointLength()", () => {
  it("counts code points, a lone surrogate as one", () => {
    expect(["", "ab", "😀", "a😀b", "\ud800", "\ud800a", "😀😀"].map(codePointLength)).toEqual([0, 2, 1, 3, 1, 2, 2]);
  });
});

describe("deepEqual()", () => {
  it("compares JSON values whatever the order of keys", () => {
    expect(deepEqual({ a: [1, { b: null }], c: 0 }, { c: -0, a: [1, { b: null }] })).toBe(true);
    const pairs: readonly (readonly [unknown, unknown])[] = [
      [1, "1"],
      [[], {}],
      [[1], [1, 2]],
      [{ a: 1 }, { b: 1 }],
      [{ a: 1 }, { a: 1, b: 1 }],
      [null, {}],
      [{ a: undefined }, { b: undefined }],
    ];
    for (const [a, b] of pairs) expect(deepEqual(a, b)).toBe(false);
  });
});
