import { readFileSync } from "node:fs";
import { evaluateGates, type GateReport, subjectDigest } from "@gov/gates";
import {
  eventFor,
  explainState,
  findEdge,
  foldCycle,
  gatesBefore,
  initialState,
  isLifecycleEntry,
  isStepTowards,
  lifecycleDiagram,
  type LifecycleEntry,
  type LifecycleTable,
  planTransition,
  type PlanTransitionOptions,
  stateMeanings,
  type TransitionPlan,
} from "@gov/gates/lifecycle";
import type { JsonObject, JsonValue } from "@gov/schema";
import { presets } from "@gov/schema/presets";
import { stopwatch } from "@gov/tooling-vitest/stopwatch";
import { describe, expect, it } from "vitest";
import { evidenceOf, soundDelivery, soundValues } from "./evidence-fixture.ts";

// Typed by hand from the seed's state diagram (c22 §3.1), with [*] as null.
const seedEdges = [
  [null, "create_plan", "PLANNED"],
  ["PLANNED", "validate_complete", "READY_FOR_HANDOFF"],
  ["READY_FOR_HANDOFF", "package_artifacts", "PACKAGED"],
  ["PACKAGED", "begin_execution", "EXECUTED"],
  ["EXECUTED", "validate_results", "VALIDATED"],
  ["VALIDATED", "analyze_metrics", "IMPROVE"],
  ["IMPROVE", "cycle_complete", null],
  ["PLANNED", "update_plan", "PLANNED"],
  ["READY_FOR_HANDOFF", "validation_failed", "PLANNED"],
  ["EXECUTED", "execution_failed", "PACKAGED"],
  ["VALIDATED", "validation_failed", "EXECUTED"],
] as const;
const seedStates = ["PLANNED", "READY_FOR_HANDOFF", "PACKAGED", "EXECUTED", "VALIDATED", "IMPROVE"] as const;

const table: LifecycleTable = presets.be.lifecycle;
const evidence = evidenceOf({ ...soundValues, ...soundDelivery });
const digest = subjectDigest(evidence);
const report = evaluateGates(evidence, presets.be.gates);
const free: PlanTransitionOptions = { table, gates: {}, report: null, evidence, seq: 0 };
const guarded: PlanTransitionOptions = { table, gates: presets.be.gates, report, evidence, seq: 7 };
const id = "PLN-BE-2024-01";

function accepted(plan: TransitionPlan) {
  if (!plan.ok) throw new Error(JSON.stringify(plan.findings));
  return plan;
}

function send(events: readonly string[], options: PlanTransitionOptions = free) {
  return events.reduce((cycle, event) => accepted(planTransition(cycle, event, options)).next, initialState(id));
}

const toImprove = ["create_plan", "validate_complete", "package_artifacts", "begin_execution", "validate_results", "analyze_metrics"];

describe("the lifecycle of the be preset", () => {
  it("has exactly the edges of the seed (LIF-01, LIF-02, LIF-03, LIF-04, LIF-05, LIF-06, LIF-07, LIF-08, LIF-09, LIF-10, LIF-11, LIF-12)", () => {
    const text = (edges: readonly unknown[]) => edges.map((edge) => JSON.stringify(edge)).sort();
    expect(text(table.transitions.map(({ from, event, to }) => [from, event, to]))).toEqual(text(seedEdges));
    expect(Object.keys(stateMeanings)).toEqual(seedStates);
  });
});

