import {
  checkPlacement,
  compileRoutes,
  findRouteConflicts,
  matchPath,
  type RouteTable,
  routeArtifact,
  type RouteSubject,
} from "@gov/hydration/routing";
import type { RouteSpec, RoutingSpec } from "@gov/schema";
import { describe, expect, it } from "vitest";

const route = (id: string, to: string, match: RouteSpec["match"] = {}, precedence = 0): RouteSpec => ({ id, to, match, precedence });
const specOf = (routes: readonly RouteSpec[], overrides: RoutingSpec["overrides"] = []): RoutingSpec => ({
  routes: [...routes],
  overrides,
});

function tableOf(routes: readonly RouteSpec[], overrides: RoutingSpec["overrides"] = []): RouteTable {
  const result = compileRoutes(specOf(routes, overrides), { path: "rules/artifact_routing.mdc", parameters: ["cycle_id", "a", "b", "c"] });
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.value;
}

const codesOf = (spec: RoutingSpec) => compileRoutes(spec).findings.map(({ code }) => code);
const plan: RouteSubject = { id: "PLN-1", kind: "plan", status: "review", tags: [{ key: "Risk", value: "Low" }] };

describe("compileRoutes()", () => {
  it.each([
    ["an absolute path", "/plans/a.md"],
    ["a drive", "C:/plans/a.md"],
    ["a file on a drive", "c:{id}.md"],
    ["traversal", "plans/../../etc/passwd"],
    ["a dot segment", "./plans"],
    ["an empty segment", "plans//a.md"],
    ["an empty path", ""],
    ["a backslash", "plans\\a.md"],
    ["a control character", "plans/\u0007.md"],
    ["half a surrogate pair", "plans/\ud800.md"],
    ["a character that is not seen", "plans/pl\u200ban.md"],
    ["a path that is not NFC", "plans/e\u0301.md"],
    ["an endless path", "a".repeat(4097)],
    ["an unbalanced brace", "plans/{id.md"],
    ["a closing brace alone", "plans/id}.md"],
    ["a nested brace", "plans/{{id}}.md"],
    ["a parameter without a name", "plans/{}.md"],
    ["a parameter in capitals", "plans/{Id}.md"],
    ["two parameters side by side", "plans/{kind}{id}.md"],
    ["a parameter twice in one segment", "plans/{name}-{name}.md"],
    ["a repeated parameter no segment determines", "{name}-{date}/{name}-{date}.md"],
  ])("refuses %s (RTE-05)", (_name, to) => {
    expect(codesOf(specOf([route("r", to)]))).toEqual(["HYDRATION_ROUTE_PATTERN"]);
    expect(codesOf(specOf([], [{ artifact: "A-1", to }]))).toEqual(["HYDRATION_ROUTE_PATTERN"]);
  });

  it("refuses text with half a surrogate pair at its place, which no rules digest could take (RTE-05)", () => {
    const half = "x\ud800";
    const cases: readonly (readonly [RoutingSpec, string])[] = [
      [specOf([route(half, "a.md")]), "/routes/0/id"],
      [specOf([route("r", "a.md", { kind: half })]), "/routes/0/match/kind"],
      [specOf([route("r", "a.md", { id: ["A", `${half}*`] })]), "/routes/0/match/id"],
      [specOf([route("r", "a.md", { tag: [`Team:${half}`] })]), "/routes/0/match/tag"],
      [specOf([route("r", "a.md", {}, Number.NaN)]), "/routes/0/precedence"],
      [specOf([], [{ artifact: half, to: "a.md" }]), "/overrides/0/artifact"],
    ];
    for (const [spec, expected] of cases) {
      const asked: string[] = [];
      const result = compileRoutes(spec, { locate: (pointer) => (asked.push(pointer), { line: asked.length, column: 1 }) });
      expect(result.findings.map(({ code, line }) => [code, asked[(line ?? 0) - 1]])).toEqual([["HYDRATION_ROUTE_PATTERN", expected]]);
    }
  });

  it("reports every defect at once, with the rule document's path (RTE-05)", () => {
    const spec = specOf(
      [route("r", "a/{color}/{shape}.md"), route("r", "../x")],
      [
        { artifact: "A-1", to: "a.md" },
        { artifact: "A-1", to: "b.md" },
      ],
    );
    const result = compileRoutes(spec, { path: "rules/artifact_routing.mdc" });
    expect(result.ok).toBe(false);
    expect(result.findings.map(({ code, path }) => [code, path])).toEqual([
      ["HYDRATION_ROUTE_PARAMETER", "rules/artifact_routing.mdc"],
      ["HYDRATION_ROUTE_PARAMETER", "rules/artifact_routing.mdc"],
      ["HYDRATION_ROUTE_DUPLICATE", "rules/artifact_routing.mdc"],
      ["HYDRATION_ROUTE_PATTERN", "rules/artifact_routing.mdc"],
      ["HYDRATION_OVERRIDE_DUPLICATE", "rules/artifact_routing.mdc"],
    ]);
    expect(result.findings[0]?.message).toBe(
      'Route "r" uses {color}: expected one of cycle_id, date, id, kind, name, snapshot_rev, status, version',
    );
  });
});

