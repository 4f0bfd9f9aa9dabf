import { readFileSync } from "node:fs";
import { evaluateGates, type EvidenceValues } from "@gov/gates";
import {
  createPlan,
  criticalTransitions,
  type CycleState,
  exitCriteria,
  foldCycle,
  initialState,
  isLifecycleEntry,
  type LifecycleEntry,
  lifecycleDiagram,
  planTransition,
  restoreCycle,
  snapshotCycle,
  transitionGates,
} from "@gov/gates/lifecycle";
import type { JsonObject, JsonValue, LifecycleState } from "@gov/schema";
import { presets } from "@gov/schema/presets";
import { describe, expect, it } from "vitest";
import { evidenceOf, soundDelivery, soundValues } from "./evidence-fixture.ts";

const id = "PLN-BE-2024-01";
const sound = { ...soundValues, ...soundDelivery };
const at = (state: LifecycleState): CycleState => ({ ...initialState(id), state });

/** The criteria of a state that have a problem. */
function problems(state: LifecycleState, changes: Partial<EvidenceValues>, gates = {}): readonly (readonly [string, string | null])[] {
  const values: Partial<EvidenceValues> = { ...sound, ...changes };
  const { criteria, isMet } = exitCriteria(state, { gates, report: null, evidence: evidenceOf(values) });
  expect(isMet).toBe(criteria.every(({ isRequired, problem }) => !isRequired || problem === null));
  return criteria.filter(({ problem }) => problem !== null).map(({ name, problem }) => [name, problem] as const);
}

