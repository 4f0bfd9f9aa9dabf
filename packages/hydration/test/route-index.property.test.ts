import { compileRoutes, type RouteTable } from "@gov/hydration/routing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matches, matchingRoutes } from "../src/internal/matching-routes.ts";
import { possibleRoutes, routeIndex } from "../src/internal/route-index.ts";
import { manyRules, manySubjects } from "./many-rules.ts";
import { proofRuns } from "./proof-runs.ts";
import { spec, world } from "./small-world.ts";

function compile(rules: Parameters<typeof compileRoutes>[0]): RouteTable {
  const compiled = compileRoutes(rules);
  if (!compiled.ok) throw new Error("the rules are sound");
  return compiled.value;
}

describe("matchingRoutes()", () => {
  it("finds exactly what asking every route finds, in the same order (RTE-01)", () => {
    fc.assert(
      fc.property(spec, fc.array(fc.constantFrom(...world), { minLength: 1, maxLength: 20 }), (rules, subjects) => {
        const table = compile(rules);
        for (const subject of subjects) {
          expect(matchingRoutes(table, subject)).toEqual(table.routes.filter((route) => matches(route, subject)));
        }
      }),
      { numRuns: proofRuns(500) },
    );
  });

  it("finds them among many rules, and in lists of alternatives too long to index in full", () => {
    const long = { kind: Array.from({ length: 70 }, (_, index) => `kind${index}`), tag: ["Critical", "Risk:1", "Risk:2"] };
    const ids = { id: Array.from({ length: 40 }, (_, index) => `PIN-${index}`), tag: ["Critical", "Risk"] };
    const tags = { kind: ["kind1", "kind2"], tag: Array.from({ length: 50 }, (_, index) => `Risk:${index}`) };
    const rules = manyRules(200);
    const routes = [long, ids, tags].map((match, index) => ({ id: `long${index}`, match, to: "long/{id}.md", precedence: 9 }));
    const table = compile({ ...rules, routes: [...rules.routes, ...routes] });
    for (const subject of manySubjects(500, { rules: 200, seed: 7 })) {
      expect(matchingRoutes(table, subject)).toEqual(table.routes.filter((route) => matches(route, subject)));
    }
  });

  it("asks a number of routes that does not grow with their number", () => {
    const asked = [200, 2000].map((count) => {
      const index = routeIndex(compile(manyRules(count)));
      const subjects = manySubjects(2000, { rules: count, seed: 11 });
      return subjects.reduce((sum, subject) => sum + possibleRoutes(index, subject).length, 0) / subjects.length;
    }) as [number, number];
    expect(asked[1]).toBeLessThan(asked[0] * 1.1);
    expect(asked[1]).toBeLessThan(5);
  });
});