describe("routeArtifact()", () => {
  it("gives the same place for the same metadata, whatever the order of the routes (RTE-01)", () => {
    const routes = [
      route("plans", "plans/{id}.md", { kind: "plan" }, 5),
      route("all", "all/{kind}/{id}.md"),
      route("low", "low/{id}.md", { tag: "Risk:Low" }, 3),
    ];
    const results = [routes, routes.toReversed()].map((order) => routeArtifact(tableOf(order), plan));
    expect(results[0]).toEqual(results[1]);
    expect(results[0]).toEqual({
      outcome: "routed",
      path: "plans/PLN-1.md",
      rule: "plans",
      trace: [
        { route: "plans", verdict: "won", path: "plans/PLN-1.md", reason: "highest matching precedence, 5" },
        { route: "low", verdict: "lost", path: null, reason: "lower precedence, 3" },
        { route: "all", verdict: "lost", path: null, reason: "lower precedence, 0" },
      ],
      findings: [],
    });
  });

  it("reports a conflict instead of picking when routes of one precedence lead elsewhere (RTE-02)", () => {
    const table = tableOf(
      [route("b", "b/{id}.md"), route("a", "a/{id}.md"), route("low", "x.md", {}, 0)].map((r) => ({
        ...r,
        precedence: r.id === "low" ? 0 : 1,
      })),
    );
    const result = routeArtifact(table, plan);
    expect(result).toMatchObject({ outcome: "conflict", path: null, rule: null });
    expect(result.trace.map(({ route: id, verdict }) => [id, verdict])).toEqual([
      ["a", "conflict"],
      ["b", "conflict"],
      ["low", "lost"],
    ]);
    expect(result.findings).toEqual([
      {
        code: "HYDRATION_ROUTE_CONFLICT",
        severity: "error",
        message: 'Cannot route "PLN-1": "a" to "a/PLN-1.md" and "b" to "b/PLN-1.md" at precedence 1',
        path: "rules/artifact_routing.mdc",
        line: null,
        column: null,
        hint: "Give one a higher precedence, or conditions that exclude the other",
      },
    ]);
  });

  it("accepts routes of one precedence that lead to one place", () => {
    const table = tableOf([route("a", "{kind}/x.md"), route("b", "plan/x.md")]);
    expect(routeArtifact(table, plan)).toMatchObject({ outcome: "routed", path: "plan/x.md", rule: "a" });
  });

  it("lets an override beat every route (RTE-02)", () => {
    const table = tableOf([route("a", "a.md", {}, 1_000_000)], [{ artifact: "PLN-1", to: "special/{status}.md" }]);
    expect(routeArtifact(table, plan)).toMatchObject({
      outcome: "routed",
      path: "special/review.md",
      rule: "override",
      trace: [
        { route: "override", verdict: "won" },
        { route: "a", verdict: "lost", reason: "an override decides" },
      ],
    });
  });

  it("asks every condition, any of a list (RTE-01)", () => {
    const matchesPlan = (match: RouteSpec["match"]) => routeArtifact(tableOf([route("r", "r.md", match)]), plan).outcome === "routed";
    expect(matchesPlan({ kind: ["x", "plan"], status: "review", id: "PLN-*", tag: "Risk" })).toBe(true);
    expect(matchesPlan({ tag: ["Security", "Risk:Low"] })).toBe(true);
    expect(matchesPlan({ id: "PLN-1" })).toBe(true);
    expect(matchesPlan({ kind: "x" })).toBe(false);
    expect(matchesPlan({ status: ["draft", "approved"] })).toBe(false);
    expect(matchesPlan({ id: ["PLN-", "X*"] })).toBe(false);
    expect(matchesPlan({ tag: "Risk:High" })).toBe(false);
    expect(matchesPlan({ tag: "risk" })).toBe(false);
    expect(routeArtifact(tableOf([route("r", "r.md", { status: "draft" })]), { ...plan, status: null }).outcome).toBe("unrouted");
  });

  it.each(["", "a/b", "..\\x", "a\u0000", "e\u0301", "a\u200db", "\ufeffa"])(
    "never lets the value %j leave its segment (RTE-05)",
    (value) => {
      const table = tableOf([route("r", "plans/{cycle_id}/x.md", {}, 1), route("fallback", "x.md")]);
      const result = routeArtifact(table, { ...plan, parameters: { cycle_id: value } });
      expect(result).toMatchObject({ outcome: "unrouted", path: null });
      expect(result.findings.map(({ code }) => code)).toEqual(["HYDRATION_ROUTE_UNFILLED"]);
    },
  );

  it("refuses a value that makes a dot segment, a missing one, and one from the prototype (RTE-05)", () => {
    const table = tableOf([route("r", "plans/{cycle_id}/x.md")]);
    const reasonFor = (parameters?: Record<string, string>) => routeArtifact(table, { ...plan, parameters }).findings[0]?.message;
    expect(reasonFor({ cycle_id: ".." })).toBe('Cannot route "PLN-1" by "r": the path has the segment ".."');
    expect(reasonFor()).toBe('Cannot route "PLN-1" by "r": {cycle_id} has no value');
    expect(reasonFor(Object.create({ cycle_id: "x" }) as Record<string, string>)).toBe(
      'Cannot route "PLN-1" by "r": {cycle_id} has no value',
    );
  });

  it.each([
    ["names a drive", "{a}/x.md", { a: "C:" }],
    ["names a file on a drive", "{a}.md", { a: "C:x" }],
    ["names a drive by two texts", "{a}:{b}/x.md", { a: "c", b: "x" }],
    ["is no NFC, though each text is", "plans/e{a}.md", { a: "\u0301x" }],
    ["has too long a name", "plans/{a}.md", { a: "x".repeat(253) }],
  ])("refuses a filled path that %s (RTE-05)", (_name, to, parameters) => {
    const result = routeArtifact(tableOf([route("r", to)]), { ...plan, parameters });
    expect([result.outcome, result.findings.map(({ code }) => code)]).toEqual(["unrouted", ["HYDRATION_ROUTE_UNFILLED"]]);
  });

  it("fills a path up to what a file system keeps, and a colon behind its first character (RTE-05)", () => {
    const pathOf = (a: string) => routeArtifact(tableOf([route("r", "{a}.md")]), { ...plan, parameters: { a } }).path;
    expect(pathOf("x".repeat(252))).toBe(`${"x".repeat(252)}.md`);
    expect(pathOf("ab:c")).toBe("ab:c.md");
  });

  it("leaves an artifact unrouted when one of two equal routes cannot be filled", () => {
    const table = tableOf([route("a", "a.md"), route("b", "{cycle_id}.md")]);
    expect(routeArtifact(table, plan)).toMatchObject({
      outcome: "unrouted",
      trace: [
        { route: "a", verdict: "unfilled", reason: "stands beside a route that cannot be filled" },
        { route: "b", verdict: "unfilled", reason: "{cycle_id} has no value" },
      ],
    });
  });

  it("takes id, kind and status from the metadata alone", () => {
    const table = tableOf([route("r", "{kind}/{status}/{id}.md")]);
    expect(routeArtifact(table, { ...plan, parameters: { id: "x", kind: "y", status: "z" } }).path).toBe("plan/review/PLN-1.md");
  });

  it("routes nothing when nothing matches", () => {
    expect(routeArtifact(tableOf([]), plan)).toEqual({ outcome: "unrouted", path: null, rule: null, trace: [], findings: [] });
  });
});

