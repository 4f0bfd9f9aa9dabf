import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Root from "@gov/hydration";
import type * as Routing from "@gov/hydration/routing";
import type { HydrationSpec, RoutingSpec } from "@gov/schema";
import fc from "fast-check";
import { candidate, candidates, spec as selectionSpec } from "./arbitraries.ts";
import { manyRules, manySubjects } from "./many-rules.ts";
import { oracle, rankedPaths } from "./oracle.ts";
import { readByExpression, routesByHand } from "./routing-oracle.ts";
import { spec as routingSpec, world } from "./small-world.ts";
import { selectionVectors } from "./vectors.ts";

const seed = { seed: 20250101, numRuns: 150 };

// What stands around the surrogates, where code units and code points differ in order; common beginnings of every kind.
const awkwardPath = fc.string({
  unit: fc.constantFrom("a", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}"),
  minLength: 1,
  maxLength: 3,
});

// Lists of alternatives so long that the index leaves some of them to the comparison of each condition.
const longRules: RoutingSpec["routes"] = [
  { kind: Array.from({ length: 70 }, (_, index) => `kind${index}`), tag: ["Critical", "Risk:1"] },
  { id: Array.from({ length: 70 }, (_, index) => `PIN-${index}`) },
  { kind: ["kind1", "kind2"], tag: Array.from({ length: 70 }, (_, index) => `Risk:${index % 7 === 0 ? index : index + 100}`) },
].map((match, index) => ({ id: `long${index}`, match, to: "long/{id}.md", precedence: 7 + index }));

