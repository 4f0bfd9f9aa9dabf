import {
  canonicalGateName,
  collectEvidence,
  contractsOf,
  customScripts,
  evaluateGates,
  type Evidence,
  evidenceSources,
  gateOutcomes,
  gateResults,
  neededParts,
  parseGateOutcome,
  requiredGates,
  subjectDigest,
  tasksOf,
  worstOutcome,
} from "@gov/gates";
import { criticalTransitions, gatesBefore, transitionGates } from "@gov/gates/lifecycle";
import { builtInValidators, type Validator, type ValidatorVerdict } from "@gov/gates/validators";
import type { GateConfig } from "@gov/schema";
import { presets } from "@gov/schema/presets";
import { describe, expect, it } from "vitest";
import { evidenceOf, soundValues } from "./evidence-fixture.ts";

const gate = (...validators: GateConfig["validators"]): GateConfig => ({
  triggers: [{ from: "PLANNED", to: "READY_FOR_HANDOFF" }],
  validators,
  failure_action: "mend it",
});
const sound = evidenceOf(soundValues);

function withValidator(verdict: () => ValidatorVerdict): ReadonlyMap<string, Validator> {
  return new Map([...builtInValidators, ["own", { type: "own", options: [], needs: () => [], evaluate: verdict }]]);
}

function outcomeOf(verdict: () => ValidatorVerdict): readonly (string | undefined)[] {
  const report = evaluateGates(sound, { g: gate({ type: "own" }) }, { validators: withValidator(verdict) });
  return [report.outcome, ...report.findings.map(({ code }) => code)];
}

const error = { code: "X", severity: "error", message: "x", path: null, line: null, column: null } as const;

