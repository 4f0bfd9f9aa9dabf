import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { selectArtifact } from "@gov/hydration";
import { compileRoutes, routeArtifact } from "@gov/hydration/routing";
import { parseDocument } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { oracle, rankedPaths } from "./oracle.ts";
import { routesByHand } from "./routing-oracle.ts";
import { routingVectors, selectionVectors, vectorPath } from "./vectors.ts";

const second = fileURLToPath(new URL("second_implementation.py", import.meta.url));

describe("hydration_tests.yaml", () => {
  it("holds what hydration_tests.json holds, for readers without YAML (HYD-05)", () => {
    const bytes = readFileSync(new URL("../vectors/hydration_tests.yaml", import.meta.url));
    const parsed = parseDocument({ path: "hydration_tests.yaml", bytes });
    expect(parsed.findings).toEqual([]);
    expect(parsed.ok && parsed.value.data).toEqual(JSON.parse(readFileSync(vectorPath, "utf8")));
  });

  it("has every vector under a name of its own", () => {
    for (const vectors of [selectionVectors, routingVectors]) {
      expect(vectors.length).toBeGreaterThan(15);
      expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length);
    }
  });

  it("agrees with a second implementation in another language, which a wrong vector does not (HYD-02, HYD-05)", ({ skip }) => {
    const run = (input: string) => spawnSync("python3", [second, input], { encoding: "utf8" });
    const { status, stdout, error } = run(fileURLToPath(vectorPath));
    if (error !== undefined && !(process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes("python3")) skip("python3 is not installed");
    expect(stdout).toBe(`${selectionVectors.length} selections, ${routingVectors.length} routes, 0 disagreements\n`);
    expect(status).toBe(0);
    const broken = run(fileURLToPath(new URL("fixtures/broken-vectors.json", import.meta.url)));
    expect(broken.status).toBe(1);
    expect(broken.stdout).toContain("1 selections, 1 routes, 2 disagreements");
  });
});

describe("selectArtifact()", () => {
  it.each(selectionVectors)("published vector: $name (HYD-01, HYD-02, HYD-05)", ({ spec, candidates, expected }) => {
    for (const order of [candidates, candidates.toReversed()]) {
      const { outcome, winner, rule, trace, findings } = selectArtifact(order, spec);
      expect({
        outcome,
        winner: winner?.path ?? null,
        rule,
        order: trace.map(({ path }) => path),
        decided_by: trace.map((entry) => entry.rule),
        findings: findings.map(({ code }) => code),
      }).toEqual(expected);
    }
  });

  it.each(selectionVectors)("a second implementation agrees: $name (HYD-02)", ({ spec, candidates, expected }) => {
    expect(oracle(candidates, spec)).toEqual({ outcome: expected.outcome, winner: expected.winner, rule: expected.rule });
    expect(rankedPaths(candidates, spec)).toEqual(expected.order);
  });
});

describe("routeArtifact()", () => {
  it.each(routingVectors)("published vector: $name (RTE-01, HYD-05)", ({ spec, subject, expected }) => {
    for (const routes of [spec.routes, spec.routes.toReversed()]) {
      const compiled = compileRoutes({ ...spec, routes });
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.findings));
      const { outcome, path, rule, trace } = routeArtifact(compiled.value, subject);
      expect({ outcome, path, rule, matched: trace.map(({ route, verdict }) => [route, verdict]) }).toEqual(expected);
    }
  });

  it.each(routingVectors)("a second reading matches the same routes: $name (RTE-01)", ({ spec, subject, expected }) => {
    const routes = expected.matched.filter(([route]) => route !== "override").map(([route]) => route);
    expect(routesByHand(spec, subject).map(([route]) => route)).toEqual(routes);
  });
});