describe("planTransition()", () => {
  it("names an invalid transition as the seed does: from, arrow, to (LIF-13)", () => {
    const messageOf = (events: readonly string[], event: string) => {
      const plan = planTransition(send(events), event, free);
      return plan.ok ? null : [plan.findings[0]?.code, plan.findings[0]?.message];
    };
    expect(messageOf(["create_plan"], "begin_execution")).toEqual(["GATES_INVALID_TRANSITION", "PLANNED -> EXECUTED"]);
    expect(messageOf([], "begin_execution")).toEqual(["GATES_INVALID_TRANSITION", "[*] -> EXECUTED"]);
    expect(messageOf(["create_plan"], "validation_failed")).toEqual(["GATES_INVALID_TRANSITION", "PLANNED -> PLANNED or EXECUTED"]);
    expect(messageOf(["create_plan"], "toString")).toEqual(["GATES_INVALID_TRANSITION", "PLANNED -> ?"]);
    expect(messageOf([...toImprove, "cycle_complete"], "create_plan")).toEqual(["GATES_INVALID_TRANSITION", "[*] -> PLANNED"]);
  });

  it("says which events the state knows", () => {
    const plan = planTransition(send(["create_plan"]), "begin_execution", free);
    expect(plan.ok ? null : plan.findings[0]?.hint).toBe(
      '"begin_execution" is no event of this state: expected "update_plan", "validate_complete"',
    );
    const done = planTransition(send([...toImprove, "cycle_complete"]), "update_plan", free);
    expect(done.ok ? null : done.findings[0]?.hint).toBe(
      'The cycle is complete, and "update_plan" leads nowhere: create a plan in a new cycle',
    );
  });

  it("emits PLAN_CREATED, then one STATE_TRANSITION with the results of its gates (LIF-15, GAT-22)", () => {
    const created = accepted(
      planTransition(initialState(id), "create_plan", { ...guarded, report: null, evidence: null, triggeredBy: "ada" }),
    );
    expect(created).toMatchObject({
      expectedSeq: 7,
      entries: [
        {
          type: "PLAN_CREATED",
          payload: {
            entity_id: id,
            state: "PLANNED",
            metadata: { event: "create_plan", triggered_by: "ada", gate_results: {}, subject_digest: null },
          },
        },
      ],
    });
    expect(accepted(planTransition(created.next, "validate_complete", guarded)).entries).toEqual([
      {
        type: "STATE_TRANSITION",
        payload: {
          entity_id: id,
          from_state: "PLANNED",
          to_state: "READY_FOR_HANDOFF",
          metadata: {
            event: "validate_complete",
            triggered_by: "system",
            gate_results: { critical_zero: "PASS", schema_lint: "PASS" },
            subject_digest: digest,
          },
        },
      },
    ]);
  });

  it("keeps the state when a gate failed, records its result and asks for what the gate asks for (LIF-15, GAT-21)", () => {
    const failing = evidenceOf({ ...soundValues, ...soundDelivery, artifacts: [] });
    const failed = evaluateGates(failing, presets.be.gates);
    const plan = planTransition(send(["create_plan"]), "validate_complete", {
      ...guarded,
      report: failed,
      evidence: failing,
    });
    expect(plan).toMatchObject({
      ok: false,
      expectedSeq: 7,
      findings: [
        {
          code: "GATES_GATE_NOT_PASSED",
          message: 'Cannot go PLANNED -> READY_FOR_HANDOFF: gate "schema_lint" is FAIL',
          hint: "Return to PLANNED with error report",
        },
      ],
      entries: [
        { type: "GATE_RESULT", payload: { gate: "critical_zero", outcome: "PASS" } },
        { type: "GATE_RESULT", payload: { gate: "schema_lint", outcome: "FAIL" } },
      ],
    });
    const before = send(["create_plan"]);
    const created = accepted(planTransition(initialState(id), "create_plan", free)).entries;
    const after = foldCycle([...created, ...plan.entries], { entityId: id, table });
    expect(after).toEqual({ ...before, gateResults: { critical_zero: "PASS", schema_lint: "FAIL" } });
  });

  it("lets a waived gate through, and no other outcome but PASS (LIF-15)", () => {
    for (const outcome of ["PASS", "WAIVED", "SKIPPED", "PENDING", "FAIL", "ERROR"] as const) {
      const altered: GateReport = {
        ...report,
        gates: report.gates.map((gate) => (gate.name === "schema_lint" ? { ...gate, outcome } : gate)),
      };
      const plan = planTransition(send(["create_plan"]), "validate_complete", { ...guarded, report: altered });
      expect(plan.ok).toBe(outcome === "PASS" || outcome === "WAIVED");
    }
  });

  it("refuses a report that is missing, incomplete, about other evidence, another cycle or other rules (LIF-15)", () => {
    const codes = (changes: Partial<PlanTransitionOptions>, cycle = send(["create_plan"])) => {
      const plan = planTransition(cycle, "validate_complete", { ...guarded, ...changes });
      return plan.ok ? [] : plan.findings.map(({ code }) => code);
    };
    expect(codes({})).toEqual([]);
    expect(codes({ report: null })).toEqual(["GATES_REPORT_MISSING"]);
    expect(codes({ report: { ...report, gates: report.gates.filter(({ name }) => name !== "schema_lint") } })).toEqual([
      "GATES_REPORT_MISSING",
    ]);
    expect(codes({ evidence: evidenceOf({ ...soundValues, ...soundDelivery }, { sources: [] }) })).toEqual(["GATES_REPORT_STALE"]);
    expect(codes({ evidence: null })).toEqual(["GATES_REPORT_STALE"]);
    expect(codes({}, { ...send(["create_plan"]), entityId: "other" })).toEqual(["GATES_REPORT_STALE"]);
    const schemaLint = presets.be.gates["schema_lint"];
    if (schemaLint === undefined) throw new Error("the preset has schema_lint");
    const stricter = { ...presets.be.gates, schema_lint: { ...schemaLint, validators: [...schemaLint.validators, { type: "contracts" }] } };
    expect(codes({ gates: stricter })).toEqual(["GATES_REPORT_STALE"]);
  });

  it("walks a whole cycle through every gate of the preset (GAT-19)", () => {
    const end = send([...toImprove, "cycle_complete"], guarded);
    expect(end).toMatchObject({
      state: "IMPROVE",
      isComplete: true,
      findings: [],
      gateResults: { schema_lint: "PASS", critical_zero: "PASS", cross_stream_consistency: "PASS", parity_coverage: "PASS" },
    });
  });

  it("says of an event in a state that nothing leads on from that nothing does, and not that the cycle is complete (LIF-13)", () => {
    const plan = planTransition({ ...initialState(id), state: "IMPROVE" }, "go_on", { ...free, table: { transitions: [] } });
    expect(plan.ok ? null : plan.findings[0]?.hint).toBe(
      '"go_on" is no event of this state: expected none, the lifecycle leads no further',
    );
  });

  it("refuses a sequence number that is none, and a table with two answers", () => {
    expect(() => planTransition(initialState(id), "create_plan", { ...free, seq: 0.5 })).toThrow(RangeError);
    const twice = { transitions: [...table.transitions, { from: null, event: "create_plan", to: "PACKAGED" as const }] };
    expect(() => planTransition(initialState(id), "create_plan", { ...free, table: twice })).toThrow(RangeError);
  });
});