describe("evaluateGates()", () => {
  it("passes every gate of the be preset on sound evidence, with evidence and outcome stored (GAT-01, GAT-05)", () => {
    const report = evaluateGates(sound, presets.be.gates);
    expect(report.outcome).toBe("PASS");
    expect(gateResults(report)).toEqual({
      critical_zero: "PASS",
      cross_stream_consistency: "PASS",
      parity_coverage: "PASS",
      schema_lint: "PASS",
    });
    expect(report.subject).toEqual({ id: "PLN-BE-2024-01", digest: subjectDigest(sound) });
    expect(report.gates.find(({ name }) => name === "parity_coverage")?.evidence.map(({ path }) => path)).toEqual([
      "backlog.json",
      "coverage.json",
      "storyMap.json",
    ]);
    expect(report.gates.every(({ failureAction }) => failureAction === null)).toBe(true);
  });

  it("runs the gates of an edge, as the preset maps them (GAT-19)", () => {
    const names = (
      from: "PLANNED" | "READY_FOR_HANDOFF" | "PACKAGED" | "EXECUTED",
      to: "READY_FOR_HANDOFF" | "PACKAGED" | "EXECUTED" | "VALIDATED",
    ) => evaluateGates(sound, presets.be.gates, { transition: { from, to } }).gates.map(({ name }) => name);
    expect(names("PLANNED", "READY_FOR_HANDOFF")).toEqual(["critical_zero", "schema_lint"]);
    expect(names("READY_FOR_HANDOFF", "PACKAGED")).toEqual(["critical_zero", "cross_stream_consistency"]);
    expect(names("PACKAGED", "EXECUTED")).toEqual(["parity_coverage"]);
    expect(names("EXECUTED", "VALIDATED")).toEqual([]);
  });

  it("gives every finding at once, and the failure action of what did not pass (GAT-21)", () => {
    const report = evaluateGates(
      evidenceOf({ ...soundValues, backlog: [], coverage: { lines: 1, branches: 1, path: null } }),
      presets.be.gates,
      { names: ["parity/coverage"] },
    );
    expect(report.outcome).toBe("FAIL");
    expect(report.gates[0]).toMatchObject({ name: "parity_coverage", failureAction: "Return to PACKAGED for enhancement" });
    expect(report.findings.map(({ code }) => code)).toEqual(["GATES_COVERAGE_LOW", "GATES_STORY_WITHOUT_TASK", "GATES_STORY_WITHOUT_TASK"]);
  });

  it("never passes what it cannot judge (GAT-01)", () => {
    const codesOf = (gates: Record<string, GateConfig>, evidence: Evidence = sound, names?: readonly string[]) => {
      const report = evaluateGates(evidence, gates, { names });
      return [report.outcome, ...report.findings.map(({ code }) => code)];
    };
    expect(codesOf({ g: gate() })).toEqual(["ERROR", "GATES_VALIDATORS_EMPTY"]);
    expect(codesOf({ g: gate({ type: "nobody" }) })).toEqual(["ERROR", "GATES_UNKNOWN_VALIDATOR"]);
    expect(codesOf({ g: gate({ type: "constructor" }) })).toEqual(["ERROR", "GATES_UNKNOWN_VALIDATOR"]);
    expect(codesOf({ g: gate({ type: "contracts" }) }, sound, ["other"])).toEqual(["ERROR", "GATES_UNKNOWN_GATE"]);
    expect(codesOf({ g: gate({ type: "contracts" }) }, sound, ["constructor"])).toEqual(["ERROR", "GATES_UNKNOWN_GATE"]);
    expect(codesOf({ "a/b": gate({ type: "contracts" }), a_b: gate({ type: "contracts" }) })).toEqual(["ERROR", "GATES_CONFIG_INVALID"]);
    expect(codesOf({ g: gate({ type: "coverage_analyzer", minimun: 10 }) })).toEqual(["ERROR", "GATES_CONFIG_INVALID"]);
    expect(codesOf({ g: gate({ type: "contracts", strict: false }) })).toEqual(["ERROR", "GATES_CONFIG_INVALID"]);
    expect(codesOf({})).toEqual(["SKIPPED"]);
  });

  it.each<unknown>([
    null,
    "schema_lint",
    {},
    { triggers: [], validators: null },
    { triggers: [], validators: [null] },
    { triggers: [], validators: ["contracts"] },
    { triggers: [], validators: [{ script: "a.mjs" }] },
    { validators: [{ type: "contracts" }] },
    { triggers: [null], validators: [{ type: "contracts" }] },
  ])("never passes a gate configured past its schema as %j, which guards every edge (GAT-05)", (config) => {
    const gates = { odd: config, fine: gate({ type: "contracts" }) } as unknown as Record<string, GateConfig>;
    const report = evaluateGates(sound, gates, { transition: { from: "VALIDATED", to: "IMPROVE" } });
    expect(report.gates.map(({ name, outcome }) => [name, outcome])).toEqual([["odd", "ERROR"]]);
    expect(report.findings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'GATES_CONFIG_INVALID Cannot run gate "odd": its configuration must be a mapping with lists of triggers, each with from and to, and of validators, each with a type',
    ]);
    expect(evaluateGates(sound, gates).gates.map(({ outcome }) => outcome)).toEqual(["PASS", "ERROR"]);
    expect(neededParts(gates, { names: ["odd", "fine"] })).toEqual(["contracts"]);
    expect(customScripts(gates)).toEqual([]);
    const { lifecycle: table } = presets.be;
    expect(criticalTransitions(table, gates).every(({ gates: names, edge }) => names.includes("odd") || edge.to === null)).toBe(true);
    expect(gatesBefore(gates, { table, state: "PLANNED" })).toEqual({ required: [], pending: ["fine", "odd"] });
    expect(transitionGates(gates, { from: "EXECUTED", to: "VALIDATED" })).toEqual({ required: ["odd"], computed: [] });
  });

  it("fails on evidence that was not collected, for every validator (GAT-12, GAT-01)", () => {
    for (const type of builtInValidators.keys()) {
      const report = evaluateGates(evidenceOf({}), { g: gate({ type }) });
      expect([type, report.outcome]).toEqual([type, "FAIL"]);
      expect(new Set(report.findings.map(({ code }) => code))).toEqual(new Set(["GATES_EVIDENCE_MISSING"]));
    }
  });

  it("takes a validator's word only for what it may say (GAT-01)", () => {
    expect(outcomeOf(() => ({ outcome: "PASS", findings: [] }))).toEqual(["PASS"]);
    expect(outcomeOf(() => ({ outcome: "PASS", findings: [error] }))).toEqual(["FAIL", "X"]);
    expect(outcomeOf(() => ({ outcome: "SKIPPED", findings: [] }))).toEqual(["SKIPPED"]);
    expect(outcomeOf(() => ({ outcome: "PENDING", findings: [] }))).toEqual(["PENDING"]);
    expect(outcomeOf(() => ({ outcome: "WAIVED" as "PASS", findings: [] }))).toEqual(["ERROR", "GATES_VALIDATOR_FAULT"]);
    expect(outcomeOf(() => ({ outcome: "pass" as "PASS", findings: [] }))).toEqual(["ERROR", "GATES_VALIDATOR_FAULT"]);
    expect(outcomeOf(() => JSON.parse("null") as ValidatorVerdict)).toEqual(["ERROR", "GATES_VALIDATOR_FAULT"]);
    const thrower = (thing: unknown) => () => {
      throw thing;
    };
    expect(outcomeOf(thrower(new Error("broken")))).toEqual(["ERROR", "GATES_VALIDATOR_FAULT"]);
    expect(outcomeOf(thrower("broken"))).toEqual(["ERROR", "GATES_VALIDATOR_FAULT"]);
  });

  it("says the same when run again, with every finding each time (GAT-28)", () => {
    const failing = evidenceOf({ ...soundValues, artifacts: [], coverage: { lines: 0, branches: 0, path: null } });
    const [first, second] = [evaluateGates(failing, presets.be.gates), evaluateGates(failing, presets.be.gates)];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    expect(first.findings.length).toBeGreaterThan(1);
  });

  it("binds the report to its rules and its evidence", () => {
    const [one, other] = [gate({ type: "coverage_analyzer", minimum: 80 }), gate({ type: "coverage_analyzer", minimum: 81 })].map(
      (config) => evaluateGates(sound, { g: config }),
    );
    expect(one?.gates[0]?.configDigest).not.toBe(other?.gates[0]?.configDigest);
    const moved = evidenceOf(soundValues, { sources: [{ path: "x", digest: `sha256:${"9".repeat(64)}` }] });
    expect(subjectDigest(moved)).not.toBe(subjectDigest(sound));
    expect(subjectDigest(evidenceOf(soundValues, { subject: "other" }))).not.toBe(subjectDigest(sound));
  });
});

