import { readFileSync } from "node:fs";
import {
  diffRouting,
  type EffectiveRoute,
  type EffectiveRouting,
  evaluateDrift,
  parseRoutingBaseline,
  planBaselineSync,
  renderRoutingBaseline,
  resolveEffectiveRouting,
  routingBaselineFile,
} from "@gov/hydration/drift";
import { compileRoutes, type RouteSubject, type RouteTable } from "@gov/hydration/routing";
import type { RoutingSpec } from "@gov/schema";
import { describe, expect, it } from "vitest";

const golden = readFileSync(new URL("fixtures/routing_effective.shadow.v1.json", import.meta.url), "utf8");

const read = (text: string) => parseRoutingBaseline({ path: routingBaselineFile, bytes: new TextEncoder().encode(text) });

const rules: RoutingSpec = {
  routes: [
    { id: "plans", match: { kind: "plan" }, to: "plans/{id}.md", precedence: 1 },
    {
      id: "old",
      match: { kind: ["plan", "task"], status: "approved", id: ["Z*", "Y"], tag: ["Risk:Low", "Critical"] },
      to: "old/{id}.md",
      precedence: 2,
    },
  ],
  overrides: [{ artifact: "\u00fc", to: "pinned/{id}.md" }],
};

function tableOf(spec: RoutingSpec): RouteTable {
  const result = compileRoutes(spec);
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.value;
}

const subject = (id: string, kind = "plan"): RouteSubject => ({ id, kind, status: "draft", tags: [] });
const subjects = [subject("\u00fc"), subject("PLN-1"), subject("B", "note")];
const before = resolveEffectiveRouting(tableOf(rules), subjects);
const movedRules: RoutingSpec = { ...rules, routes: rules.routes.map((route) => ({ ...route, to: route.to.replace("plans/", "moved/") })) };
const after = resolveEffectiveRouting(tableOf(movedRules), subjects);

describe("resolveEffectiveRouting()", () => {
  it("tells where each artifact is sent, by id, whatever the order of artifacts and rules (RTE-04)", () => {
    const turned = { routes: rules.routes.toReversed(), overrides: rules.overrides };
    expect(resolveEffectiveRouting(tableOf(turned), subjects.toReversed())).toEqual(before);
    expect(before.routes).toEqual([
      { artifact: "B", kind: "note", outcome: "unrouted", to: null, rule: null },
      { artifact: "PLN-1", kind: "plan", outcome: "routed", to: "plans/PLN-1.md", rule: "plans" },
      { artifact: "\u00fc", kind: "plan", outcome: "routed", to: "pinned/\u00fc.md", rule: "override" },
    ]);
    expect(after.rules).not.toBe(before.rules);
  });

  it("refuses an id that was not selected first", () => {
    expect(() => resolveEffectiveRouting(tableOf(rules), [subject("A"), subject("A")])).toThrow(TypeError);
  });
});

describe("renderRoutingBaseline()", () => {
  it("writes exactly the golden file of version 1, which is read back (RTE-04)", () => {
    expect(renderRoutingBaseline(before)).toBe(golden);
    expect(read(golden)).toEqual({ ok: true, value: before, findings: [] });
    expect(renderRoutingBaseline({ ...before, routes: before.routes.toReversed() })).toBe(golden);
  });

  it("writes an empty routing that can be read", () => {
    const empty: EffectiveRouting = { ...before, routes: [] };
    expect(read(renderRoutingBaseline(empty))).toMatchObject({ ok: true, value: empty });
  });
});