describe("exitCriteria()", () => {
  const { manifest, outcomes, changeLog } = soundDelivery;
  const [first, second] = outcomes as [(typeof outcomes)[number], (typeof outcomes)[number]];
  const none = undefined as never;

  it("lists the gates of the step, each by itself (LIF-16)", () => {
    const gates = presets["fe-c33"].gates;
    const evidence = evidenceOf(sound);
    const report = evaluateGates(evidence, gates, { names: ["schema_lint", "critical_zero"] });
    expect(exitCriteria("READY_FOR_HANDOFF", { gates, report, evidence })).toEqual({
      state: "READY_FOR_HANDOFF",
      isMet: false,
      criteria: [
        { name: "gate:critical_zero", isRequired: true, problem: null },
        { name: "gate:cross_stream_consistency", isRequired: true, problem: "it was not run" },
        { name: "gate:schema_lint", isRequired: true, problem: null },
      ],
    });
    expect(exitCriteria("PLANNED", { gates, report, evidence })).toEqual({ state: "PLANNED", isMet: true, criteria: [] });
  });

  it("of PACKAGED shows the manifest with its checksums, and its signatures where it has any (LIF-16)", () => {
    expect(problems("PACKAGED", {})).toEqual([]);
    expect(problems("PACKAGED", { manifest: none })).toEqual([
      ["manifest_checksummed", "no manifest was collected"],
      ["signatures_collected", "no manifest was collected"],
    ]);
    const entry = { path: "a.md", expected: manifest.entries[0]?.expected as never, actual: null };
    expect(problems("PACKAGED", { manifest: { ...manifest, isVerified: false, entries: [entry] } })).toEqual([
      ["manifest_checksummed", 'what manifest "hnd_2026_01_10_abc" says does not hold for a.md'],
      ["signatures_collected", 'the signatures of manifest "hnd_2026_01_10_abc" were not verified'],
    ]);
    expect(problems("PACKAGED", { manifest: { ...manifest, kind: "dry_run", isVerified: false, entries: [] } })).toEqual([
      ["manifest_checksummed", 'manifest "hnd_2026_01_10_abc" names no file'],
    ]);
  });

  it("of EXECUTED requires the change log and the published manifest (LIF-16)", () => {
    expect(problems("EXECUTED", {})).toEqual([]);
    const published = (changes: Partial<typeof manifest>) => problems("EXECUTED", { manifest: { ...manifest, ...changes } })[0]?.[1];
    expect(published({ kind: "dry_run" })).toContain("is not sealed");
    expect(published({ publishedAt: null })).toContain("was not published");
    expect(published({ isVerified: false })).toContain("were not verified");
    expect(published({ entries: [] })).toContain("names no file");
    expect(problems("EXECUTED", { changeLog: none }).map(([name]) => name)).toEqual(["change_log_enabled", "deviations_tracked"]);
    const changes = [{ id: "CH-2", task: "Z", kind: "scope_change" }];
    expect(problems("EXECUTED", { changeLog: { ...changeLog, changes } })).toEqual([
      ["deviations_tracked", '"CH-2" belongs to "Z", which is no task of the plan'],
    ]);
    expect(problems("EXECUTED", { backlog: none, changeLog: { ...changeLog, changes: [] } })).toEqual([]);
    expect(problems("EXECUTED", { backlog: none })).toHaveLength(1);
  });

  it("of VALIDATED requires criteria, evidence and a status of each task (LIF-16)", () => {
    expect(problems("VALIDATED", {})).toEqual([]);
    expect(problems("VALIDATED", { outcomes: [{ ...first, validation: "rejected" }, second] })).toEqual([]);
    expect(problems("VALIDATED", { outcomes: [first, { ...second, acceptanceCriteria: [" "], evidence: [], validation: null }] })).toEqual([
      ["acceptance_criteria_present", "B has no acceptance criteria"],
      ["evidence_attached", "B shows no evidence"],
      ["validation_status_set", "B was not validated"],
    ]);
    expect(problems("VALIDATED", { outcomes: [first] })).toEqual([["execution_completed", "nobody said what came of B"]]);
    expect(problems("VALIDATED", { outcomes: [] })[0]).toEqual(["execution_completed", "no task has an outcome"]);
    expect(problems("VALIDATED", { outcomes: none })).toHaveLength(4);
    expect(problems("VALIDATED", { backlog: none })).toEqual([]);
    const unread = { ...evidenceOf({ ...sound, backlog: none }), failures: new Map([["backlog", "broken"]] as const) };
    expect(
      exitCriteria("VALIDATED", { gates: {}, report: null, evidence: unread }).criteria.filter(({ problem }) => problem !== null),
    ).toEqual([{ name: "execution_completed", isRequired: true, problem: "the tasks of the plan could not be collected" }]);
  });

  it("of IMPROVE shows whether validation, digest and improvements are complete (LIF-16)", () => {
    expect(problems("IMPROVE", {})).toEqual([]);
    expect(
      problems("IMPROVE", { outcomes: [{ ...first, validation: "rejected" }], digest: { path: "d.md", isFinal: false }, improvements: [] }),
    ).toEqual([
      ["validation_complete", "A was not accepted"],
      ["digest_finalized", 'the digest "d.md" is not final'],
      ["improvements_captured", "no improvement was captured"],
    ]);
    expect(problems("IMPROVE", { digest: none, improvements: none })).toHaveLength(2);
  });

  it.each(["DONE", "planned", "__proto__", "constructor"])("refuses the state %s, which there is not (LIF-16)", (state) => {
    expect(() => exitCriteria(state as LifecycleState, { gates: {}, report: null, evidence: null })).toThrow(
      new RangeError(`Cannot name the guards of "${state}": expected PLANNED, READY_FOR_HANDOFF, PACKAGED, EXECUTED, VALIDATED, IMPROVE`),
    );
  });

  it("keeps the cycle where it is, and names every criterion that is missing (LIF-16, ART-14, ART-15)", () => {
    const { lifecycle: table } = presets.be;
    const decide = (state: LifecycleState, event: string, values: Partial<EvidenceValues>) =>
      planTransition(at(state), event, { table, gates: {}, report: null, evidence: evidenceOf(values), seq: 3 });
    const execution = decide("PACKAGED", "begin_execution", soundValues);
    expect(execution.ok ? null : execution.findings.map(({ code, message }) => [code, message])).toEqual([
      ["GATES_GUARD_UNMET", "Cannot go PACKAGED -> EXECUTED: manifest_published: no manifest was collected"],
      ["GATES_GUARD_UNMET", "Cannot go PACKAGED -> EXECUTED: change_log_enabled: no execution change log was collected"],
      ["GATES_GUARD_UNMET", "Cannot go PACKAGED -> EXECUTED: deviations_tracked: no execution change log was collected"],
    ]);
    expect(decide("EXECUTED", "validate_results", soundValues).ok).toBe(false);
    expect(decide("EXECUTED", "validate_results", sound).ok).toBe(true);
    // The ways back ask for nothing: they are how a cycle gets out of what it lacks.
    expect(decide("EXECUTED", "execution_failed", {}).ok).toBe(true);
    expect(decide("VALIDATED", "validation_failed", {}).ok).toBe(true);
  });
});

