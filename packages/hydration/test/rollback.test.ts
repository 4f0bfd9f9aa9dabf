import {
  dryRunHydration,
  type HydrationInput,
  planReapplication,
  planRuleRollback,
  routeArtifact,
  compileRoutes,
  type RuleVersion,
} from "@gov/hydration/routing";
import type { Finding, RouteSpec, RoutingSpec } from "@gov/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seedSpec } from "./arbitraries.ts";
import { proofRuns } from "./proof-runs.ts";
import { spec } from "./small-world.ts";

const route = (id: string, kind: string, to: string, precedence = 0): RouteSpec => ({ id, match: { kind }, to, precedence });
const version = (
  name: string,
  routes: readonly RouteSpec[],
  more: Partial<RuleVersion> & { overrides?: RoutingSpec["overrides"] } = {},
): RuleVersion => ({
  version: name,
  schemaVersion: more.schemaVersion ?? "1",
  hydration: more.hydration ?? seedSpec,
  routing: { routes: [...routes], overrides: more.overrides ?? [] },
});
const input = (id: string, kind: string, more: Partial<HydrationInput> = {}): HydrationInput => ({
  id,
  kind,
  path: `${id}-${more.digest?.slice(-1) ?? "a"}.md`,
  version: null,
  status: "approved",
  commitTime: 1,
  digest: `sha256:${"a".repeat(64)}`,
  tags: [],
  ...more,
});

const plans = route("plans", "plan", "plans/{id}.md");
const notes = route("notes", "note", "notes/{id}.md");
const rival = route("rival", "plan", "elsewhere/{id}.md");
const one = version("1.0.0", [plans]);

describe("dryRunHydration()", () => {
  it("selects, routes and looks for meetings over everything (HYD-04)", () => {
    const older = input("PLN-1", "plan", { commitTime: 0, digest: `sha256:${"b".repeat(64)}` });
    const drafts = ["c", "d"].map((digit) => input("DR", "plan", { status: "draft", digest: `sha256:${digit.repeat(64)}` }));
    const report = dryRunHydration([older, input("PLN-1", "plan"), ...drafts, input("N", "note")], one);
    expect(report).toMatchObject({
      ok: false,
      placements: [
        { artifact: "N", from: "N-a.md", to: null, rule: null },
        { artifact: "PLN-1", from: "PLN-1-a.md", to: "plans/PLN-1.md", rule: "plans" },
      ],
      unresolved: ["DR"],
      findings: [{ code: "HYDRATION_UNRESOLVED" }],
    });
    const meeting = dryRunHydration([input("A", "plan"), input("B", "plan")], version("x", [route("r", "plan", "one.md")]));
    expect(meeting.findings.map(({ code }) => code)).toEqual(["HYDRATION_PATH_COLLISION"]);
  });

  it("places findings about the rules in their document", () => {
    const broken = version("x", [route("r", "plan", "../{id}.md")]);
    const report = dryRunHydration([], broken, { path: "rules/r.mdc", locate: () => ({ line: 7, column: 3 }) });
    expect(report.findings).toMatchObject([{ path: "rules/r.mdc", line: 7, column: 3 }]);
  });

  it("reports rules that cannot be compiled, and places nothing", () => {
    const report = dryRunHydration([input("A", "plan")], version("x", [route("r", "plan", "../{id}.md")]));
    expect(report).toMatchObject({ ok: false, placements: [], findings: [{ code: "HYDRATION_ROUTE_PATTERN" }] });
    expect(dryRunHydration([], one).ok).toBe(true);
  });
});

