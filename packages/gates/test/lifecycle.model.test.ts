import type { Evidence, EvidencePart } from "@gov/gates";
import { evaluateGates } from "@gov/gates";
import { type CycleState, foldCycle, initialState, type LifecycleEntry, planTransition, transitionGates } from "@gov/gates/lifecycle";
import { type PresetName, presets } from "@gov/schema/presets";
import { describe, expect, it } from "vitest";
import { evidenceOf, soundDelivery, soundValues } from "./evidence-fixture.ts";
import { times } from "./proof-scale.ts";

type Edge = readonly [from: string | null, event: string, to: string | null];

// Typed by hand from the seed (c22 §3.1), with [*] as null; this table, not the preset, is what every path is held against.
const forward: readonly Edge[] = [
  [null, "create_plan", "PLANNED"],
  ["PLANNED", "update_plan", "PLANNED"],
  ["PLANNED", "validate_complete", "READY_FOR_HANDOFF"],
  ["READY_FOR_HANDOFF", "package_artifacts", "PACKAGED"],
  ["PACKAGED", "begin_execution", "EXECUTED"],
  ["EXECUTED", "validate_results", "VALIDATED"],
  ["VALIDATED", "analyze_metrics", "IMPROVE"],
  ["IMPROVE", "cycle_complete", null],
];
const back: readonly Edge[] = [
  ["READY_FOR_HANDOFF", "validation_failed", "PLANNED"],
  ["EXECUTED", "execution_failed", "PACKAGED"],
  ["VALIDATED", "validation_failed", "EXECUTED"],
];
// c11 knows no way back: a change opens a new cycle.
const seeds: readonly (readonly [PresetName, readonly Edge[]])[] = [
  ["be", [...forward, ...back]],
  ["fe-c11", forward],
  ["fe-c33", [...forward, ...back]],
  ["fe", [...forward, ...back]],
];
const events = [...new Set([...forward, ...back].map(([, event]) => event)), "jump"];

const id = "PLN-BE-2024-01";
const sound: Evidence = evidenceOf({ ...soundValues, ...soundDelivery });
const without = (...parts: readonly EvidencePart[]): Evidence => ({
  ...sound,
  parts: { ...sound.parts, ...Object.fromEntries(parts.map((part) => [part, null])) },
});
// What each guarded state needs, and evidence that lacks it.
const lacking = [
  ["EXECUTED", without("changeLog")],
  ["EXECUTED", without("manifest")],
  ["VALIDATED", without("outcomes")],
] as const;

/** Walks every path of up to `depth` events; what the preset decides must be what the seed's table says, at each step. */
function walk(preset: PresetName, options: { readonly edges: readonly Edge[]; readonly depth: number }): number {
  const { edges, depth } = options;
  const table = presets[preset].lifecycle;
  let steps = 0;
  const visit = (cycle: CycleState, history: readonly LifecycleEntry[]): void => {
    for (const event of events) {
      steps++;
      const edge = cycle.isComplete ? undefined : edges.find(([from, name]) => from === cycle.state && name === event);
      const plan = planTransition(cycle, event, { table, gates: {}, report: null, evidence: sound, seq: history.length });
      if (plan.ok !== (edge !== undefined)) expect([history, event, plan.ok]).toEqual([history, event, edge !== undefined]);
      if (!plan.ok) {
        if (plan.findings[0]?.code !== "GATES_INVALID_TRANSITION" || plan.entries.length > 0) expect(plan).toBeNull();
        continue;
      }
      const told = [plan.next.state, plan.next.isComplete, plan.expectedSeq, plan.entries.length];
      const wanted = [edge?.[2] ?? cycle.state, edge?.[2] === null, history.length, 1];
      if (told.join() !== wanted.join()) expect(told).toEqual(wanted);
      for (const [state, evidence] of lacking) {
        const isGuarded = edge?.[2] === state && edge[1] !== "validation_failed";
        const refused = planTransition(cycle, event, { table, gates: {}, report: null, evidence, seq: 0 });
        if (refused.ok === isGuarded) expect([event, state, refused.ok]).toEqual([event, state, !isGuarded]);
        if (!refused.ok && (refused.findings[0]?.code !== "GATES_GUARD_UNMET" || refused.entries.length > 0)) expect(refused).toBeNull();
      }
      const longer = [...history, ...plan.entries];
      if (longer.length < depth) visit(plan.next, longer);
      else expect(foldCycle(longer, { entityId: id, table })).toEqual(plan.next);
    }
  };
  visit(initialState(id), []);
  return steps;
}

/** How many paths of less than `depth` events the seed's table has, counted state by state. */
function pathsOf(edges: readonly Edge[], depth: number): number {
  const end = "[*]";
  let ways = new Map<string | null, number>([[null, 1]]);
  let paths = 0;
  for (let length = 0; length < depth; length++) {
    paths += [...ways.values()].reduce((sum, count) => sum + count, 0);
    const next = new Map<string | null, number>();
    for (const [from, , to] of edges) {
      const count = ways.get(from) ?? 0;
      if (count > 0) next.set(to ?? end, (next.get(to ?? end) ?? 0) + count);
    }
    ways = next;
  }
  return paths;
}

describe("the lifecycle, checked against the tables of the seed", () => {
  it.each(seeds)(
    "of preset %s decides every path of up to 12 events as the seed does, guards included (LIF-13, LIF-16)",
    (preset, edges) => {
      const depth = times(12, 15);
      expect(walk(preset, { edges, depth })).toBe(pathsOf(edges, depth) * events.length);
    },
  );

  it("is caught when it knows an edge that the seed does not, or lacks one (LIF-13)", () => {
    const extra: Edge = ["PLANNED", "jump", "EXECUTED"];
    expect(() => walk("be", { edges: [...forward, ...back, extra], depth: 3 })).toThrow();
    expect(() => walk("be", { edges: forward, depth: 5 })).toThrow();
  });

  it.each(seeds.map(([preset]) => preset))(
    "of preset %s is gated at every step, and at no other (LIF-15, GAT-18, GAT-19, GAT-20)",
    (preset) => {
      const { lifecycle: table, gates } = presets[preset];
      let cycle = initialState(id);
      for (const [from, event, to] of forward.filter(([, name]) => name !== "update_plan")) {
        const { required, computed } = transitionGates(gates, { from, to } as never);
        const report = evaluateGates(sound, gates, { names: [...required, ...computed] });
        const rules = { table, gates, evidence: sound, seq: 0 };
        for (const name of required) {
          const others = { ...report, gates: report.gates.filter((gate) => gate.name !== name) };
          const failed = {
            ...report,
            gates: report.gates.map((gate) => (gate.name === name ? { ...gate, outcome: "FAIL" as const } : gate)),
          };
          for (const altered of [others, failed]) expect(planTransition(cycle, event, { ...rules, report: altered }).ok).toBe(false);
        }
        // Gates that the sound evidence cannot satisfy are taken as passed here: this test is about where they stand.
        const passed = { ...report, gates: report.gates.map((gate) => ({ ...gate, outcome: "PASS" as const })) };
        const plan = planTransition(cycle, event, { ...rules, report: passed });
        if (!plan.ok) throw new Error(JSON.stringify(plan.findings));
        cycle = plan.next;
      }
      expect(cycle.isComplete).toBe(true);
    },
  );
});