describe("parseRoutingBaseline()", () => {
  const value = JSON.parse(golden) as { readonly routes: readonly Record<string, unknown>[] };
  const [first] = value.routes;
  it.each([
    ["text that is not JSON", "{", "cannot read JSON: the end of the text stands where a key in double quotes is expected"],
    ["an empty text", "", "document is empty"],
    ["a list", "[]", 'its format is not "gov.routing_effective"'],
    ["another format", JSON.stringify({ ...value, format: "x" }), 'its format is not "gov.routing_effective"'],
    ["a later version", JSON.stringify({ ...value, version: 2 }), "its version is not 1"],
    ["no digest", JSON.stringify({ ...value, rules: "x" }), '"rules" is not a digest'],
    ["no list", JSON.stringify({ ...value, routes: {} }), '"routes" is not a list'],
    ["an entry that is none", JSON.stringify({ ...value, routes: [1] }), "route 1 is malformed"],
    ["an entry without a kind", JSON.stringify({ ...value, routes: [{ ...first, kind: 1 }] }), "route 1 is malformed"],
    ["an outcome that is none", JSON.stringify({ ...value, routes: [{ ...first, outcome: "x" }] }), "route 1 is malformed"],
    ["a path that is none", JSON.stringify({ ...value, routes: [{ ...first, to: 1 }] }), "route 1 is malformed"],
    ["a path of what is unrouted", JSON.stringify({ ...value, routes: [{ ...first, to: "x" }] }), "route 1 is malformed"],
    ["a path without a rule", JSON.stringify({ ...value, routes: [{ ...first, outcome: "routed", to: "x" }] }), "route 1 is malformed"],
    ["an artifact twice", JSON.stringify({ ...value, routes: [first, first] }), 'artifact "B" is given twice'],
    ["members of the prototype", '{"__proto__":{"format":"gov.routing_effective"}}', 'its format is not "gov.routing_effective"'],
  ])("refuses %s", (_name, text, reason) => {
    expect(read(text)).toMatchObject({
      ok: false,
      findings: [{ code: "HYDRATION_BASELINE", message: `Cannot use "routing_effective.shadow.json" as a routing baseline: ${reason}` }],
    });
  });
});

describe("parseRoutingBaseline() of bytes", () => {
  const refusals = (bytes: Uint8Array) =>
    parseRoutingBaseline({ path: "routing/b.json", bytes }).findings.map(({ code, path, line, column, message }) => [
      ...[code, path, line, column],
      message.replace('Cannot use "routing/b.json" as a routing baseline: ', ""),
    ]);
  const encode = (text: string) => new TextEncoder().encode(text);

  it("says where the fault stands, also of a key given twice and of bytes that are no UTF-8", () => {
    expect(refusals(encode(golden.replace('"version": 1,', '"version": 1,\n  "routes": [],')))).toEqual([
      ["HYDRATION_BASELINE", "routing/b.json", 6, 3, 'key "routes" is given twice'],
    ]);
    expect(refusals(encode(golden.replace('"B"', '"PLN-1"')))).toEqual([
      ["HYDRATION_BASELINE", "routing/b.json", 7, 17, 'artifact "PLN-1" is given twice'],
    ]);
    expect(refusals(encode(golden.replace('"version": 1', '"version": 2')))).toEqual([
      ["HYDRATION_BASELINE", "routing/b.json", 3, 14, "its version is not 1"],
    ]);
    const torn = encode(golden).map((byte, at, all) => (byte === 0xc3 && all.indexOf(byte) === at ? 0xff : byte));
    expect(refusals(torn)).toMatchObject([["HYDRATION_BASELINE", "routing/b.json", 8, 18, expect.stringContaining("invalid byte 0xff")]]);
  });

  it("reads behind a byte order mark, with a note", () => {
    expect(read(`\ufeff${golden}`)).toMatchObject({ ok: true, value: before, findings: [{ code: "SCHEMA_BOM", severity: "note" }] });
  });

  it("reads more artifacts than a document has values", () => {
    const routes = Array.from({ length: 60_000 }, (_, index) => ({ ...before.routes[0], artifact: `A-${index}` })) as EffectiveRoute[];
    const large = read(renderRoutingBaseline({ ...before, routes }));
    expect(large.ok && large.value.routes.length).toBe(60_000);
  });
});

describe("diffRouting()", () => {
  it("tells what is routed otherwise, what is new and what is gone (RTE-04, B-32)", () => {
    const current = {
      ...after,
      routes: [...after.routes.slice(1), { ...(after.routes[0] as (typeof after.routes)[number]), artifact: "NEW" }],
    };
    expect(diffRouting({ baseline: before, current })).toEqual({
      changed: [{ artifact: "PLN-1", before: before.routes[1], after: after.routes[1], members: ["to"] }],
      added: [current.routes[2]],
      removed: [before.routes[0]],
      rulesChanged: true,
      compared: 2,
    });
  });
});