describe("planRuleRollback()", () => {
  it("needs nothing while the rules are sound", () => {
    expect(planRuleRollback({ current: one, history: [], inputs: [] })).toEqual({
      outcome: "not_needed",
      cause: [],
      steps: [],
      findings: [],
    });
  });

  it("reverts to the newest sound version, runs dry, and re-applies what was not at fault (RTE-03)", () => {
    const broken = version("1.1.0", [plans, rival]);
    const current = version("1.2.0", [plans, rival, notes], { overrides: [{ artifact: "PLN-9", to: "pinned/{id}.md" }] });
    const inputs = [input("PLN-1", "plan"), input("N-1", "note")];
    const rollback = planRuleRollback({ current, history: [version("0.9.0", []), one, broken], inputs });
    expect(rollback.outcome).toBe("planned");
    expect(rollback.cause.map(({ code }) => code)).toEqual(["HYDRATION_ROUTE_CONFLICT"]);
    expect(rollback.steps.map(({ step }) => step)).toEqual(["revert", "dry_run", "reapply"]);
    expect(rollback.steps[0]).toEqual({ step: "revert", from: "1.2.0", to: one });
    expect(rollback.steps[1]).toMatchObject({ report: { ok: true, placements: [{ to: null }, { to: "plans/PLN-1.md" }] } });
    const [, , last] = rollback.steps;
    if (last?.step !== "reapply") throw new Error("the last step re-applies");
    expect(last.plan.steps.map(({ change, verdict, findings }) => [change.part, change.name, verdict, findings[0]?.code])).toEqual([
      ["route", "notes", "apply", undefined],
      ["override", "PLN-9", "apply", undefined],
      ["route", "rival", "refuse", "HYDRATION_ROUTE_CONFLICT"],
    ]);
    expect(last.plan.rules).toEqual({ ...one, routing: { routes: [plans, notes], overrides: current.routing.overrides } });
  });

  it("reverts the schema version when documents fail their schemas (RTE-03)", () => {
    const failure: Finding = { code: "SCHEMA_X", severity: "error", message: "Wrong", path: "a.md", line: null, column: null };
    const history = [version("1", [plans]), version("2", [plans], { schemaVersion: "2" })];
    const current = version("3", [plans], { schemaVersion: "2" });
    const rollback = planRuleRollback({ current, history, inputs: [], schemaFindings: [failure] });
    expect(rollback.steps[0]).toMatchObject({ step: "revert", to: { version: "1", schemaVersion: "1" } });
    expect(rollback.cause).toEqual([failure]);
    const warned = planRuleRollback({ current, history, inputs: [], schemaFindings: [{ ...failure, severity: "warning" }] });
    expect(warned.outcome).toBe("not_needed");
  });

  it("reverts the rules alone when they conflict and no other schema version is known (RTE-03)", () => {
    const failure: Finding = { code: "SCHEMA_X", severity: "error", message: "Wrong", path: "a.md", line: null, column: null };
    const current = version("2", [plans, rival]);
    const rollback = planRuleRollback({ current, history: [one], inputs: [], schemaFindings: [failure] });
    expect(rollback.steps[0]).toEqual({ step: "revert", from: "2", to: one });
    expect(planRuleRollback({ current: one, history: [one], inputs: [], schemaFindings: [failure] }).outcome).toBe("impossible");
  });

  it("reverts from rules that cannot be used at all, and re-applies nothing of them (RTE-03)", () => {
    const failure: Finding = { code: "SCHEMA_VIOLATION", severity: "error", message: "Wrong", path: "r.mdc", line: null, column: null };
    const rollback = planRuleRollback({
      current: null,
      history: [one, version("1.1.0", [plans, rival])],
      inputs: [],
      schemaFindings: [failure],
    });
    expect(rollback).toMatchObject({
      outcome: "planned",
      cause: [failure],
      steps: [{ step: "revert", from: null, to: one }, { step: "dry_run" }],
    });
    expect(planRuleRollback({ current: null, history: [one], inputs: [] }).outcome).toBe("planned");
    const lost = planRuleRollback({ current: null, history: [], inputs: [], schemaFindings: [failure] });
    expect(lost.findings[0]?.message).toBe("Cannot roll back from rules that cannot be used: no earlier version is sound");
  });

  it("rolls back from rules that hold what cannot be digested, and refuses each of them", () => {
    const odd = [
      { ...notes, precedence: Number.NaN },
      { ...notes, match: { kind: "\ud800" } },
      { ...notes, to: "\ud800/{id}.md" },
    ];
    for (const broken of odd) {
      const rollback = planRuleRollback({ current: version("2", [plans, broken]), history: [one], inputs: [] });
      expect(rollback.steps[2]).toMatchObject({
        plan: { rules: one, steps: [{ change: { name: "notes" }, verdict: "refuse", findings: [{ code: "HYDRATION_ROUTE_PATTERN" }] }] },
      });
    }
  });

  it("judges no version that is older than the one it goes back to", () => {
    const unread = {
      ...one,
      get routing(): RoutingSpec {
        throw new Error("judged");
      },
    };
    const rollback = planRuleRollback({ current: version("2", [plans, rival]), history: [unread, one], inputs: [] });
    expect(rollback.steps[0]).toMatchObject({ step: "revert", to: one });
  });

  it("says so when no earlier version is sound", () => {
    const rollback = planRuleRollback({ current: version("2", [plans, rival]), history: [version("1", [rival, plans])], inputs: [] });
    expect(rollback).toMatchObject({ outcome: "impossible", steps: [], findings: [{ code: "HYDRATION_ROLLBACK_IMPOSSIBLE" }] });
  });
});