describe("parity on entering VALIDATED and on leaving it", () => {
  const { lifecycle: table, gates } = presets["fe-c33"];
  const step = { from: "EXECUTED", to: "VALIDATED" } as const;
  const low = { ...sound, parity: { ...soundDelivery.parity, deliveredTasks: ["A"] } };
  const decide = (cycle: CycleState, event: string, values: Partial<EvidenceValues>, names: readonly string[]) => {
    const evidence = evidenceOf(values);
    return planTransition(cycle, event, { table, gates, evidence, report: evaluateGates(evidence, gates, { names }), seq: 0 });
  };

  it("is computed and recorded there, and enforced one step later (GAT-20, LIF-16)", () => {
    expect(transitionGates(gates, step)).toEqual({ required: ["critical_zero"], computed: ["parity_coverage"] });
    expect(transitionGates(gates, { from: "VALIDATED", to: "IMPROVE" })).toEqual({
      required: ["critical_zero", "parity_coverage"],
      computed: [],
    });
    expect(transitionGates(gates, { from: null, to: "PLANNED" })).toEqual({ required: [], computed: [] });
    expect(transitionGates(gates, { from: "PACKAGED", to: "EXECUTED" }).computed).toEqual([]);
    const entered = decide(at("EXECUTED"), "validate_results", low, ["critical_zero", "parity_coverage"]);
    if (!entered.ok) throw new Error(JSON.stringify(entered.findings));
    expect(entered.entries.map(({ type }) => type)).toEqual(["GATE_RESULT", "STATE_TRANSITION"]);
    expect(entered.next).toMatchObject({ state: "VALIDATED", gateResults: { critical_zero: "PASS", parity_coverage: "FAIL" } });
    const left = decide(entered.next, "analyze_metrics", low, ["critical_zero", "parity_coverage"]);
    expect(left.ok ? null : left.findings.map(({ message }) => message)).toEqual([
      'Cannot go VALIDATED -> IMPROVE: gate "parity_coverage" is FAIL',
    ]);
    expect(decide(entered.next, "analyze_metrics", sound, ["critical_zero", "parity_coverage"]).ok).toBe(true);
  });

  it("refuses the entry when it was not computed, or on nothing (LIF-16)", () => {
    const refused = (values: Partial<EvidenceValues>, names: readonly string[]) => {
      const plan = decide(at("EXECUTED"), "validate_results", values, names);
      return plan.ok ? null : plan.findings.map(({ message }) => message);
    };
    const message = "Cannot go EXECUTED -> VALIDATED: parity_computed: parity_coverage was not computed";
    expect(refused(sound, ["critical_zero"])).toEqual([message]);
    expect(refused({ ...sound, parity: undefined as never }, ["critical_zero", "parity_coverage"])).toEqual([message]);
    const evidence = evidenceOf(sound);
    const report = evaluateGates(evidence, gates, { names: ["critical_zero", "parity_coverage"] });
    const spelled = { ...report, gates: report.gates.map((gate) => ({ ...gate, name: gate.name.replace("_", "/") })) };
    expect(planTransition(at("EXECUTED"), "validate_results", { table, gates, evidence, report: spelled, seq: 0 }).ok).toBe(true);
    const broken = { ...sound, parity: { ...soundDelivery.parity, plannedTests: Number.NaN } };
    expect(refused(broken, ["critical_zero", "parity_coverage"])).toEqual([message]);
  });
});

describe("criticalTransitions(), lifecycleDiagram()", () => {
  it("name every edge on which something stands, from the same table (LIF-18)", () => {
    const { lifecycle: table, gates } = presets.be;
    const critical = criticalTransitions(table, gates);
    expect(critical.map(({ edge, gates: names, guards }) => [edge.event, names.length, guards.length])).toEqual([
      ["validate_complete", 2, 0],
      ["package_artifacts", 2, 2],
      ["begin_execution", 1, 3],
      ["validate_results", 0, 5],
      ["analyze_metrics", 0, 3],
    ]);
    expect(critical[0]?.failureActions).toEqual(["Resolve every critical issue and violation", "Return to PLANNED with error report"]);
    const diagram = lifecycleDiagram(table, { gates });
    expect(diagram).toContain("    PACKAGED --> EXECUTED: begin_execution / parity_coverage\n");
    expect(diagram.split("\n")).toHaveLength(table.transitions.length + 2);
    for (const { edge } of critical) expect(diagram).toContain(`${edge.from} --> ${edge.to}: ${edge.event}`);
    const silent = { g: { triggers: [{ from: "PLANNED", to: "READY_FOR_HANDOFF" }], validators: [{ type: "contracts" }] } } as const;
    expect(criticalTransitions(table, silent as never)[0]).toMatchObject({ gates: ["g"], failureActions: [] });
    expect(criticalTransitions({ transitions: [{ from: null, event: "create_plan", to: "PLANNED" }] }, gates)).toEqual([]);
  });

  it("find a failure action for every gate of every preset that guards an edge (GAT-21)", () => {
    for (const preset of Object.values(presets))
      for (const [name, gate] of Object.entries(preset.gates)) {
        if (gate.triggers.length > 0) expect([preset.name, name, gate.failure_action]).toEqual([preset.name, name, expect.any(String)]);
      }
  });
});

