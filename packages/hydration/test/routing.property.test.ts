import { compileRoutes, findRouteConflicts, matchPath, routeArtifact, type RouteSubject } from "@gov/hydration/routing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proofRuns } from "./proof-runs.ts";
import { spec, world } from "./small-world.ts";

describe("findRouteConflicts()", () => {
  it("finds exactly the conflicts and shadowed routes that trying every artifact finds, each with a true witness (RTE-02)", () => {
    fc.assert(
      fc.property(spec, (rules) => {
        const compiled = compileRoutes(rules);
        if (!compiled.ok) throw new Error("the generated rules are sound");
        const table = compiled.value;
        const conflicting = new Set<string>();
        const winning = new Set<string>();
        for (const subject of world) {
          const { outcome, trace } = routeArtifact(table, subject);
          const top = trace.filter(({ verdict }) => verdict !== "lost");
          for (const { route } of top) winning.add(route);
          if (outcome !== "conflict") continue;
          for (const a of top) for (const b of top) if (a.route < b.route && a.path !== b.path) conflicting.add(`${a.route} ${b.route}`);
        }
        const defects = findRouteConflicts(table);
        const found = (code: string) => defects.filter((defect) => defect.code === code).map(({ routes }) => routes.join(" "));
        expect(found("HYDRATION_ROUTE_CONFLICT").sort()).toEqual([...conflicting].sort());
        expect(found("HYDRATION_ROUTE_SHADOWED").sort()).toEqual(rules.routes.map(({ id }) => id).filter((id) => !winning.has(id)));
        for (const { code, witness, routes } of defects) {
          const { trace } = routeArtifact(table, witness);
          const verdicts = routes.map((route) => trace.find((entry) => entry.route === route)?.verdict);
          expect(verdicts).toEqual(code === "HYDRATION_ROUTE_CONFLICT" ? ["conflict", "conflict"] : ["lost"]);
        }
      }),
      { numRuns: proofRuns(300) },
    );
  });
});

describe("matchPath()", () => {
  it("reads from every path a route leads to parameters that lead there again", () => {
    const patterns = ["{a}-{b}.md", "{a}/{a}-{b}", "{a}-{b}/{b}/{a}", "x{a}y{b}z", "{a}.md/{b}y{a}"];
    const value = fc.string({ unit: fc.constantFrom("x", "y", "z", "-", ".md", "m"), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.constantFrom(...patterns), value, value, (to, a, b) => {
        const compiled = compileRoutes({ routes: [{ id: "r", match: {}, to, precedence: 0 }], overrides: [] }, { parameters: ["a", "b"] });
        if (!compiled.ok) throw new Error("the rules are sound");
        const subject: RouteSubject = { id: "i", kind: "k", status: null, tags: [] };
        const { path } = routeArtifact(compiled.value, { ...subject, parameters: { a, b } });
        const [match] = matchPath(compiled.value, path as string);
        const parameters = Object.fromEntries(match?.parameters ?? []);
        expect(routeArtifact(compiled.value, { ...subject, parameters }).path).toBe(path);
      }),
      { numRuns: proofRuns(1000) },
    );
  });
});

describe("routeArtifact()", () => {
  it("depends on the metadata alone, not on the order of the rules (RTE-01, RTE-05)", () => {
    fc.assert(
      fc.property(spec, fc.constantFrom(...world), (rules, subject) => {
        const routed = [rules, { ...rules, routes: rules.routes.toReversed() }].map((order) => {
          const compiled = compileRoutes(order);
          return compiled.ok ? JSON.stringify(routeArtifact(compiled.value, subject)) : "";
        });
        expect(routed[0]).toBe(routed[1]);
      }),
    );
  });

  it("never leads out of the root, whatever the metadata say (RTE-05)", () => {
    const compiled = compileRoutes({ routes: [{ id: "r", match: {}, to: "x/{kind}/v{name}/{id}.md", precedence: 0 }], overrides: [] });
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.string({ unit: "binary" }),
        fc.constantFrom(".", "..", "/", "a", "\\"),
        (id, kind, name) => {
          if (!compiled.ok) throw new Error("the rules are sound");
          const { path } = routeArtifact(compiled.value, { id, kind, status: null, tags: [], parameters: { name } });
          if (path === null) return;
          expect(path.split("/")).toHaveLength(4);
          expect(path.split("/").some((segment) => segment === "" || segment === "." || segment === "..")).toBe(false);
          expect(matchPath(compiled.value, path)).toHaveLength(1);
        },
      ),
      { numRuns: proofRuns(1000) },
    );
  });
});
