import {
  type Checkpoint,
  checkpointEntries,
  collectEvidence,
  evaluateGates,
  foldCheckpoints,
  planCheckpoints,
  testResultStatement,
  type Timers,
  verificationSummaryStatement,
} from "@gov/gates";
import { digestBytes } from "@gov/schema/canonical";
import type { JsonValue } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { evidenceOf } from "./evidence-fixture.ts";

/** Timers that run only when told to. */
function manualTimers(): Timers & { readonly fire: () => void; readonly pending: () => number } {
  const callbacks = new Set<() => void>();
  return {
    after: (_milliseconds, callback) => {
      callbacks.add(callback);
      return () => void callbacks.delete(callback);
    },
    fire: () => {
      const due = [...callbacks];
      callbacks.clear();
      for (const callback of due) callback();
    },
    pending: () => callbacks.size,
  };
}

/** Lets every reader that does not wait for a timer come back. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

const coverage = (lines: number) => ({ value: { lines, branches: 90, path: null }, sources: [] });
const gates = { coverage: { triggers: [], validators: [{ type: "coverage_analyzer" }] } };
const reportOf = (lines: number) => evaluateGates(evidenceOf({ coverage: coverage(lines).value }), gates);

describe("collectEvidence()", () => {
  it("gives up on a reader that takes longer than the limit, and the gate does not pass (GAT-26)", async () => {
    const timers = manualTimers();
    const limit = { milliseconds: 500, timers };
    const never = new Promise<never>(() => undefined);
    const collecting = collectEvidence(
      { subject: "P" },
      { coverage: () => never, contracts: async () => ({ value: [], sources: [] }) },
      { limit },
    );
    await settled();
    timers.fire();
    const evidence = await collecting;
    expect([...evidence.failures]).toEqual([["coverage", "Reading took longer than 500 ms"]]);
    expect(evaluateGates(evidence, gates).outcome).toBe("ERROR");
    await settled();
    expect(timers.pending()).toBe(0);
  });

  it("cancels the limit of a reader that comes back, and keeps a reader's own failure (GAT-26)", async () => {
    const timers = manualTimers();
    const options = { limit: { milliseconds: 500, timers } };
    const fail = (): never => {
      throw new Error("no such file");
    };
    const evidence = await collectEvidence({ subject: "P" }, { coverage: async () => coverage(90), contracts: fail }, options);
    expect(evidence.parts.coverage?.value.lines).toBe(90);
    expect([...evidence.failures]).toEqual([["contracts", "no such file"]]);
    await settled();
    expect(timers.pending()).toBe(0);
  });

  it("tells durations to the observer and to nobody else (GAT-26)", async () => {
    let time = 0;
    const events: unknown[] = [];
    const timing = {
      clock: { now: () => 0, monotonicMs: () => (time += 5) },
      observer: { event: (name: string, fields: Readonly<Record<string, JsonValue>>) => void events.push([name, fields]) },
    };
    const timed = await collectEvidence({ subject: "P" }, { coverage: async () => coverage(90) }, { timing });
    expect(events).toEqual([["gates.evidence_collected", { part: "coverage", failed: false, cached: false, milliseconds: 5 }]]);
    expect(timed).toEqual(await collectEvidence({ subject: "P" }, { coverage: async () => coverage(90) }));
  });
});

describe("planCheckpoints()", () => {
  it("leaves one checkpoint of a gate that is run twice (GAT-24, PRO-10)", () => {
    const first = planCheckpoints(reportOf(90), []);
    expect(first.create.map(({ gate, subject }) => [gate, subject])).toEqual([["coverage", "PLN-BE-2024-01"]]);
    expect(planCheckpoints(reportOf(90), first.create)).toEqual({ create: [], findings: [] });
    const stricter = evaluateGates(evidenceOf({ coverage: coverage(90).value }), {
      coverage: { triggers: [], validators: [{ type: "coverage_analyzer", minimum: 85 }] },
    });
    expect(planCheckpoints(stricter, first.create).create).toHaveLength(1);
  });

  it("alerts when a gate fails and there is nothing to roll back to (GAT-24, PRO-10, ALR-05)", () => {
    expect(planCheckpoints(reportOf(10), []).findings.map(({ message }) => message)).toEqual([
      'Gate "coverage" is FAIL, and "PLN-BE-2024-01" has no checkpoint to roll back to',
    ]);
    const [checkpoint] = planCheckpoints(reportOf(90), []).create as readonly [Checkpoint];
    expect(planCheckpoints(reportOf(10), [checkpoint])).toEqual({ create: [], findings: [] });
    expect(planCheckpoints(reportOf(10), [{ ...checkpoint, subject: "other" }]).findings).toHaveLength(1);
  });
});

describe("checkpointEntries(), foldCheckpoints()", () => {
  it("keep a checkpoint in the log once, and pass over what is none (GAT-24)", () => {
    const checkpoint: Checkpoint = { id: "sha256:1", gate: "g", subject: "s", subject_digest: "sha256:2", config_digest: null };
    const entries = checkpointEntries([checkpoint, { ...checkpoint, id: "sha256:3", config_digest: "sha256:4" }]);
    const events = [...entries, ...entries] as unknown as readonly JsonValue[];
    expect(foldCheckpoints(events)).toEqual(entries.map(({ payload }) => payload));
    const broken = [null, "x", { type: "CHECKPOINT_CREATED" }, { type: "CHECKPOINT_CREATED", payload: { ...checkpoint, gate: 1 } }];
    const odd = [
      { type: "CHECKPOINT_CREATED", payload: { ...checkpoint, config_digest: 1 } },
      { type: "OTHER", payload: checkpoint },
    ];
    expect(foldCheckpoints([...broken, ...odd] as readonly JsonValue[])).toEqual([]);
  });
});

describe("testResultStatement(), verificationSummaryStatement()", () => {
  const options = {
    verifier: "https://example.org/gov",
    timeVerified: "2026-01-10T00:00:00Z",
    resourceUri: "git+https://example.org/plans",
    policyUri: "governance/rules",
    rulebookHash: digestBytes(Buffer.from("rules")),
  };

  it("say about the judged subject what the report says", () => {
    const passed = testResultStatement(reportOf(90));
    const sha256 = reportOf(90).subject.digest.slice(7);
    expect(passed.subject).toEqual([{ name: "PLN-BE-2024-01", digest: { sha256 } }]);
    expect(passed.predicate).toMatchObject({ result: "PASSED", passedTests: ["coverage"], warnedTests: [], failedTests: [] });
    expect(passed.predicate.configuration[0]?.digest.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(testResultStatement(reportOf(10)).predicate).toMatchObject({ result: "FAILED", failedTests: ["coverage"] });
    const summary = verificationSummaryStatement(reportOf(90), options);
    expect(summary.predicateType).toBe("https://slsa.dev/verification_summary/v1");
    expect(summary.predicate).toMatchObject({ verificationResult: "PASSED", verifiedLevels: ["GOV_GATE_COVERAGE_PASS"] });
    expect(summary.predicate.policy.digest.sha256).toBe(options.rulebookHash.slice(7));
  });

  it("never say passed when a gate was skipped, waived gates warn, and no gate is no pass", () => {
    const waived = reportOf(10);
    const warned = { ...waived, outcome: "WAIVED" as const, gates: waived.gates.map((gate) => ({ ...gate, outcome: "WAIVED" as const })) };
    expect(testResultStatement(warned).predicate).toMatchObject({ result: "WARNED", warnedTests: ["coverage"] });
    expect(verificationSummaryStatement(reportOf(10), options).predicate).toMatchObject({
      verificationResult: "FAILED",
      verifiedLevels: ["FAILED"],
    });
    const none = evaluateGates(evidenceOf({}), {});
    expect(testResultStatement(none).predicate.result).toBe("FAILED");
    expect(verificationSummaryStatement(none, options).predicate.verificationResult).toBe("FAILED");
    const unknown = evaluateGates(evidenceOf({}), {}, { names: ["ghost"] });
    expect(testResultStatement(unknown).predicate.configuration).toEqual([]);
  });
});
