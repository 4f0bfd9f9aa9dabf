import {
  checkRouting,
  compileRoutes,
  findRouteConflicts,
  findRouteRisks,
  routeArtifact,
  type RouteSubject,
  type RouteTable,
} from "@gov/hydration/routing";
import type { Position, RouteSpec, RoutingSpec } from "@gov/schema";
import { describe, expect, it } from "vitest";

const path = "rules/artifact_routing.mdc";
const route = (id: string, to: string, match: RouteSpec["match"] = {}, precedence = 0): RouteSpec => ({ id, to, match, precedence });

/** Positions by pointer, as a reader of the rule document gives them: the line says which entry, the column which part. */
function locate(pointer: string): Position | null {
  const [, list, index, part] = pointer.split("/");
  return { line: (list === "routes" ? 100 : 200) + Number(index), column: part === undefined ? 1 : part === "to" ? 3 : 2 };
}

function tableOf(routes: readonly RouteSpec[], overrides: RoutingSpec["overrides"] = []): RouteTable {
  const result = compileRoutes({ routes: [...routes], overrides }, { path, locate });
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.value;
}

const subject = (id: string, kind = "plan", parameters = {}): RouteSubject => ({ id, kind, status: "draft", tags: [], parameters });

describe("checkRouting()", () => {
  it("gives conflicts and risks of the rule, then what the artifacts show (RTE-02)", () => {
    const table = tableOf([
      route("plans", "plans/{id}.md", { kind: "plan" }),
      route("drafts", "drafts/{id}.md", { status: "draft", kind: "plan" }),
      route("cycle", "{cycle_id}/note.txt", { kind: "note" }),
    ]);
    const check = checkRouting(table, [
      subject("P-1"),
      subject("N-1", "note", { cycle_id: "1" }),
      subject("N-2", "note", { cycle_id: "1" }),
    ]);
    expect(check.ok).toBe(false);
    expect(check.defects).toEqual(findRouteConflicts(table));
    expect(check.risks).toEqual(findRouteRisks(table));
    expect(check.findings.map(({ code, severity, line }) => [code.slice(10), severity, line])).toEqual([
      ["ROUTE_CONFLICT", "error", 101],
      ["ROUTE_SHARED", "note", 102],
      ["ROUTE_CONFLICT", "error", 101],
      ["PATH_COLLISION", "error", null],
    ]);
  });

  it("raises the alert about the rule document, with routes and artifacts, and ends it when nothing conflicts (RTE-02, ALR-02)", () => {
    const table = tableOf([
      route("a", "a/{id}.md", { kind: "plan" }),
      route("b", "b.md", { tag: "X" }),
      route("c", "one.md", { kind: "note" }),
    ]);
    const conflict = findRouteConflicts(table)[0]?.witness;
    const tagged: RouteSubject = { ...subject("P-1"), tags: [{ key: "X", value: null }] };
    const check = checkRouting(table, [tagged, subject("N-1", "note"), subject("N-2", "note")]);
    expect(check.event).toEqual({
      name: "routing.conflict",
      fields: {
        subject: path,
        conflicts: 4,
        examples: [
          { routes: ["a", "b"], artifact: conflict?.id },
          { routes: ["b", "c"], artifact: conflict?.id },
          { routes: ["a", "b"], artifact: "P-1" },
        ],
        meetings: [{ paths: ["one.md"], artifacts: ["N-1", "N-2"] }],
      },
    });
    expect(checkRouting(tableOf([route("a", "a/{id}.md")])).event).toEqual({ name: "routing.resolved", fields: { subject: path } });
    const unnamed = compileRoutes({ routes: [], overrides: [] });
    expect(unnamed.ok && checkRouting(unnamed.value)).toMatchObject({
      ok: true,
      findings: [],
      event: { fields: { subject: "artifact_routing" } },
    });
  });

  it("lists twenty examples of many conflicts, and counts all", () => {
    const table = tableOf(Array.from({ length: 9 }, (_, index) => route(`r${index}`, `${index}/{id}.md`)));
    const { fields } = checkRouting(table).event;
    expect(fields["conflicts"]).toBe(36);
    expect(fields["examples"]).toHaveLength(20);
  });
});

describe("compileRoutes()", () => {
  it("places each finding where its part of the rule stands", () => {
    const routes = [
      route("a", "x/{id}.md"),
      route("a", "../{id}.md"),
      route("b", "{colour}.md"),
      route("override", "o/{id}.md"),
      route("c", "X/{id}"),
    ];
    const overrides = [
      { artifact: "P", to: "p.md" },
      { artifact: "P", to: "/p.md" },
    ];
    const { findings } = compileRoutes({ routes, overrides }, { path, locate });
    expect(findings.map(({ code, line, column }) => [code.slice(10), line, column])).toEqual([
      ["ROUTE_DUPLICATE", 101, 2],
      ["ROUTE_PATTERN", 101, 3],
      ["ROUTE_PARAMETER", 102, 3],
      ["ROUTE_DUPLICATE", 103, 2],
      ["ROUTE_CASE", 104, 3],
      ["OVERRIDE_DUPLICATE", 201, 2],
      ["ROUTE_PATTERN", 201, 3],
    ]);
  });

  it("places what routing an artifact finds at the route or override that fails", () => {
    const table = tableOf(
      [route("r", "{cycle_id}.md"), route("s", "s/{id}.md", { kind: "plan" }, 1), route("t", "t/{id}.md", { kind: "plan" }, 1)],
      [{ artifact: "O", to: "{date}.md" }],
    );
    const placeOf = (one: RouteSubject) => routeArtifact(table, one).findings.map(({ path: at, line, column }) => [at, line, column]);
    expect(placeOf(subject("N", "note"))).toEqual([[path, 100, 1]]);
    expect(placeOf(subject("P"))).toEqual([[path, 101, 1]]);
    expect(placeOf(subject("O"))).toEqual([[path, 200, 1]]);
  });

  it.each(["routing_matrix.json", "docs/Routing_Matrix.json", "routing_effective.shadow.json", "routing_e\ufb00ective.shadow.json"])(
    "lets no artifact take the place of command routing or of the baseline: %s (RTE-01, RTE-05)",
    (to) => {
      const { findings } = compileRoutes({ routes: [route("r", to)], overrides: [] });
      expect(findings.map(({ code }) => code)).toEqual(["HYDRATION_ROUTE_PATTERN"]);
      const name = (to.split("/").at(-1) as string).slice(0, -".json".length);
      const result = routeArtifact(tableOf([route("r", "docs/{id}.json")]), subject(name));
      expect([result.outcome, result.findings.map(({ code }) => code)]).toEqual(["unrouted", ["HYDRATION_ROUTE_UNFILLED"]]);
    },
  );
});
