import { compileRoutes, findRouteRisks, routeArtifact, type RouteSubject, type RouteTable } from "@gov/hydration/routing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proofRuns } from "./proof-runs.ts";
import { meetingWorld, spec } from "./small-world.ts";

interface Arrival {
  readonly subject: RouteSubject;
  readonly rules: readonly string[];
}

/** Tries every artifact: which pairs of rules send two ids to one path; a rule meets itself too. */
function tryAll(table: RouteTable): ReadonlySet<string> {
  const arrivals = new Map<string, Arrival[]>();
  for (const subject of meetingWorld) {
    const { path, trace } = routeArtifact(table, subject);
    const rules = trace.filter(({ verdict }) => verdict === "won").map(({ route }) => route);
    if (path === null || rules.length !== 1) continue;
    const others = arrivals.get(path);
    if (others === undefined) arrivals.set(path, [{ subject, rules }]);
    else if (!others.some((other) => other.subject.id === subject.id && other.rules.join() === rules.join()))
      others.push({ subject, rules });
  }
  const pairs = new Set<string>();
  for (const group of arrivals.values()) {
    for (const a of group) {
      for (const b of group) {
        if (a.subject.id === b.subject.id) continue;
        for (const here of a.rules) for (const there of b.rules) if (here <= there) pairs.add(`${here} ${there}`);
      }
    }
  }
  return pairs;
}

describe("findRouteRisks()", () => {
  it("finds every place that trying every artifact shows to be shared, each report with true witnesses (RTE-02)", () => {
    fc.assert(
      fc.property(spec, (rules) => {
        const compiled = compileRoutes(rules);
        if (!compiled.ok) throw new Error("the generated rules are sound");
        const table = compiled.value;
        const risks = findRouteRisks(table);
        const reported = new Set(
          risks.flatMap(({ routes }) => {
            const [first, second = first] = routes as [string, string?];
            return [`${first} ${second}`, `${second} ${first}`];
          }),
        );
        for (const pair of tryAll(table)) expect(reported).toContain(pair);
        for (const { code, routes, witnesses } of risks) {
          const results = witnesses.map((witness) => routeArtifact(table, witness));
          if (code === "HYDRATION_ROUTE_UNREACHABLE") {
            expect(results.map(({ outcome }) => outcome)).toEqual(["unrouted"]);
            continue;
          }
          expect(results.map(({ path }) => path)).toEqual([results[0]?.path, results[0]?.path]);
          expect(results[0]?.path).not.toBeNull();
          if (code === "HYDRATION_ROUTE_SHARED") expect(witnesses[0]?.id).not.toBe(witnesses[1]?.id);
          else expect(JSON.stringify(witnesses[0])).not.toBe(JSON.stringify(witnesses[1]));
          for (const [index, { trace }] of results.entries()) {
            expect(trace.find(({ route }) => route === (routes[index] ?? routes[0]))?.verdict).toBe("won");
          }
        }
      }),
      { numRuns: proofRuns(150) },
    );
  });
});
