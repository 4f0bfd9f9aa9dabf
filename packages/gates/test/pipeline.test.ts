import { evaluateGates, evaluatePipeline, explainReport, type GateConfigs, pipelineOrders } from "@gov/gates";
import type { Validator, ValidatorVerdict } from "@gov/gates/validators";
import { presets } from "@gov/schema/presets";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evidenceOf } from "./evidence-fixture.ts";
import { times } from "./proof-scale.ts";

const outcomes = ["PASS", "SKIPPED", "PENDING", "FAIL", "ERROR"] as const;
const names = ["a", "b", "c", "d", "e"];

/** A validator that gives what its configuration says, and remembers that it was asked. */
function scripted(): { readonly validators: ReadonlyMap<string, Validator>; readonly asked: string[] } {
  const asked: string[] = [];
  const validator: Validator = {
    type: "scripted",
    options: ["gate", "outcome"],
    needs: () => [],
    evaluate: ({ gate, outcome }) => {
      asked.push(String(gate));
      return { outcome: outcome as ValidatorVerdict["outcome"], findings: [] };
    },
  };
  return { validators: new Map([[validator.type, validator]]), asked };
}

describe("evaluatePipeline()", () => {
  it("has the eight gates of the seed in their order, the first four as its core (GAT-23)", () => {
    expect(pipelineOrders.extended).toEqual(presets.pipeline.order);
    expect(pipelineOrders.core).toEqual(presets.pipeline.order.slice(0, 4));
    const { report, blockedBy } = evaluatePipeline(evidenceOf({}), presets.pipeline.gates, { order: pipelineOrders.extended });
    expect([blockedBy, report.outcome]).toEqual(["backlog", "FAIL"]);
    expect(report.gates.filter(({ outcome }) => outcome === "SKIPPED")).toHaveLength(7);
  });

  it("runs gates up to the first that does not let through, whatever the outcomes and the order (GAT-23)", () => {
    const gate = fc.record({ name: fc.constantFrom(...names), outcome: fc.constantFrom(...outcomes) });
    fc.assert(
      fc.property(fc.uniqueArray(gate, { selector: ({ name }) => name, minLength: 1 }), (pipeline) => {
        const { validators, asked } = scripted();
        const configs: GateConfigs = Object.fromEntries(
          pipeline.map(({ name, outcome }) => [name, { triggers: [], validators: [{ type: "scripted", gate: name, outcome }] }]),
        );
        const { report, blockedBy, order } = evaluatePipeline(evidenceOf({}), configs, {
          order: pipeline.map(({ name }) => name),
          validators,
        });
        const stop = pipeline.findIndex(({ outcome }) => outcome !== "PASS");
        const reached = stop < 0 ? pipeline : pipeline.slice(0, stop + 1);
        expect(order).toEqual(pipeline.map(({ name }) => name));
        expect(asked).toEqual(reached.map(({ name }) => name));
        expect(blockedBy).toBe(stop < 0 ? null : pipeline[stop]?.name);
        expect(report.outcome === "PASS").toBe(stop < 0);
        expect(new Map(report.gates.map(({ name, outcome }) => [name, outcome]))).toEqual(
          new Map(pipeline.map(({ name, outcome }, index) => [name, index < reached.length ? outcome : "SKIPPED"])),
        );
        expect(report.findings.filter(({ code }) => code === "GATES_GATE_BLOCKED")).toHaveLength(pipeline.length - reached.length);
      }),
      { numRuns: times(500, 10000) },
    );
  });

  it("refuses an order that names nothing, or a gate twice in any spelling (GAT-23)", () => {
    for (const order of [[], ["a", "A"]]) expect(() => evaluatePipeline(evidenceOf({}), {}, { order })).toThrow(RangeError);
    expect(evaluatePipeline(evidenceOf({}), {}, { order: ["ghost"] }).report.outcome).toBe("ERROR");
  });
});

describe("explainReport()", () => {
  it("shows rules, evidence and findings of every gate, of the same report (GAT-28)", () => {
    const gates = {
      coverage: {
        triggers: [{ from: "PLANNED", to: "PACKAGED" }] as const,
        validators: [{ type: "coverage_analyzer" }],
        failure_action: "Test more",
      },
      empty: { triggers: [], validators: [] },
    };
    const evidence = evidenceOf({ coverage: { lines: 10, branches: 10, path: "coverage.json" } });
    const report = evaluateGates(evidence, gates as never);
    const lines = explainReport(report);
    expect(lines[0]).toBe("PLN-BE-2024-01: ERROR");
    expect(lines).toContain("  gate coverage: FAIL");
    expect(lines).toContain("    validator coverage_analyzer: FAIL");
    expect(lines).toContain("      error GATES_COVERAGE_LOW: Coverage of lines is 10 %: at least 80 % are required (coverage.json)");
    expect(lines.some((line) => /^ {4}read coverage\.json sha256:/.test(line))).toBe(true);
    expect(lines).toContain("    asks: Test more");
    expect(lines).toContain("    rules none");
    const placed = { code: "A", severity: "note" as const, message: "m", path: "a", line: 3, column: null, hint: "h" };
    const [first] = report.gates;
    if (first === undefined) throw new Error("a gate ran");
    const shown = explainReport({ ...report, transition: { from: "PLANNED", to: "PACKAGED" }, gates: [{ ...first, findings: [placed] }] });
    expect(shown[0]).toBe("PLN-BE-2024-01: ERROR, PLANNED -> PACKAGED");
    expect(shown).toContain("    note A: m (a:3); h");
    expect(evaluateGates(evidence, gates as never)).toEqual(report);
  });
});