describe("foldCycle()", () => {
  const [created] = accepted(planTransition(initialState(id), "create_plan", free)).entries as [LifecycleEntry];
  const [moved] = accepted(planTransition(send(["create_plan"]), "validate_complete", free)).entries as [
    Extract<LifecycleEntry, { type: "STATE_TRANSITION" }>,
  ];
  const fold = (...entries: readonly LifecycleEntry[]) => foldCycle(entries, { entityId: id, table });
  const changed = (payload: Partial<typeof moved.payload>): LifecycleEntry => ({ ...moved, payload: { ...moved.payload, ...payload } });

  it("gives the state that the entries lead to, and passes over other cycles (LIF-21)", () => {
    const foreign = changed({ entity_id: "other" });
    expect(fold(created, foreign, moved)).toMatchObject({ state: "READY_FOR_HANDOFF", findings: [] });
    expect(fold()).toEqual(initialState(id));
  });

  it.each<[string, readonly LifecycleEntry[], string]>([
    ["a plan created twice", [created, created], "PLANNED"],
    [
      "a plan created again under the name of another event",
      [
        created,
        {
          type: "PLAN_CREATED",
          payload: { entity_id: id, state: "PLANNED", metadata: { ...moved.payload.metadata, event: "update_plan" } },
        },
      ],
      "PLANNED",
    ],
    ["a transition before the plan exists", [moved, created], "PLANNED"],
    ["a transition that leaves another state", [created, changed({ from_state: "PACKAGED" })], "PLANNED"],
    ["a transition that leads elsewhere", [created, changed({ to_state: "EXECUTED" })], "PLANNED"],
    [
      "an event the state does not know",
      [created, changed({ metadata: { ...moved.payload.metadata, event: "begin_execution" } })],
      "PLANNED",
    ],
    [
      "a transition although a gate failed",
      [created, changed({ metadata: { ...moved.payload.metadata, gate_results: { schema_lint: "FAIL" } } })],
      "PLANNED",
    ],
    [
      "an end before the plan exists",
      [{ type: "cycle_complete", payload: { entity_id: id, metadata: { ...moved.payload.metadata, event: "cycle_complete" } } }, created],
      "PLANNED",
    ],
    [
      "an end before the last state",
      [created, { type: "cycle_complete", payload: { entity_id: id, metadata: { ...moved.payload.metadata, event: "cycle_complete" } } }],
      "PLANNED",
    ],
  ])("reports %s, and changes nothing (LIF-15)", (_name, entries, state) => {
    const folded = fold(...entries);
    expect(folded).toMatchObject({ state, isComplete: false });
    expect(folded.findings.map(({ code }) => code)).toEqual(["GATES_ENTRY_INVALID"]);
  });

  it("reports what follows the end of a cycle (LIF-08)", () => {
    const events = [...toImprove, "cycle_complete"];
    const entries: LifecycleEntry[] = [];
    events.reduce((cycle, event) => {
      const plan = accepted(planTransition(cycle, event, free));
      entries.push(...plan.entries);
      return plan.next;
    }, initialState(id));
    expect(fold(...entries, created)).toMatchObject({ isComplete: true, findings: [{ code: "GATES_ENTRY_INVALID" }] });
  });

  it("folds ten thousand entries that were not allowed, and as many gates, in time that grows with their number", () => {
    const metadata = moved.payload.metadata;
    const stray = Array.from({ length: 10_000 }, (): LifecycleEntry => created);
    const results = Array.from({ length: 10_000 }, (_, n): LifecycleEntry => {
      return { type: "GATE_RESULT", payload: { entity_id: id, gate: `gate-${String(n)}`, outcome: "PASS", metadata } };
    });
    const took = stopwatch();
    const folded = fold(created, ...stray, ...results);
    expect([folded.findings.length, Object.keys(folded.gateResults).length]).toEqual([10_000, 10_000]);
    expect(took()).toBeLessThan(500);
  });

  it("refuses to go on from the state of another cycle", () => {
    const from = { ...initialState("other"), state: "IMPROVE" } as const;
    expect(() => foldCycle([created], { entityId: id, table, from })).toThrow(
      new RangeError(`Cannot fold "${id}" from the state of "other"`),
    );
  });

  it("keeps gate names that mean something to JavaScript apart from its prototypes", () => {
    const metadata = moved.payload.metadata;
    const folded = fold(created, { type: "GATE_RESULT", payload: { entity_id: id, gate: "__proto__", outcome: "FAIL", metadata } });
    expect(Object.entries(folded.gateResults)).toEqual([["__proto__", "FAIL"]]);
  });
});

