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
  modesInForce,
  parseCiRuns,
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

describe("modesInForce()", () => {
  const log = [
    changed("solo", "shadow"),
    changed("shadow", "soft_block"),
    changed("soft_block", "shadow", "g"),
    changed("soft_block", "hard_block", "h"),
  ];
  const under = (environment?: string, changes = log) => {
    const { modes, overall, entry } = modesInForce(changes, environment);
    return [overall, modes === null ? null : Object.fromEntries(modes.gates), entry?.type ?? null];
  };

  it("knows none while nobody has decided on any (GOV-15)", () => {
    expect(under(undefined, [])).toEqual(["solo", null, null]);
    expect(under(" ", [])).toEqual(["solo", null, null]);
    expect(under("shadow", [])).toEqual(["shadow", {}, null]);
  });

  it("lets the environment tighten every gate and weaken none (GOV-15)", () => {
    expect(under()).toEqual(["soft_block", { g: "shadow", h: "hard_block" }, null]);
    expect(under("soft_block")).toEqual(["soft_block", { g: "soft_block", h: "hard_block" }, null]);
    expect(under("hard_block")).toEqual(["hard_block", { g: "hard_block", h: "hard_block" }, null]);
    expect(under("solo")).toEqual(["soft_block", { g: "shadow", h: "hard_block" }, "MODE_DENIED"]);
    expect(under("none")).toEqual(["hard_block", { g: "hard_block", h: "hard_block" }, "MODE_DENIED"]);
  });
});

describe("planModeChange()", () => {
  const plan = (to: EnforcementMode, log: readonly ModeChanged[] = [], runs: readonly CiRun[] = three) =>
    planModeChange({ gate: null, to, by: "ada", reason: "stable" }, { modes: foldModes(log), runs });

  it("goes up one step at a time (GOV-15)", () => {
    expect(plan("shadow")).toEqual({
      ok: true,
      entry: { type: "MODE_CHANGED", payload: { ...changed("solo", "shadow").payload, runs: ["1", "2", "3"] } },
    });
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

  it("blocks what neither passes nor is waived while nobody has decided on modes (GOV-15)", () => {
    const outcomes = ["PASS", "WAIVED", "FAIL", "PENDING", "SKIPPED", "ERROR"] as const;
    const blocking = outcomes.filter((outcome) => enforceReport(report(outcome), null).isBlocking);
    expect(blocking).toEqual(["FAIL", "PENDING", "SKIPPED", "ERROR"]);
    expect(enforceReport(report("FAIL"), null).entries).toEqual([]);
  });

  it("blocks by the mode of a gate however the log spells its name (GOV-15, B-17)", () => {
    const modes = foldModes([changed("solo", "shadow", "Parity/G"), changed("shadow", "soft_block", "parity-g")]);
    const failed = { ...report("FAIL"), gates: report("FAIL").gates.map((gate) => ({ ...gate, name: "parity_g" })) };
    expect(enforceReport(failed, modes).isBlocking).toBe(true);
    expect(planModeChange({ gate: "PARITY_G", to: "solo", by: "ada", reason: "moved" }, { modes, runs: [] })).toMatchObject({
      entry: { payload: { from: "soft_block" } },
    });
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

describe("parseCiRuns()", () => {
  it("reads runs as CI writes them, and nothing else (GOV-16)", () => {
    const run = { id: "1", green: true, integration: false };
    expect(parseCiRuns([run])).toEqual([{ id: "1", isGreen: true, hasIntegration: false }]);
    const broken = [null, {}, "x", [null], [{ ...run, id: "" }], [{ ...run, green: "yes" }], [{ id: "1", green: true }]];
    for (const value of broken) expect(parseCiRuns(value)).toBeNull();
  });

  it("are named by the entry of an escalation that was decided on them, and by no other (GOV-16)", () => {
    const runs = ["1", "2", "3", "4"].map((id) => ({ id, isGreen: true, hasIntegration: true }));
    const request = { gate: null, by: "ada", reason: "stable" };
    const payloadOf = (plan: ReturnType<typeof planModeChange>) => (plan.ok ? plan.entry.payload : null);
    expect(payloadOf(planModeChange({ ...request, to: "shadow" }, { modes: foldModes([]), runs }))?.runs).toEqual(["2", "3", "4"]);
    const free = { modes: foldModes([]), runs, greensRequired: { shadow: 0 } };
    expect(payloadOf(planModeChange({ ...request, to: "shadow" }, free))?.runs).toEqual([]);
    const down = { modes: { overall: "shadow", gates: new Map() } as const, runs };
    expect(payloadOf(planModeChange({ ...request, to: "solo" }, down))).toEqual({ ...request, from: "shadow", to: "solo" });
  });
});