describe("planReapplication()", () => {
  it("applies a change after the one it needs, and tolerates the errors the good rules have (RTE-03)", () => {
    const drafts = ["c", "d"].map((digit) => input("DR", "plan", { status: "draft", digest: `sha256:${digit.repeat(64)}` }));
    const refused = version("2", [
      { ...plans, precedence: 9 },
      { ...rival, id: "a-rival" },
    ]);
    const { steps, rules } = planReapplication({ good: one, refused, inputs: drafts });
    expect(steps.map(({ change, verdict }) => [change.name, verdict])).toEqual([
      ["plans", "apply"],
      ["a-rival", "apply"],
    ]);
    expect(rules.routing.routes.map(({ id }) => id)).toEqual(["plans", "a-rival"]);
  });

  it("refuses a change that only documents show to be wrong, and removes what was removed", () => {
    const good = version("1", [plans, notes]);
    const refused = version("2", [route("plans", "plan", "plan.md")], { hydration: { ...seedSpec, uncommitted: "newest" } });
    const { steps, rules } = planReapplication({ good, refused, inputs: [input("A", "plan"), input("B", "plan")] });
    expect(steps.map(({ change, verdict, findings }) => [change.name, verdict, findings[0]?.code])).toEqual([
      ["hydration", "apply", undefined],
      ["notes", "apply", undefined],
      ["plans", "refuse", "HYDRATION_PATH_COLLISION"],
    ]);
    expect(rules).toEqual({ ...good, hydration: { ...seedSpec, uncommitted: "newest" }, routing: { routes: [plans], overrides: [] } });
  });

  it("never picks one of two rules that share a name", () => {
    const refused = version("2", [plans, notes, { ...notes, to: "other/{id}.md" }]);
    const { steps, rules } = planReapplication({ good: one, refused, inputs: [] });
    expect(steps.map(({ verdict, findings }) => [verdict, findings[0]?.code])).toEqual([["refuse", "HYDRATION_ROUTE_DUPLICATE"]]);
    expect(rules).toEqual(one);
  });

  it("always ends with rules that conflict nowhere, whatever was refused (RTE-03)", () => {
    fc.assert(
      fc.property(spec, fc.constantFrom("p1", "pq", "zz"), (routing, id) => {
        const refused = { ...one, version: "2", routing };
        const { rules } = planReapplication({ good: one, refused, inputs: [input(id, "plan")] });
        const compiled = compileRoutes(rules.routing);
        if (!compiled.ok) throw new Error("re-applied rules can be compiled");
        expect(planRuleRollback({ current: rules, history: [], inputs: [] }).outcome).toBe("not_needed");
        expect(routeArtifact(compiled.value, input(id, "plan")).outcome).not.toBe("conflict");
      }),
      { numRuns: proofRuns(100) },
    );
  });
});
