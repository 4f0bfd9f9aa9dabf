import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Root from "@gov/hydration";
import type * as Routing from "@gov/hydration/routing";
import fc from "fast-check";
import { candidates, spec as selectionSpec } from "./arbitraries.ts";
import { manyRules, manySubjects } from "./many-rules.ts";
import { oracle, rankedPaths } from "./oracle.ts";
import { readByExpression, routesByHand } from "./routing-oracle.ts";
import { spec as routingSpec, world } from "./small-world.ts";

// Run as a process of its own: fails when the build in the given folder breaks what the specification says.
const target = process.argv[2] as string;
const load = async <T>(path: string): Promise<T> => (await import(pathToFileURL(join(target, path)).href)) as T;
const { compareCandidates, selectArtifact, selectWinners } = await load<typeof Root>("index.js");
const { compileRoutes, matchPath, routeArtifact } = await load<typeof Routing>("routing/index.js");
const seed = { seed: 20250101, numRuns: 400 };

interface Vector {
  readonly spec: Parameters<typeof selectArtifact>[1];
  readonly candidates: readonly Root.Candidate[];
  readonly expected: { readonly outcome: string; readonly winner: string | null; readonly rule: string | null; readonly order: readonly string[] };
}
const file = readFileSync(new URL("../vectors/select-v1.json", import.meta.url), "utf8");
for (const { spec, candidates: list, expected } of (JSON.parse(file) as { readonly vectors: readonly Vector[] }).vectors) {
  const { outcome, winner, rule, trace } = selectArtifact(list, spec);
  assert.deepEqual([outcome, winner?.path ?? null, rule], [expected.outcome, expected.winner, expected.rule]);
  assert.deepEqual(trace.map(({ path }) => path), expected.order);
}

fc.assert(
  fc.property(candidates, selectionSpec, (list, spec) => {
    const { outcome, winner, rule, trace } = selectArtifact(list, spec);
    const expected = oracle(list, spec);
    assert.deepEqual({ outcome, winner: winner?.path ?? null, rule }, expected);
    assert.deepEqual(trace.map(({ path }) => path), rankedPaths(list, spec));
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
        if (a !== b && won.winner === a && a.status === b.status) assert.ok(decidedBy === "commit_time" || decidedBy === "file_name" || decidedBy === "path");
        if (a !== b && won.winner === a && decidedBy !== null && won.trace[1]) assert.equal(won.trace[1].rule, decidedBy);
      }
    }
  }),
  seed,
);

fc.assert(
  fc.property(routingSpec, fc.array(fc.constantFrom(...world), { minLength: 1, maxLength: 30 }), (rules, subjects) => {
    const compiled = compileRoutes(rules);
    assert.ok(compiled.ok);
    for (const subject of subjects) {
      if (compiled.value.overrides.has(subject.id)) continue;
      const trace = routeArtifact(compiled.value, subject).trace.map(({ route, verdict }) => [route, verdict === "lost"]);
      assert.deepEqual(trace, routesByHand(rules, subject));
    }
  }),
  seed,
);

const large = manyRules(60);
const compiledLarge = compileRoutes(large);
assert.ok(compiledLarge.ok);
for (const subject of manySubjects(300, { rules: 60, seed: 3 })) {
  const trace = routeArtifact(compiledLarge.value, subject).trace.map(({ route, verdict }) => [route, verdict === "lost"]);
  assert.deepEqual(trace, routesByHand(large, subject));
}

const patterns = ["{a}-{b}.md", "{a}/{a}-{b}", "{a}-{b}/{b}/{a}", "x{a}y{b}z", "{a}.md/{b}y{a}", "x/{a}", "x.md", "{a}-x.md", "{a}--{b}-{c}", "{a}-{b}--x"];
const text = fc.string({ unit: fc.constantFrom("x", "y", "z", "-", ".md", "m", "/"), minLength: 1, maxLength: 9 });
for (const to of patterns) {
  const compiled = compileRoutes({ routes: [{ id: "r", match: {}, to, precedence: 0 }], overrides: [] }, { parameters: ["a", "b", "c"] });
  assert.ok(compiled.ok);
  const check = (path: string): void => {
    const [match] = matchPath(compiled.value, path);
    assert.deepEqual(match === undefined ? null : Object.fromEntries(match.parameters), readByExpression(to, path), `${to} ${path}`);
  };
  fc.assert(fc.property(text, check), seed);
  const value = fc.string({ unit: fc.constantFrom("x", "y", "z", "-", ".md"), maxLength: 3 });
  const filled = fc.tuple(value, value, value).map(([a, b, c]) => to.replaceAll("{a}", a).replaceAll("{b}", b).replaceAll("{c}", c));
  fc.assert(fc.property(filled, check), seed);
}
