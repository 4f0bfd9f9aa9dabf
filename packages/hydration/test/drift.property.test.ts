import { diffRouting, evaluateDrift, parseRoutingBaseline, renderRoutingBaseline, resolveEffectiveRouting } from "@gov/hydration/drift";
import { compileRoutes } from "@gov/hydration/routing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proofRuns } from "./proof-runs.ts";
import { spec, world } from "./small-world.ts";

const routing = fc
  .tuple(spec, fc.uniqueArray(fc.constantFrom(...world), { selector: ({ id }) => id, maxLength: 5 }))
  .map(([rules, subjects]) => {
    const compiled = compileRoutes(rules);
    if (!compiled.ok) throw new Error("the generated rules are sound");
    return resolveEffectiveRouting(compiled.value, subjects);
  });

describe("diffRouting()", () => {
  it("accounts for every artifact once, is empty against itself, and turns round with its sides (RTE-04)", () => {
    fc.assert(
      fc.property(routing, routing, (baseline, current) => {
        const { changed, added, removed, compared } = diffRouting({ baseline, current });
        expect(compared + added.length).toBe(current.routes.length);
        expect(compared + removed.length).toBe(baseline.routes.length);
        const back = diffRouting({ baseline: current, current: baseline });
        expect([back.added, back.removed]).toEqual([removed, added]);
        expect(back.changed.map(({ artifact }) => artifact)).toEqual(changed.map(({ artifact }) => artifact));
        expect(diffRouting({ baseline, current: baseline })).toMatchObject({ changed: [], added: [], removed: [], rulesChanged: false });
        const replayed = new Map(baseline.routes.map((route) => [route.artifact, route]));
        for (const { artifact } of removed) replayed.delete(artifact);
        for (const route of [...added, ...changed.map(({ after }) => after)]) replayed.set(route.artifact, route);
        expect(renderRoutingBaseline({ rules: current.rules, routes: [...replayed.values()] })).toBe(renderRoutingBaseline(current));
      }),
      { numRuns: proofRuns(300) },
    );
  });
});

describe("parseRoutingBaseline()", () => {
  it("reads what was written, so that nothing has drifted since (RTE-04)", () => {
    fc.assert(
      fc.property(routing, (current) => {
        const baseline = parseRoutingBaseline({ path: "baseline.json", bytes: new TextEncoder().encode(renderRoutingBaseline(current)) });
        expect(baseline.ok && evaluateDrift({ baseline: baseline.value, current, threshold: 0 }).outcome).toBe("none");
      }),
      { numRuns: proofRuns(200) },
    );
  });
});