describe("collectEvidence()", () => {
  const source = { path: "coverage.json", digest: `sha256:${"1".repeat(64)}` } as const;

  it("collects the parts asked for, each with its sources (GAT-01)", async () => {
    const ports = {
      coverage: async () => ({ value: { lines: 80, branches: 80, path: "coverage.json" }, sources: [source] }),
      backlog: async () => ({ value: [], sources: [] }),
    };
    const evidence = await collectEvidence({ subject: "c" }, ports);
    expect(evidence.parts).toMatchObject({ artifacts: null, storyMap: null, coverage: { value: { lines: 80 } }, backlog: { value: [] } });
    expect(evidenceSources(evidence)).toEqual([source]);
    const some = await collectEvidence({ subject: "c", parts: ["backlog"] }, ports);
    expect([some.parts.coverage, some.parts.backlog?.value]).toEqual([null, []]);
  });

  it("records why a part could not be collected, and the gate errs (GAT-01)", async () => {
    for (const reason of [new Error("disk on fire"), "disk on fire"]) {
      // A reader may reject with anything, so this one does.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      const evidence = await collectEvidence({ subject: "c" }, { coverage: () => Promise.reject(reason) });
      const report = evaluateGates(evidence, { g: gate({ type: "coverage_analyzer" }) });
      expect(report.outcome).toBe("ERROR");
      expect(report.findings[0]).toMatchObject({
        code: "GATES_EVIDENCE_FAILED",
        message: 'Validator "coverage_analyzer" needs "coverage", which could not be collected: disk on fire',
      });
    }
  });

  it("refuses a part named twice", async () => {
    await expect(collectEvidence({ subject: "c", parts: ["backlog", "backlog"] }, {})).rejects.toThrow(TypeError);
  });
});