describe("matchPath()", () => {
  it("reads parameters off a path, a repeated one consistently", () => {
    const table = tableOf([route("map", "frameworks/{cycle_id}/{cycle_id}-story_map.md"), route("other", "frameworks/{a}/{b}.md")]);
    expect(
      matchPath(table, "frameworks/2025-09-02/2025-09-02-story_map.md").map(({ route: id, parameters }) => [id, ...parameters]),
    ).toEqual([
      ["map", ["cycle_id", "2025-09-02"]],
      ["other", ["a", "2025-09-02"], ["b", "2025-09-02-story_map"]],
    ]);
    expect(matchPath(table, "frameworks/2025/2024-story_map.md").map(({ route: id }) => id)).toEqual(["other"]);
  });

  it("gives earlier parameters the shortest text, and no parameter none", () => {
    const table = tableOf([route("r", "{a}-{b}.{c}")]);
    expect(matchPath(table, "x-y-z.tar.gz")[0]?.parameters).toEqual(
      new Map([
        ["a", "x"],
        ["b", "y-z"],
        ["c", "tar.gz"],
      ]),
    );
    for (const path of ["-y.md", "x-.md", "x-y.", "x-y", "x", "a/x-y.md"]) expect(matchPath(table, path)).toEqual([]);
    expect(matchPath(tableOf([route("r", "{a}-x.md")]), "-x.md")).toEqual([]);
    expect(matchPath(tableOf([route("r", "{a}.md")]), "x.md.md")[0]?.parameters.get("a")).toBe("x.md");
  });
});