/** Fails when the build in the given folder breaks what the specification says of precedence and matching. */
export async function judge(target: string): Promise<void> {
  const load = async <T>(path: string): Promise<T> => (await import(pathToFileURL(join(target, path)).href)) as T;
  const { compareCandidates, selectArtifact, selectWinners } = await load<typeof Root>("index.js");
  const { checkPlacement, compileRoutes, matchPath, routeArtifact } = await load<typeof Routing>("routing/index.js");
  for (const { spec, candidates: list, expected } of selectionVectors) {
    const { outcome, winner, rule, trace } = selectArtifact(list, spec);
    assert.deepEqual([outcome, winner?.path ?? null, rule], [expected.outcome, expected.winner, expected.rule]);
    assert.deepEqual(
      trace.map(({ path }) => path),
      expected.order,
    );
  }

  fc.assert(
    fc.property(candidates, selectionSpec, (list, spec) => {
      const { outcome, winner, rule, trace } = selectArtifact(list, spec);
      const expected = oracle(list, spec);
      assert.deepEqual({ outcome, winner: winner?.path ?? null, rule }, expected);
      assert.deepEqual(
        trace.map(({ path }) => path),
        rankedPaths(list, spec),
      );
      if (list.length > 0) assert.equal(selectWinners(list, spec).get("A-1")?.path ?? null, expected.winner);
      for (const a of list) {
        assert.deepEqual(compareCandidates(a, { ...a }, { spec }), { order: 0, decidedBy: null });
        const twin = compareCandidates(a, { ...a, version: "0.0.0" }, { spec });
        assert.deepEqual([Math.sign(twin.order), twin.decidedBy], [1, "identity"]);
        for (const b of list) {
          const { order, decidedBy } = compareCandidates(a, b, { spec });
          const ranked = rankedPaths([a, b], spec);
          if (a !== b) assert.equal(Math.sign(order), ranked[0] === a.path ? -1 : 1);
          const won = selectArtifact([a, b], spec);
          if (a !== b && won.winner === a && a.status === b.status)
            assert.ok(decidedBy === "commit_time" || decidedBy === "file_name" || decidedBy === "path");
          const ruleOf = (one: typeof a) => oracle([one, one], spec).rule;
          if (ruleOf(a) !== ruleOf(b)) assert.equal(decidedBy, oracle([a, b], spec).rule);
          if (a !== b && won.winner === a && decidedBy !== null && won.trace[1]) assert.equal(won.trace[1].rule, decidedBy);
        }
      }
    }),
    seed,
  );

  fc.assert(
    fc.property(candidate, fc.uniqueArray(awkwardPath, { minLength: 2, maxLength: 5 }), (one, paths) => {
      const spec: HydrationSpec = { precedence: ["approved"], tie_breakers: ["path"], uncommitted: "oldest" };
      const list = paths.map((path) => ({ ...one, path }));
      assert.deepEqual(
        [...list].sort((a, b) => compareCandidates(a, b, { spec }).order).map(({ path }) => path),
        rankedPaths(list, spec),
      );
    }),
    seed,
  );

  fc.assert(
    fc.property(routingSpec, fc.array(fc.constantFrom(...world), { minLength: 1, maxLength: 30 }), (rules, subjects) => {
      const compiled = compileRoutes({ ...rules, routes: rules.routes.toReversed() });
      if (!compiled.ok) throw new Error("the rules are sound");
      for (const subject of subjects) {
        if (compiled.value.overrides.has(subject.id)) continue;
        const trace: readonly (readonly [string, boolean])[] = routeArtifact(compiled.value, subject).trace.map(
          ({ route, verdict }) => [route, verdict === "lost"] as const,
        );
        assert.deepEqual(trace, routesByHand(rules, subject));
      }
    }),
    seed,
  );

  const many = manyRules(60);
  const large: RoutingSpec = { ...many, routes: [...many.routes, ...longRules] };
  const compiledLarge = compileRoutes(large);
  if (!compiledLarge.ok) throw new Error("the rules are sound");
  const odd = ["PIN-6", "PIN-69b", "PIN-1"].map((id) => ({ id, kind: "kind99", status: null, tags: [{ key: "Team", value: "0" }] }));
  for (const subject of [...manySubjects(300, { rules: 60, seed: 3 }), ...odd]) {
    const result = routeArtifact(compiledLarge.value, subject);
    const trace = result.trace.map(({ route, verdict }) => [route, verdict === "lost"] as const);
    assert.deepEqual(trace, routesByHand(large, subject));
    if (result.path === null) continue;
    assert.deepEqual(checkPlacement(compiledLarge.value, { ...subject, path: result.path }), []);
    assert.equal(checkPlacement(compiledLarge.value, { ...subject, path: "nowhere.md" }).length, 1);
  }

  const patterns = [
    "{a}-{b}.md",
    "{a}/{a}-{b}",
    "{a}-{b}/{b}/{a}",
    "{b}/{a}x{b}y",
    "x{a}y{b}z",
    "{a}.md/{b}y{a}",
    "x/{a}",
    "x.md",
    "{a}-x.md",
    "{a}--{b}-{c}",
    "{a}-{b}--x",
  ];
  const text = fc.string({ unit: fc.constantFrom("x", "y", "z", "-", ".md", "m", "/"), minLength: 1, maxLength: 9 });
  for (const to of patterns) {
    const compiled = compileRoutes({ routes: [{ id: "r", match: {}, to, precedence: 0 }], overrides: [] }, { parameters: ["a", "b", "c"] });
    if (!compiled.ok) throw new Error("the rules are sound");
    const check = (path: string): void => {
      const [match] = matchPath(compiled.value, path);
      assert.deepEqual(match === undefined ? null : Object.fromEntries(match.parameters), readByExpression(to, path), `${to} ${path}`);
    };
    fc.assert(fc.property(text, check), seed);
    const value = fc.string({ unit: fc.constantFrom("x", "y", "z", "-", ".md"), maxLength: 3 });
    const filled = fc.tuple(value, value, value).map(([a, b, c]) => to.replaceAll("{a}", a).replaceAll("{b}", b).replaceAll("{c}", c));
    fc.assert(fc.property(filled, check), seed);
  }
}
