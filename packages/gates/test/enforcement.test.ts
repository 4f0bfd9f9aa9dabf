import { evaluateGates, type GateOutcome } from "@gov/gates";
import {
  type CiRun,
  consecutiveGreens,
  effectiveMode,
  enforcementModes,
  type EnforcementMode,
  enforceReport,
  foldModes,
  isModeChanged,
  type ModeChanged,
  planModeChange,
  planPlannerBypass,
} from "@gov/gates/enforcement";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { evidenceOf } from "./evidence-fixture.ts";

const changed = (from: EnforcementMode, to: EnforcementMode, gate: string | null = null): ModeChanged => ({
  type: "MODE_CHANGED",
  payload: { gate, from, to, by: "ada", reason: "stable" },
});
const green = (id: string, changes: Partial<CiRun> = {}): CiRun => ({ id, isGreen: true, hasIntegration: true, ...changes });
const three = [green("1"), green("2"), green("3")];

describe("effectiveMode()", () => {
  it("lets the environment tighten and never weaken (GOV-15)", () => {
    for (const [index, logged] of enforcementModes.entries())
      for (const [asked, environment] of enforcementModes.entries()) {
        const { mode, entry, findings } = effectiveMode(logged, environment.toUpperCase());
        expect(mode).toBe(enforcementModes[Math.max(index, asked)]);
        expect(findings.map(({ code }) => code)).toEqual(asked < index ? ["GATES_MODE_WEAKENED"] : []);
        const denied = { type: "MODE_DENIED", payload: { asked: environment, logged, in_force: logged } };
        expect(entry).toEqual(asked < index ? denied : null);
      }
    for (const unset of [undefined, " "]) expect(effectiveMode("shadow", unset)).toEqual({ mode: "shadow", entry: null, findings: [] });
  });

  it("takes the strictest mode for one that is unknown (GOV-15)", () => {
    const { mode, entry, findings } = effectiveMode("solo", "off");
    expect(mode).toBe("hard_block");
    expect(entry?.payload).toEqual({ asked: "off", logged: "solo", in_force: "hard_block" });
    expect(findings.map(({ code }) => code)).toEqual(["GATES_MODE_UNKNOWN"]);
  });
});

describe("planModeChange()", () => {
  const plan = (to: EnforcementMode, log: readonly ModeChanged[] = [], runs: readonly CiRun[] = three) =>
    planModeChange({ gate: null, to, by: "ada", reason: "stable" }, { modes: foldModes(log), runs });

  it("goes up one step at a time (GOV-15)", () => {
    expect(plan("shadow")).toEqual({ ok: true, entry: changed("solo", "shadow") });
    const skipped = plan("soft_block");
    expect(skipped.ok ? [] : skipped.findings.map(({ message }) => message)).toEqual([
      "Cannot go from solo to soft_block: the next step is shadow",
    ]);
    expect(plan("solo").ok).toBe(false);
    expect(plan("soft_block", [changed("solo", "shadow")]).ok).toBe(true);
  });

  it("asks for three consecutive green runs with integration suites, or as many as the step says (GOV-16, B-25)", () => {
    expect(plan("shadow", [], three.slice(1)).ok).toBe(false);
    expect(plan("shadow", [], [...three, green("4", { isGreen: false })]).ok).toBe(false);
    expect(consecutiveGreens([green("0", { hasIntegration: false }), ...three])).toBe(3);
    expect(consecutiveGreens([green("1"), green("1"), green("1")])).toBe(1);
    const request = { gate: null, to: "shadow" as const, by: "ada", reason: "stable" };
    const modes = foldModes([]);
    expect(planModeChange(request, { modes, runs: [], greensRequired: { shadow: 0 } }).ok).toBe(true);
    expect(planModeChange(request, { modes, runs: three, greensRequired: { shadow: Number.NaN } }).ok).toBe(false);
  });

  it("goes down with a reason, and never without one", () => {
    const log = [changed("solo", "shadow"), changed("shadow", "soft_block")];
    expect(plan("solo", log, [])).toEqual({ ok: true, entry: changed("soft_block", "solo") });
    const request = { gate: null, to: "solo" as const, by: "ada", reason: " " };
    expect(planModeChange(request, { modes: foldModes(log), runs: [] }).ok).toBe(false);
  });

  it("keeps a mode per gate beside the overall one", () => {
    const modes = foldModes([changed("solo", "shadow"), changed("shadow", "soft_block", "schema_lint")]);
    expect([modes.overall, modes.gates.get("schema_lint")]).toEqual(["shadow", "soft_block"]);
    const request = { gate: "schema_lint", to: "hard_block" as const, by: "ada", reason: "stable" };
    expect(planModeChange(request, { modes, runs: three }).ok).toBe(true);
  });
});