describe("checkPlacement()", () => {
  const table = tableOf([route("plans", "plans/{cycle_id}/{id}.md", { kind: "plan" })], [{ artifact: "PLN-9", to: "pinned/{status}.md" }]);

  it("accepts what stands where its route says, or what no route concerns (RTE-01)", () => {
    expect(checkPlacement(table, { ...plan, path: "plans/2024-01/PLN-1.md" })).toEqual([]);
    expect(checkPlacement(table, { ...plan, kind: "note", path: "anywhere.md" })).toEqual([]);
    expect(checkPlacement(table, { ...plan, id: "PLN-9", path: "pinned/review.md" })).toEqual([]);
  });

  it("reports what stands elsewhere, with the right place (RTE-01)", () => {
    const [finding] = checkPlacement(table, { ...plan, path: "plans/2024-01/PLN-2.md" });
    expect(finding).toMatchObject({
      code: "HYDRATION_MISPLACED",
      severity: "error",
      path: "plans/2024-01/PLN-2.md",
      expected: "plans/{cycle_id}/PLN-1.md",
    });
    expect(finding?.message).toBe('"plans/2024-01/PLN-2.md" stands elsewhere than "plans" says');
    expect(checkPlacement(table, { ...plan, id: "PLN-9", path: "plans/2024-01/PLN-9.md" })).toHaveLength(1);
    expect(checkPlacement(table, { ...plan, id: "PLN-9", status: null, path: "pinned/draft.md" })).toHaveLength(1);
  });

  it("names every place when equal routes lead elsewhere", () => {
    const [finding] = checkPlacement(tableOf([route("a", "a.md"), route("b", "b.md")]), { ...plan, path: "c.md" });
    expect(finding).toMatchObject({ message: '"c.md" stands elsewhere than "a" and "b" say', expected: "a.md or b.md" });
  });
});