describe("snapshotCycle(), restoreCycle()", () => {
  const { lifecycle: table } = presets.be;
  const machine = { id: "be", version: 1 };
  const evidence = evidenceOf(sound);
  const log: LifecycleEntry[] = [];
  let cycle = initialState(id);
  for (const event of ["create_plan", "update_plan", "validate_complete", "package_artifacts", "begin_execution", "execution_failed"]) {
    const plan = planTransition(cycle, event, { table, gates: {}, report: null, evidence, seq: log.length });
    if (!plan.ok) throw new Error(JSON.stringify(plan.findings));
    log.push(...plan.entries);
    cycle = plan.next;
  }
  const options = { entityId: id, table };

  it("give, at every place of the log, the state that folding all of it gives (LIF-21)", () => {
    const stray: LifecycleEntry = { ...(log[2] as LifecycleEntry) };
    for (const entries of [log, [...log.slice(0, 3), stray, ...log.slice(3)]])
      for (let seq = 0; seq <= entries.length; seq++) {
        const snapshot = snapshotCycle(foldCycle(entries.slice(0, seq), options), { machine, seq });
        const restored = restoreCycle(JSON.parse(JSON.stringify(snapshot)) as JsonValue, { machine });
        if (!restored.ok) throw new Error(JSON.stringify(restored.findings));
        const { cycle: from, seq: begin } = restored.value;
        expect(foldCycle(entries.slice(begin), { ...options, from })).toEqual(foldCycle(entries, options));
      }
  });

  it.each<[string, (snapshot: JsonObject) => JsonValue, string]>([
    ["another machine", (snapshot) => ({ ...snapshot, machine: { id: "fe", version: 1 } }), 'of machine "fe" 1'],
    ["another version of it", (snapshot) => ({ ...snapshot, machine: { id: "be", version: 2 } }), 'of machine "be" 2'],
    ["no machine", (snapshot) => ({ ...snapshot, machine: null }), "of machine null null"],
    ["another format", (snapshot) => ({ ...snapshot, version: 2 }), "no format"],
    ["no object", () => [], "no format"],
    ["no place", (snapshot) => ({ ...snapshot, seq: -1 }), "no place"],
    ["no state", (snapshot) => ({ ...snapshot, cycle: null }), "cannot be read"],
    [
      "a state nobody knows",
      (snapshot) => ({ ...snapshot, cycle: { ...(snapshot["cycle"] as JsonObject), state: "DONE" } }),
      "cannot be read",
    ],
    [
      "an outcome that is none",
      (snapshot) => ({ ...snapshot, cycle: { ...(snapshot["cycle"] as JsonObject), gateResults: { g: "OK" } } }),
      "cannot be read",
    ],
    [
      "findings that are none",
      (snapshot) => ({ ...snapshot, cycle: { ...(snapshot["cycle"] as JsonObject), findings: [{}] } }),
      "cannot be read",
    ],
    [
      "findings without a place that could be read",
      (snapshot) => {
        const finding = { code: "X", message: "x", severity: "error", path: 5, line: null, column: null };
        return { ...snapshot, cycle: { ...(snapshot["cycle"] as JsonObject), findings: [finding] } };
      },
      "cannot be read",
    ],
  ])("refuse a snapshot of %s (LIF-21)", (_name, change, reason) => {
    const snapshot = JSON.parse(JSON.stringify(snapshotCycle(cycle, { machine, seq: 6 }))) as JsonObject;
    const restored = restoreCycle(change(snapshot), { machine });
    expect(restored.findings.map(({ code }) => code)).toEqual(["GATES_SNAPSHOT_REFUSED"]);
    expect(restored.findings[0]?.message).toContain(reason);
  });

  it("read every version that was ever written, byte for byte the same when written again (LIF-21)", () => {
    const text = readFileSync(new URL("fixtures/cycle-snapshot-v1.json", import.meta.url), "utf8");
    const restored = restoreCycle(JSON.parse(text) as JsonValue, { machine });
    if (!restored.ok) throw new Error(JSON.stringify(restored.findings));
    const { cycle: kept, seq } = restored.value;
    expect(snapshotCycle(kept, { machine, seq })).toEqual(JSON.parse(text));
  });

  it("refuse a place of the log that is none", () => {
    for (const seq of [-1, 0.5, Number.NaN]) expect(() => snapshotCycle(cycle, { machine, seq })).toThrow(RangeError);
  });
});

