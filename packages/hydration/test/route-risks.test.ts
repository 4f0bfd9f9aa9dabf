import { compileRoutes, findRouteRisks, routeArtifact, type RouteRisk, type RouteTable } from "@gov/hydration/routing";
import type { RouteSpec, RoutingSpec } from "@gov/schema";
import { describe, expect, it } from "vitest";

const route = (id: string, to: string, match: RouteSpec["match"] = {}, precedence = 0): RouteSpec => ({ id, to, match, precedence });

function tableOf(routes: readonly RouteSpec[], overrides: RoutingSpec["overrides"] = []): RouteTable {
  const result = compileRoutes({ routes: [...routes], overrides }, { path: "rules/artifact_routing.mdc" });
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.value;
}

const summary = (risks: readonly RouteRisk[]) => risks.map(({ code, severity, routes }) => [code.slice(16), severity, ...routes]);
const risksOf = (routes: readonly RouteSpec[], overrides: RoutingSpec["overrides"] = []) => findRouteRisks(tableOf(routes, overrides));
const pathsOf = (table: RouteTable, risk: RouteRisk | undefined) => risk?.witnesses.map((witness) => routeArtifact(table, witness).path);

describe("findRouteRisks()", () => {
  it("finds nothing where every artifact has a place of its own (RTE-02)", () => {
    expect(risksOf([route("plans", "plans/{id}.md", { kind: "plan" }), route("notes", "notes/{kind}/{id}.md", { kind: "note" })])).toEqual(
      [],
    );
    expect(risksOf([route("a", "x/{id}.md", { kind: "plan" }), route("b", "x/{id}.md", { kind: "note" })])).toEqual([]);
    expect(risksOf([route("a", "x/{id}", { kind: "plan" }), route("b", "x/{id}/{id}", { kind: "note" })])).toEqual([]);
  });

  it("shows a route that leads nowhere on an artifact it strands (RTE-02)", () => {
    const table = tableOf([route("r", "x/{kind}.md", { kind: ["a/b", ".\\c"] }), route("dots", "{id}/x.md", { id: ".." })]);
    const risks = findRouteRisks(table);
    expect(summary(risks)).toEqual([
      ["UNREACHABLE", "warning", "dots"],
      ["UNREACHABLE", "warning", "r"],
    ]);
    expect(risks[1]?.message).toBe('Route "r" leads nowhere: for an artifact (id "XiX", kind "a/b", status draft) {kind} holds a slash');
    for (const risk of risks) {
      const [witness] = risk.witnesses;
      const { trace } = routeArtifact(table, witness as RouteRisk["witnesses"][number]);
      expect(trace.find((entry) => entry.route === risk.routes[0])).toMatchObject({ verdict: "unfilled", path: null });
    }
  });

  it("leaves a route alone that can be filled for one of its artifacts", () => {
    expect(risksOf([route("r", "x/{kind}-{id}.md", { kind: ["a/b", "plan"] })])).toEqual([]);
    expect(risksOf([route("r", "{status}/{id}.md")])).toEqual([]);
  });

  it("shows a pattern that can be read in two ways on two artifacts at one path (RTE-02)", () => {
    const table = tableOf([route("r", "x/{name}-{id}.md", { id: "PLN-*" })]);
    const [risk] = findRouteRisks(table);
    expect(summary([risk as RouteRisk])).toEqual([["AMBIGUOUS", "warning", "r"]]);
    expect(risk?.witnesses.map(({ id }) => id)).toEqual(["PLN-X-PLN-X", "PLN-X"]);
    expect(new Set(pathsOf(table, risk))).toEqual(new Set(["x/X-PLN-X-PLN-X.md"]));
  });

  it("compares the fixed values of a parameter too, and accepts what another segment decides", () => {
    expect(summary(risksOf([route("r", "{kind}-{id}.md", { kind: ["plan", "plan-old"] })]))).toEqual([["AMBIGUOUS", "warning", "r"]]);
    expect(risksOf([route("r", "{kind}-{id}.md", { kind: ["plan", "note"] })])).toEqual([]);
    expect(risksOf([route("r", "{name}/{name}-{id}.md")])).toEqual([]);
  });

  it("notes a place that the artifacts of one route share, and warns of one that two routes share (RTE-02)", () => {
    const table = tableOf([
      route("backlog", "{cycle_id}/backlog.md", { kind: "backlog" }),
      route("plan", "{cycle_id}/{name}.md", { kind: "plan" }, 1),
      route("single", "one.md", { id: "ONE" }, 2),
    ]);
    const risks = findRouteRisks(table);
    expect(summary(risks)).toEqual([
      ["SHARED", "note", "plan"],
      ["SHARED", "note", "backlog"],
      ["SHARED", "warning", "plan", "backlog"],
    ]);
    for (const risk of risks) {
      expect(new Set(pathsOf(table, risk)).size).toBe(1);
      expect(new Set(risk.witnesses.map(({ id }) => id)).size).toBe(2);
    }
    expect(risks[2]?.message).toBe(
      'Route "plan" and route "backlog" share a place: an artifact (id "XiX", kind "plan", status draft) and an artifact (id "XjX", kind "backlog", status draft) are both sent to "X/backlog.md"',
    );
    expect(risks[2]?.path).toBe("rules/artifact_routing.mdc");
  });

  it("sees an override that takes another artifact's place", () => {
    const table = tableOf([route("plans", "plans/{id}.md", { id: "PLN-*" })], [{ artifact: "OLD", to: "plans/PLN-1.md" }]);
    const [risk, ...others] = findRouteRisks(table);
    expect(others).toEqual([]);
    expect(risk?.routes).toEqual(["plans", "override"]);
    expect(risk?.witnesses.map(({ id }) => id)).toEqual(["PLN-1", "OLD"]);
    expect(pathsOf(table, risk)).toEqual(["plans/PLN-1.md", "plans/PLN-1.md"]);
    expect(risk?.message).toContain('Route "plans" and the override of "OLD" share a place');
  });

  it("finds nothing in long lists without trying each with each", () => {
    const names = Array.from({ length: 60 }, (_, index) => `N${String(index)}`);
    expect(risksOf([route("a", "a/{id}.md", { id: names, tag: names })])).toEqual([]);
  });

  it("counts an id that is exactly its prefix", () => {
    expect(summary(risksOf([route("a", "{id}", { id: "p*", kind: "a" }), route("b", "p", { id: "q", kind: "b" })]))).toEqual([
      ["SHARED", "warning", "a", "b"],
    ]);
  });

  it("follows parameters through several segments", () => {
    const routes = [route("a", "{name}/{name}-x/{id}", { kind: "a" }), route("b", "{cycle_id}/v{date}-x/{id}", { kind: "b" })];
    expect(risksOf(routes)).toEqual([]);
    const open = [route("a", "{name}/{name}-x/a{id}", { kind: "a" }), route("b", "{cycle_id}/v{date}-x/{id}", { kind: "b" })];
    expect(summary(risksOf(open))).toEqual([["SHARED", "warning", "a", "b"]]);
  });
});