describe("foldModes()", () => {
  it("passes over entries that were decided on another state, or skip a step (GOV-15)", () => {
    expect(foldModes([changed("solo", "hard_block"), changed("shadow", "soft_block")]).overall).toBe("solo");
    expect(foldModes([changed("solo", "shadow"), changed("shadow", "soft_block"), changed("soft_block", "solo")]).overall).toBe("solo");
  });

  it("knows its entries", () => {
    const entry = changed("solo", "shadow");
    expect(isModeChanged(entry)).toBe(true);
    expect(isModeChanged({ ...entry, payload: { ...entry.payload, gate: "g" } })).toBe(true);
    for (const payload of [{ gate: 1 }, { from: "off" }, { to: "off" }, { by: null }, { reason: null }])
      expect(isModeChanged({ ...entry, payload: { ...entry.payload, ...payload } })).toBe(false);
    for (const value of [null, { type: "OTHER", payload: {} }, { type: "MODE_CHANGED" }]) expect(isModeChanged(value)).toBe(false);
  });
});

describe("enforceReport()", () => {
  const fixed = (outcome: GateOutcome) => ({
    type: outcome,
    options: [],
    needs: () => [],
    evaluate: () => ({ outcome: outcome as "PASS", findings: [] }),
  });
  const validators = new Map((["PASS", "FAIL", "PENDING", "SKIPPED", "ERROR"] as const).map((outcome) => [outcome, fixed(outcome)]));
  const report = (outcome: GateOutcome) => {
    const made = evaluateGates(
      evidenceOf({}),
      { g: { triggers: [], validators: [{ type: outcome === "WAIVED" ? "FAIL" : outcome }] } },
      { validators },
    );
    return { ...made, gates: made.gates.map((gate) => ({ ...gate, outcome })) };
  };

  it("blocks by mode and outcome: never in solo and shadow (GOV-15, B-16)", () => {
    const blocking = (mode: EnforcementMode) =>
      (["PASS", "WAIVED", "SKIPPED", "PENDING", "FAIL", "ERROR"] as const).filter(
        (outcome) => enforceReport(report(outcome), { overall: mode, gates: new Map() }).isBlocking,
      );
    expect(blocking("solo")).toEqual([]);
    expect(blocking("shadow")).toEqual([]);
    expect(blocking("soft_block")).toEqual(["SKIPPED", "PENDING", "FAIL", "ERROR"]);
    expect(blocking("hard_block")).toEqual(["WAIVED", "SKIPPED", "PENDING", "FAIL", "ERROR"]);
  });

  it("stores what a gate in shadow would have done", () => {
    const enforced = enforceReport(report("FAIL"), { overall: "hard_block", gates: new Map([["g", "shadow"]]) });
    expect(enforced.isBlocking).toBe(false);
    expect(enforced.entries.map(({ payload }) => [payload.gate, payload.outcome, payload.wouldBlock])).toEqual([["g", "FAIL", true]]);
    expect(enforceReport(report("PASS"), { overall: "shadow", gates: new Map() }).entries[0]?.payload.wouldBlock).toBe(false);
  });
});

describe("planPlannerBypass()", () => {
  const tokenDigest = digestBytes(Buffer.from("secret"));
  const call = { isCi: true, hasFlag: false, token: null };

  it("never waits for a confirmation in CI: by flag or token it goes on, else it alerts (GAT-27, ALR-07)", () => {
    const action = (
      changes: Partial<{ isCi: boolean; hasFlag: boolean; token: string | null }>,
      expected: typeof tokenDigest | null = tokenDigest,
    ) => planPlannerBypass({ ...call, ...changes }, { tokenDigest: expected }).action;
    expect(action({})).toBe("refuse");
    expect(planPlannerBypass(call, { tokenDigest }).findings.map(({ code }) => code)).toEqual(["GATES_CONFIRMATION_REQUIRED"]);
    expect(action({ hasFlag: true })).toBe("proceed");
    expect(action({ token: "secret" })).toBe("proceed");
    expect(action({ token: "guess", hasFlag: true })).toBe("refuse");
    expect(action({ token: "" }, null)).toBe("refuse");
    expect(action({ isCi: false })).toBe("confirm");
  });
});