describe("isLifecycleEntry()", () => {
  const [entry] = accepted(planTransition(initialState(id), "create_plan", free)).entries as [LifecycleEntry];
  const read = JSON.parse(JSON.stringify(entry)) as { type: string; payload: Record<string, JsonValue> };
  const metadata = read.payload["metadata"] as JsonObject;

  it("accepts what planTransition made, after any journey through JSON", () => {
    expect(isLifecycleEntry(read)).toBe(true);
    expect(isLifecycleEntry({ ...read, payload: { ...read.payload, note: "kept" } })).toBe(true);
  });

  it.each<[string, JsonValue]>([
    ["no object", null],
    ["another type", { ...read, type: "DIGEST_PUBLISHED" }],
    ["a type of the prototype", { ...read, type: "constructor" }],
    ["no payload", { type: read.type }],
    ["no state", { ...read, payload: { entity_id: id, metadata: read.payload["metadata"] as JsonValue } }],
    ["no metadata", { ...read, payload: { entity_id: id, state: "PLANNED" } }],
    ["no gate results", { ...read, payload: { ...read.payload, metadata: { ...metadata, gate_results: null } } }],
    ["no actor", { ...read, payload: { ...read.payload, metadata: { ...metadata, triggered_by: null } } }],
    ["a digest that is no text", { ...read, payload: { ...read.payload, metadata: { ...metadata, subject_digest: 1 } } }],
    [
      "a result that is no outcome",
      {
        type: "GATE_RESULT",
        payload: { entity_id: id, gate: "schema_lint", outcome: "GREEN", metadata: read.payload["metadata"] as JsonValue },
      },
    ],
    ["an unknown outcome", { ...read, payload: { ...read.payload, metadata: { ...metadata, gate_results: { a: "GREEN" } } } }],
  ])("refuses %s", (_name, value) => {
    expect(isLifecycleEntry(value)).toBe(false);
  });
});