describe("evaluateDrift()", () => {
  it("raises the alert beyond the threshold, and not at it (RTE-04, ALR-01, ALR-08)", () => {
    const beyond = evaluateDrift({ baseline: before, current: after, threshold: 0.3 });
    expect(beyond).toMatchObject({
      outcome: "beyond",
      ratio: 1 / 3,
      findings: [{ code: "HYDRATION_ROUTING_DRIFT", severity: "error", path: "routing_effective.shadow.json" }],
      text: renderRoutingBaseline(after),
    });
    const fields = {
      subject: "routing_effective.shadow.json",
      changed: 1,
      compared: 3,
      added: 0,
      removed: 0,
      drift_percent: 33.333333,
      threshold_percent: 30,
      rules_changed: true,
      baseline_rules: before.rules,
      current_rules: after.rules,
      examples: [{ artifact: "PLN-1", before: "plans/PLN-1.md", after: "moved/PLN-1.md" }],
    };
    expect(beyond.events).toEqual([
      { name: "drift.detected", fields },
      { name: "routing.drift", fields },
    ]);
    expect(evaluateDrift({ baseline: before, current: after, threshold: 1 / 3 })).toMatchObject({
      outcome: "within",
      events: [{ name: "drift.detected" }, { name: "routing.resolved", fields: { subject: "routing_effective.shadow.json" } }],
      findings: [
        { severity: "note", message: '1 of 3 artifacts are routed otherwise than the baseline says ("PLN-1"): the rules changed' },
      ],
    });
  });

  it("says how much is tolerated without the noise of binary fractions", () => {
    const [finding] = evaluateDrift({ baseline: before, current: after, threshold: 0.07 }).findings;
    expect(finding?.expected).toBe("at most 7 %");
  });

  it("counts changed metadata as drift, new and removed artifacts as none", () => {
    const table = tableOf(rules);
    const grown = resolveEffectiveRouting(table, [...subjects, subject("C")]);
    expect(evaluateDrift({ baseline: before, current: grown, threshold: 0 })).toMatchObject({
      outcome: "none",
      events: [{ name: "drift.resolved" }, { name: "routing.resolved" }],
      findings: [],
    });
    const shrunk = resolveEffectiveRouting(table, []);
    expect(evaluateDrift({ baseline: before, current: shrunk, threshold: 0 })).toMatchObject({ outcome: "none", ratio: 0 });
    const retyped = resolveEffectiveRouting(table, [subject("PLN-1", "note")]);
    const report = evaluateDrift({ baseline: before, current: retyped, threshold: 0 });
    expect(report.diff?.changed[0]?.members).toEqual(["kind", "outcome", "to", "rule"]);
    expect(report.findings[0]?.message).toContain("their metadata changed under the same rules");
  });

  it("names three artifacts in the finding and twenty in the alert", () => {
    const many = Array.from({ length: 30 }, (_, index) => subject(`PLN-${index + 10}`));
    const [baseline, current] = [rules, movedRules].map((spec) => resolveEffectiveRouting(tableOf(spec), many)) as [
      EffectiveRouting,
      EffectiveRouting,
    ];
    const { events, findings } = evaluateDrift({ baseline, current, threshold: 0 });
    expect(findings[0]?.message).toContain('("PLN-10", "PLN-11", "PLN-12" and 27 more)');
    expect(events[1]?.fields["examples"]).toHaveLength(20);
  });

  it("fails without a baseline, and refuses a threshold that is no part of one", () => {
    expect(evaluateDrift({ baseline: null, current: after, threshold: 0 })).toMatchObject({
      outcome: "unknown",
      diff: null,
      events: [],
      findings: [{ code: "HYDRATION_BASELINE_MISSING", severity: "error" }],
    });
    for (const threshold of [-0.1, 1.1, Number.NaN]) {
      expect(() => evaluateDrift({ baseline: before, current: after, threshold })).toThrow(RangeError);
    }
  });
});

describe("planBaselineSync()", () => {
  const plan = (threshold: number, trigger: "command" | "periodic", baseline: EffectiveRouting | null = before) =>
    planBaselineSync(evaluateDrift({ baseline, current: after, threshold }), { trigger, baseline });

  it("writes by command, and within the threshold by the periodic run (RTE-04)", () => {
    expect(plan(0, "command")).toEqual({ action: "write", text: renderRoutingBaseline(after), reason: "synced by command" });
    expect(plan(1, "periodic")).toEqual({
      action: "write",
      text: renderRoutingBaseline(after),
      reason: "the drift is within the threshold",
    });
    expect(plan(0, "periodic")).toEqual({ action: "keep", text: null, reason: "the drift is beyond the threshold: sync by command" });
  });

  it("never lets a removed baseline hide a drift, and keeps what is up to date", () => {
    expect(plan(1, "periodic", null).action).toBe("keep");
    expect(plan(1, "command", null).action).toBe("write");
    expect(plan(1, "command", after)).toEqual({ action: "keep", text: null, reason: "the baseline is up to date" });
  });

  it("takes over rules that changed without moving anything", () => {
    const same = { ...before, rules: after.rules };
    const report = evaluateDrift({ baseline: before, current: same, threshold: 0 });
    expect(report.outcome).toBe("none");
    expect(planBaselineSync(report, { trigger: "periodic", baseline: before }).action).toBe("write");
  });
});
