import { evaluateGates, type EvidenceValues } from "@gov/gates";
import { builtInValidators } from "@gov/gates/validators";
import { presets } from "@gov/schema/presets";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { artifact, contract, evidenceOf, type PlanningValues, story, task } from "./evidence-fixture.ts";
import { times } from "./proof-scale.ts";

const id = fc.constantFrom("A", "B", "C", "D", "SM-1", "SM-2");
const line = fc.constantFrom(null, 1, 2, 3);
const tags = fc.subarray([
  { key: "Critical", value: null },
  { key: "Risk", value: "Low" },
]);

const values: fc.Arbitrary<PlanningValues> = fc.record({
  artifacts: fc
    .array(fc.record({ id, path: fc.constantFrom("a.md", "b.md"), by: fc.constantFrom("id" as const, "path" as const), target: id }))
    .map((items) =>
      items.map(({ id: own, path, by, target }) => artifact(own, { path, references: [{ target, by, kinds: [], line: 2, column: 1 }] })),
    ),
  catalog: fc.array(id.map((known) => ({ id: known, kind: "plan", path: `${known}.md` }))),
  backlog: fc.array(
    fc
      .record({ id, line, tags, dependencies: fc.array(id, { maxLength: 3 }), storyNodes: fc.array(id, { maxLength: 2 }) })
      .map((changes) => task(changes.id, changes)),
  ),
  storyMap: fc.array(
    fc.record({ id, line, section: fc.constantFrom("backbone" as const, "release" as const) }).map((changes) => story(changes.id, changes)),
  ),
  contracts: fc.array(
    fc.record({ id, line, state: fc.constantFrom("satisfied" as const, "open" as const) }).map((changes) => contract(changes.id, changes)),
  ),
  coverage: fc.record({ lines: fc.integer({ min: 0, max: 100 }), branches: fc.constant(0), path: fc.constant(null) }),
  criticalIssues: fc.array(
    id.map((issue) => ({ id: issue, title: "t", path: null, line: null })),
    { maxLength: 1 },
  ),
});

const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });

describe("evaluateGates()", () => {
  it("gives the same bytes for the same input, whatever its order (GAT-01)", () => {
    const reordered = values.chain((given) =>
      fc.tuple(
        fc.constant(given),
        fc.record({
          artifacts: shuffled(given.artifacts),
          catalog: shuffled(given.catalog),
          backlog: shuffled(given.backlog),
          storyMap: shuffled(given.storyMap),
          contracts: shuffled(given.contracts),
          coverage: fc.constant(given.coverage),
          criticalIssues: fc.constant(given.criticalIssues),
        }),
        shuffled(Object.entries(presets.be.gates)),
        shuffled(["a", "b", "c"].map((path, index) => ({ path, digest: `sha256:${String(index).repeat(64)}` as const }))),
      ),
    );
    fc.assert(
      fc.property(reordered, ([given, permuted, gates, sources]) => {
        const expected = evaluateGates(
          evidenceOf(given, { sources: sources.toSorted((a, b) => (a.path < b.path ? -1 : 1)) }),
          presets.be.gates,
        );
        expect(JSON.stringify(evaluateGates(evidenceOf(permuted, { sources }), Object.fromEntries(gates)))).toBe(JSON.stringify(expected));
      }),
      { numRuns: times(500, 10000) },
    );
  });

  it("never passes with an error finding, nor with a part missing (GAT-01)", () => {
    fc.assert(
      fc.property(values, fc.constantFrom(...builtInValidators.keys()), (given, type) => {
        const gates = { g: { triggers: [], validators: [{ type }] } };
        const report = evaluateGates(evidenceOf(given), gates);
        expect(report.outcome === "PASS").toBe(!report.findings.some(({ severity }) => severity === "error"));
        for (const part of builtInValidators.get(type)?.needs({ type }) ?? []) {
          const { [part]: _missing, ...rest }: Partial<EvidenceValues> = given;
          expect(evaluateGates(evidenceOf(rest), gates).outcome).toBe("FAIL");
        }
      }),
      { numRuns: times(500, 10000) },
    );
  });
});

describe("dependency_graph", () => {
  it("finds a cycle exactly when following dependencies leads back, and the true depth when not (GAT-09)", () => {
    const names = ["A", "B", "C", "D", "E"];
    const graph = fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), { maxLength: 8 });
    fc.assert(
      fc.property(graph, fc.integer({ min: 0, max: 5 }), (edges, max_depth) => {
        const backlog = names.map((name) => task(name, { dependencies: edges.filter(([from]) => from === name).map(([, to]) => to) }));
        const targets = (name: string) => edges.filter(([from]) => from === name).map(([, to]) => to);
        // The longest walk: on five tasks a walk of five steps repeats one, so it goes around.
        const longest = (name: string, steps: number): number =>
          steps === 5 ? 5 : Math.max(steps, ...targets(name).map((target) => longest(target, steps + 1)));
        const depth = Math.max(...names.map((name) => longest(name, 0)));
        const { findings } = evaluateGates(evidenceOf({ backlog }), {
          g: { triggers: [], validators: [{ type: "dependency_graph", max_depth }] },
        });
        const codes = new Set(findings.map(({ code }) => code));
        expect([...codes]).toEqual(depth === 5 ? ["GATES_DEPENDENCY_CYCLE"] : depth > max_depth ? ["GATES_DEPENDENCY_DEPTH"] : []);
        for (const { message } of findings.filter(({ code }) => code === "GATES_DEPENDENCY_CYCLE")) {
          const cycle = (message.split(": ")[1] as string).split(" → ");
          expect(cycle[0]).toBe(cycle.at(-1));
          for (const [index, name] of cycle.slice(0, -1).entries()) expect(targets(name)).toContain(cycle[index + 1]);
        }
      }),
      { numRuns: times(1000, 20000) },
    );
  });
});