describe("eventFor()", () => {
  it("names the event of an edge, and nothing where there is none (LIF-13)", () => {
    expect(eventFor(table, { from: "PLANNED", to: "READY_FOR_HANDOFF" })).toBe("validate_complete");
    expect(eventFor(table, { from: "PLANNED", to: "EXECUTED" })).toBeNull();
    const twice = { transitions: [...table.transitions, { from: "PLANNED" as const, event: "again", to: "PLANNED" as const }] };
    expect(eventFor(twice, { from: "PLANNED", to: "PLANNED" })).toBeNull();
  });
});

describe("findEdge()", () => {
  it("keys edges by source and event, so that one event name can label two of them (LIF-12)", () => {
    expect(findEdge(table, "READY_FOR_HANDOFF", "validation_failed")?.to).toBe("PLANNED");
    expect(findEdge(table, "VALIDATED", "validation_failed")?.to).toBe("EXECUTED");
    expect(findEdge(table, "PLANNED", "validation_failed")).toBeNull();
  });
});

describe("isStepTowards()", () => {
  it("is true of the steps that lead to where a stream seals, its entry included, and of no other (B-05)", () => {
    const towards = (state: "PACKAGED" | "READY_FOR_HANDOFF") =>
      table.transitions.filter((edge) => isStepTowards(edge, { table, state })).map(({ event }) => event);
    expect(towards("PACKAGED")).toEqual(["validate_complete", "package_artifacts"]);
    expect(towards("READY_FOR_HANDOFF")).toEqual(["validate_complete"]);
    const nowhere = { table: { transitions: [] }, state: "PACKAGED" } as const;
    expect(() => isStepTowards({ from: "PLANNED", to: "PACKAGED" }, nowhere)).toThrow(RangeError);
  });
});