describe("findRouteConflicts()", () => {
  it("shows each conflict on an artifact that is really misrouted (RTE-02)", () => {
    const table = tableOf([
      route("a", "a/{id}.md", { kind: ["plan", "note"], tag: "Risk" }),
      route("b", "b/{id}.md", { id: "PLN-*", status: "review", tag: "Risk:Low" }),
    ]);
    const [defect, ...others] = findRouteConflicts(table);
    expect(others).toEqual([]);
    expect(defect).toMatchObject({
      code: "HYDRATION_ROUTE_CONFLICT",
      severity: "error",
      path: "rules/artifact_routing.mdc",
      routes: ["a", "b"],
      witness: { kind: "plan", status: "review", tags: [{ key: "Risk", value: "Low" }] },
    });
    expect(defect?.message).toBe(
      'Routes "a" and "b" of precedence 0 send an artifact (id "PLN-XiX", kind "plan", status review, tags Risk:Low) to "a/PLN-XiX.md" and "b/PLN-XiX.md"',
    );
    expect(routeArtifact(table, defect?.witness as RouteSubject).outcome).toBe("conflict");
  });

  it("reports no conflict where a stronger route always decides first (RTE-02)", () => {
    const table = tableOf([
      route("top", "top.md", { kind: "plan" }, 2),
      route("a", "a.md", { kind: "plan" }, 1),
      route("b", "b.md", { kind: "plan" }, 1),
    ]);
    expect(findRouteConflicts(table).map(({ code, routes }) => [code, ...routes])).toEqual([
      ["HYDRATION_ROUTE_SHADOWED", "a"],
      ["HYDRATION_ROUTE_SHADOWED", "b"],
    ]);
  });

  it("looks among many tags for those that no stronger route takes, for each route alone (RTE-02)", () => {
    const tagged = (...tags: string[]) => ({ kind: "plan", tag: tags });
    const stronger = route("top", "top/{id}.md", { tag: ["A", "B:1", "C"] }, 2);
    const [defect, ...others] = findRouteConflicts(
      tableOf([stronger, route("a", "a/{id}.md", tagged("A", "B:1", "B:2", "D"), 1), route("b", "b/{id}.md", tagged("C", "A", "E"), 1)]),
    );
    expect(others).toEqual([]);
    const tags = [
      { key: "B", value: "2" },
      { key: "E", value: null },
    ];
    expect(defect).toMatchObject({ routes: ["a", "b"], witness: { tags } });
    const taken = tableOf([stronger, route("a", "a/{id}.md", tagged("A", "D"), 1), route("b", "b/{id}.md", tagged("C", "A"), 1)]);
    expect(findRouteConflicts(taken).map(({ routes }) => routes)).toEqual([["b"]]);
  });

  it("compares routes of long lists without trying each with each (RTE-02)", () => {
    const names = Array.from({ length: 200 }, (_, index) => `N${String(index)}`);
    const match = { id: names, tag: names };
    const twice = (to: string) => tableOf([route("a", "a/{id}.md", match), route("b", to, match)]);
    expect(findRouteConflicts(twice("b/{id}.md")).map(({ routes }) => routes)).toEqual([["a", "b"]]);
    expect(findRouteConflicts(twice("a/{id}.md"))).toEqual([]);
  });

  it("reports a route that an override always beats", () => {
    const table = tableOf([route("a", "a.md", { id: "PLN-1" })], [{ artifact: "PLN-1", to: "b.md" }]);
    expect(findRouteConflicts(table).map(({ message }) => message)).toEqual([
      'Route "a" never wins: an override decides for an artifact (id "PLN-1", kind "XkX", status draft)',
    ]);
  });

  it("finds a character of its own even when the table uses up the readable ones", () => {
    const [defect] = findRouteConflicts(tableOf([route("a", "XZQWVJxzqwvj/a.md"), route("b", "\u4e00/b.md")]));
    expect(defect?.witness.id).toBe("\u4e01i\u4e01");
  });
});
