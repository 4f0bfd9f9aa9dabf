import { compileRoutes, routeAll, routeArtifact, type RouteSubject, type RouteTable } from "@gov/hydration/routing";
import { findPathCollisions, type RoutingSpec } from "@gov/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldPath } from "../src/internal/fold-path.ts";

const specOf = (...places: readonly string[]): RoutingSpec => ({
  routes: places.map((to, index) => ({ id: `r${index}`, match: { kind: `k${index}` }, to, precedence: 0 })),
  overrides: [],
});

function tableOf(...places: readonly string[]): RouteTable {
  const result = compileRoutes(specOf(...places), { path: "rules/artifact_routing.mdc" });
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.value;
}

const subject = (id: string, kind = "k0"): RouteSubject => ({ id, kind, status: "draft", tags: [] });

describe("compileRoutes()", () => {
  it.each([
    ["a folder", "Plans/{id}.md", "plans/{id}.yaml", "plans"],
    ["a file", "plans/{id}.md", "plans/{id}.MD", "plans/{id}.MD"],
    ["a letter that folds to two", "stra\u00dfe/{id}.md", "STRASSE/{id}.md", "STRASSE"],
    ["a final sigma", "\u03c3\u03c2/x.md", "\u03c3\u03c3/y.md", "\u03c3\u03c3"],
    ["a name with parameters", "{kind}-Plan/{id}.md", "{kind}-plan/{id}.md", "{kind}-plan"],
  ])("refuses two spellings of %s (RTE-02, RTE-05)", (_name, first, second, spelled) => {
    const { ok, findings } = compileRoutes(specOf(first, second));
    expect(ok).toBe(false);
    expect(findings.map(({ code }) => code)).toEqual(["HYDRATION_ROUTE_CASE"]);
    expect(findings[0]?.message).toContain(`Route "r1" writes "${spelled}", which is "`);
  });

  it("refuses an override that spells a route's folder differently, and accepts one spelling used often", () => {
    const spec = specOf("plans/a/{id}.md", "plans/b/{id}.md", "Notes/plans/{id}.md");
    expect(compileRoutes(spec).ok).toBe(true);
    expect(compileRoutes({ ...spec, overrides: [{ artifact: "A-1", to: "PLANS/x.md" }] }).findings[0]?.message).toBe(
      'The override of "A-1" writes "PLANS", which is "plans" where case or Unicode form does not count: use one spelling',
    );
  });
});

describe("routeAll()", () => {
  it("gives what routing one by one gives, in the order of the subjects (RTE-01)", () => {
    const table = tableOf("a/{id}.md", "b/{id}.md");
    const subjects = [subject("z"), subject("y", "k1"), subject("x", "none")];
    const { results, collisions, findings } = routeAll(table, subjects);
    expect(results).toEqual(subjects.map((each) => routeArtifact(table, each)));
    expect([collisions, findings]).toEqual([[], []]);
  });

  it("refuses two artifacts at one path, with both as the witness (RTE-02)", () => {
    const table = tableOf("plan.md", "b/{id}.md");
    const { collisions, findings } = routeAll(table, [subject("B-1"), subject("A-1"), subject("A-1"), subject("C", "k1")]);
    expect(collisions).toEqual([
      {
        code: "HYDRATION_PATH_COLLISION",
        severity: "error",
        message: 'Artifacts "A-1" and "B-1" would meet at "plan.md"',
        path: "plan.md",
        line: null,
        column: null,
        hint: 'Put {id} into the path of the route in "rules/artifact_routing.mdc", or override all but one',
        paths: ["plan.md"],
        artifacts: ["A-1", "B-1"],
        witness: [subject("A-1"), subject("B-1")],
      },
    ]);
    expect(findings).toEqual(collisions);
  });

  it("refuses two spellings of one path, even of one id (RTE-02)", () => {
    const [collision, ...others] = routeAll(tableOf("{kind}/{id}.md"), [subject("a"), subject("A"), subject("b")]).collisions;
    expect(others).toEqual([]);
    expect(collision).toMatchObject({ paths: ["k0/A.md", "k0/a.md"], artifacts: ["A", "a"] });
    expect(collision?.message).toContain("one file where case or Unicode form does not count");
    const table = compileRoutes({ routes: [{ id: "r", match: {}, to: "{name}.md", precedence: 0 }], overrides: [] });
    if (!table.ok) throw new Error("the rules are sound");
    const same = ["x", "X"].map((name) => ({ ...subject("a"), parameters: { name } }));
    expect(routeAll(table.value, same).collisions.map(({ message }) => message)).toEqual([
      'Artifact "a" would meet at "X.md" and "x.md", one file where case or Unicode form does not count',
    ]);
  });

  it("leaves several files of one id at one path to selection", () => {
    expect(routeAll(tableOf("plan.md"), [subject("A-1"), subject("A-1")]).collisions).toEqual([]);
  });

  it("puts the findings of single artifacts before the collisions, and sorts collisions by path", () => {
    const table = tableOf("b.md", "a.md", "{cycle_id}.md");
    const subjects = [subject("1"), subject("2"), subject("3", "k1"), subject("4", "k1"), subject("5", "k2")];
    expect(routeAll(table, subjects).findings.map(({ code, path }) => [code, path])).toEqual([
      ["HYDRATION_ROUTE_UNFILLED", "rules/artifact_routing.mdc"],
      ["HYDRATION_PATH_COLLISION", "a.md"],
      ["HYDRATION_PATH_COLLISION", "b.md"],
    ]);
  });
});

describe("foldPath()", () => {
  it("folds together exactly what the schema package calls a collision", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "A", "\u00df", "ss", "SS", "\u03c2", "\u03a3", "\u0130", "\u212a", "k", "e\u0301", "\u00e9", "\u00c9"),
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const collide = a !== b && findPathCollisions([a, b]).length > 0;
        expect(a !== b && foldPath(a) === foldPath(b)).toBe(collide);
      }),
      { numRuns: 2000 },
    );
  });
});