describe("createPlan()", () => {
  const { lifecycle: table } = presets.be;
  const request = { title: "Audit export", requested_by: "ada", cycle_id: id, tags: ["criticality:1", "Release"] };
  const options = { table, log: [], seq: 4, createdAt: "2026-01-10T09:00:00Z" };
  const create = (changes: Readonly<Record<string, JsonValue>>, more: Partial<Parameters<typeof createPlan>[1]> = {}) =>
    createPlan({ ...request, ...changes }, { ...options, ...more });
  const reasons = (...args: Parameters<typeof create>) => {
    const created = create(...args);
    return created.ok ? null : created.findings.map(({ message }) => message);
  };

  it("validates, enriches and emits PLAN_CREATED by one append (LIF-14, SCH-15)", () => {
    const created = create({});
    if (!created.ok) throw new Error(JSON.stringify(created.findings));
    const metadata = { created_at: "2026-01-10T09:00:00Z", version: "1.0.0", tags: ["criticality:1", "Release"], priority: "P1" };
    expect(created).toMatchObject({ planId: id, metadata, expectedSeq: 4, next: { entityId: id, state: "PLANNED", findings: [] } });
    expect(created.entries).toMatchObject([
      { type: "PLAN_CREATED", payload: { entity_id: id, state: "PLANNED", metadata: { triggered_by: "ada" }, plan: metadata } },
    ]);
    expect(created.entries.every((entry) => isLifecycleEntry(JSON.parse(JSON.stringify(entry)) as JsonValue))).toBe(true);
    expect(foldCycle(created.entries, { entityId: id, table })).toEqual(created.next);
  });

  it("takes the priority asked for, else that of the most critical tag (SCH-15)", () => {
    const priority = (changes: Readonly<Record<string, JsonValue>>) => {
      const created = create(changes);
      return created.ok ? created.metadata.priority : null;
    };
    expect(priority({ priority: "P3" })).toBe("P3");
    expect(priority({ tags: { criticality: 0, Release: true } })).toBe("P0");
    expect(priority({ tags: ["Critical"] })).toBe("P0");
    expect(priority({ tags: ["criticality:3", "criticality:2"] })).toBe("P2");
    expect(priority({ tags: ["criticality:high"] })).toBe("P2");
    expect(priority({ tags: [] })).toBe("P2");
    expect(priority({ tags: ["Critical:no"] })).toBe("P2");
    const { tags: _tags, ...untagged } = request;
    expect(createPlan(untagged, options)).toMatchObject({ ok: true, metadata: { tags: [], priority: "P2" } });
  });

  it("refuses a request that is none, with every reason (LIF-14)", () => {
    expect(reasons({ title: "", priority: "urgent", tags: ["a", ":"] })?.map((text) => text.split(":")[0])).toEqual([
      "/priority",
      "/tags/1",
      "/title",
    ]);
    expect(createPlan({}, { ...options, path: "request.yaml" })).toMatchObject({ ok: false, findings: [{ path: "request.yaml" }, {}] });
    expect(createPlan(null, options)).toMatchObject({ ok: false, findings: [{ code: "GATES_REQUEST_INVALID" }] });
    for (const createdAt of ["today", "2026-01-10", "2026-02-30T09:00:00Z", "2026-01-10T09:00:00"])
      expect(reasons({}, { createdAt })).toEqual([`The plan is created at "${createdAt}", which is no time`]);
  });

  it("needs an id, and creates a plan once (LIF-14)", () => {
    const { cycle_id: _id, ...anonymous } = request;
    expect(createPlan(anonymous, options).ok).toBe(false);
    expect(createPlan(anonymous, { ...options, planId: " " }).ok).toBe(false);
    for (const planId of ["../../x", "a/b", "PLN\u0000", ""]) {
      const refused = createPlan(anonymous, { ...options, planId });
      expect(refused.ok ? null : refused.findings.map(({ message }) => message.split(" ")[0])).toEqual(["/cycle_id:"]);
    }
    expect(create({}, { planId: "PLN-7" })).toMatchObject({ ok: true, planId: id });
    expect(createPlan(anonymous, { ...options, planId: "PLN-7" })).toMatchObject({ ok: true, planId: "PLN-7" });
    const created = create({});
    if (!created.ok) throw new Error("created");
    expect(reasons({}, { log: created.entries })).toEqual(["PLANNED -> PLANNED"]);
  });
});