describe("the state at which a stream seals", () => {
  it("is left by a step forward only with a sealed and published manifest, and by a step back without (B-05)", () => {
    const ready = { ...initialState("C-1"), state: "READY_FOR_HANDOFF" } as const;
    const plan = (event: string, sealAt?: "READY_FOR_HANDOFF" | "PACKAGED") =>
      planTransition(ready, event, { table, gates: {}, report: null, evidence: null, seq: 2, sealAt });
    expect(plan("package_artifacts").ok).toBe(true);
    expect(plan("package_artifacts", "PACKAGED").ok).toBe(true);
    expect(plan("package_artifacts", "READY_FOR_HANDOFF")).toMatchObject({
      ok: false,
      findings: [
        { code: "GATES_GUARD_UNMET", message: expect.stringContaining("manifest_published: no manifest was collected") as string },
      ],
    });
    expect(plan("validation_failed", "READY_FOR_HANDOFF").ok).toBe(true);
    const packaged = planTransition({ ...ready, state: "PACKAGED" }, "begin_execution", {
      ...{ table, gates: {}, report: null, evidence: null, seq: 3, sealAt: "PACKAGED" },
    });
    expect(packaged.ok ? [] : packaged.findings.filter(({ message }) => message.includes("manifest_published"))).toHaveLength(1);
  });
});

describe("gatesBefore()", () => {
  it("divides the gates of a preset at the entry of the state where its manifest is sealed (GAT-19)", () => {
    expect(gatesBefore(presets.be.gates, { table, state: "PACKAGED" })).toEqual({
      required: ["critical_zero", "cross_stream_consistency", "schema_lint"],
      pending: ["parity_coverage"],
    });
    expect(gatesBefore(presets.be.gates, { table, state: "PLANNED" }).required).toEqual([]);
    expect(gatesBefore(presets.be.gates, { table, state: "IMPROVE" }).pending).toEqual([]);
  });

  it("names no gate without a trigger as pending, and refuses a state that no way leads to", () => {
    const untriggered = { review: { triggers: [], validators: [{ type: "contracts" }] } };
    expect(gatesBefore(untriggered, { table, state: "PACKAGED" })).toEqual({ required: [], pending: [] });
    expect(() => gatesBefore({}, { table: { transitions: [] }, state: "PACKAGED" })).toThrow(RangeError);
  });
});

describe("explainState()", () => {
  it("tells where a cycle stands, what that means and what leads on (LIF-17)", () => {
    expect(explainState(send(["create_plan", "validate_complete"], guarded), table)).toEqual([
      `${id}: READY_FOR_HANDOFF, scope frozen; gates passed; manifest prepared for sealing`,
      "  package_artifacts leads to PACKAGED",
      "  validation_failed leads to PLANNED",
      "  gate critical_zero: PASS",
      "  gate schema_lint: PASS",
    ]);
  });

  it("tells a cycle that is not created, complete, or has entries that were not allowed", () => {
    expect(explainState(initialState(id), table)).toEqual([`${id}: not created`, "  create_plan leads to PLANNED"]);
    expect(explainState(send([...toImprove, "cycle_complete"]), table)[1]).toBe("  complete: the next plan is a new cycle");
    expect(explainState(send(toImprove), table)[1]).toBe("  cycle_complete leads to the end of the cycle");
    const [created] = accepted(planTransition(initialState(id), "create_plan", free)).entries as [LifecycleEntry];
    expect(explainState(foldCycle([created, created], { entityId: id, table }), table).at(-1)).toBe(
      `  error GATES_ENTRY_INVALID: Entry PLAN_CREATED by "create_plan" of "${id}" changes nothing: the lifecycle has no such edge from PLANNED`,
    );
  });
});

describe("lifecycleDiagram()", () => {
  it("is the diagram of the guide, with its gates (LIF-18, PLN-09)", () => {
    const guide = readFileSync(new URL("../../../docs/guides/concepts.md", import.meta.url), "utf8");
    expect(guide).toContain(`\n\`\`\`mermaid\n${lifecycleDiagram(table, { gates: presets.be.gates })}\`\`\`\n`);
  });

  it("draws the table as Mermaid (LIF-18)", () => {
    const lines = lifecycleDiagram(table).trimEnd().split("\n");
    expect(lines[0]).toBe("stateDiagram-v2");
    expect(lines.slice(1).sort()).toEqual(seedEdges.map(([from, event, to]) => `    ${from ?? "[*]"} --> ${to ?? "[*]"}: ${event}`).sort());
  });
});