describe("neededParts()", () => {
  it("names what the gates look at, and nothing else", () => {
    expect(neededParts(presets.be.gates, { names: ["parity_coverage"] })).toEqual(["backlog", "coverage", "storyMap"]);
    expect(neededParts(presets.be.gates, { names: ["critical_zero"] })).toEqual(["backlog", "contracts", "criticalIssues"]);
    expect(neededParts({ g: gate({ type: "nobody" }) }, { names: ["g", "other"] })).toEqual([]);
  });
});

describe("tasksOf() and contractsOf()", () => {
  it("reads a backlog with tags and places", () => {
    const backlog = {
      version: "1.0.0",
      generated_at: "2024-01-15T10:00:00Z",
      tasks: [
        { id: "PLN-BE-001", title: "Bus", effort_points: 8, priority: "P0", dependencies: [] },
        {
          id: "PLN-BE-002",
          title: "Machine",
          effort_points: 13,
          priority: "P0",
          dependencies: ["PLN-BE-001"],
          owner: "ada",
          tags: ["Critical", "Risk:Low"],
          acceptance_criteria: ["six states"],
          linked_story_map_nodes: ["SM-1"],
        },
      ],
    };
    expect(tasksOf(backlog, { path: "b.yaml", lineOf: (pointer) => Number(pointer.split("/").at(-1)) + 10 })).toEqual([
      { id: "PLN-BE-001", path: "b.yaml", line: 10, owner: null, tags: [], dependencies: [], acceptanceCriteria: [], storyNodes: [] },
      {
        id: "PLN-BE-002",
        path: "b.yaml",
        line: 11,
        owner: "ada",
        tags: [
          { key: "Critical", value: null },
          { key: "Risk", value: "Low" },
        ],
        dependencies: ["PLN-BE-001"],
        acceptanceCriteria: ["six states"],
        storyNodes: ["SM-1"],
      },
    ]);
    expect(tasksOf({ version: "1", tasks: [{ id: "FE-1", title: "Page" }] }, { path: "f.yaml" })).toMatchObject([
      { id: "FE-1", line: null, dependencies: [] },
    ]);
  });

  it("reads contracts with places", () => {
    const document = { version: "1", contracts: [{ id: "C-1", consumer: "FE", provider: "BE", owner: "ada", state: "open" as const }] };
    expect(contractsOf(document, { path: "c.yaml", lineOf: () => 4 })).toEqual([
      { id: "C-1", owner: "ada", state: "open", due: null, escalationTo: null, path: "c.yaml", line: 4 },
    ]);
    expect(contractsOf(document, { path: "c.yaml" })[0]?.line).toBeNull();
  });
});

describe("gate names and outcomes", () => {
  it("knows a gate in each of the seeds' spellings (GAT-05, B-17)", () => {
    expect(["parity/coverage", "Parity-Coverage", " parity_coverage", "Peer Review"].map(canonicalGateName)).toEqual([
      "parity_coverage",
      "parity_coverage",
      "parity_coverage",
      "peer_review",
    ]);
    expect(requiredGates({ "parity/coverage": gate() }, { from: "PLANNED", to: "READY_FOR_HANDOFF" })).toEqual(["parity_coverage"]);
  });

  it("reads outcomes in any case, and takes the worst of several (B-17)", () => {
    expect(["pass", "Fail", "WAIVED", "green", ""].map(parseGateOutcome)).toEqual(["PASS", "FAIL", "WAIVED", null, null]);
    for (const [index, outcome] of gateOutcomes.entries()) expect(worstOutcome(gateOutcomes.slice(0, index + 1))).toBe(outcome);
    expect(worstOutcome([])).toBe("SKIPPED");
  });
});
