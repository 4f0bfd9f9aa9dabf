import { compileRoutes, type RoutableArtifact, routeArtifact, type RouteTable, toRouteSubject } from "@gov/hydration/routing";
import type { RoutingSpec } from "@gov/schema";
import { describe, expect, it } from "vitest";

function tableOf(spec: RoutingSpec): RouteTable {
  const result = compileRoutes(spec);
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.value;
}

const table = tableOf({
  routes: [
    { id: "other", match: { kind: "note" }, to: "{name}/{cycle_id}/x.md", precedence: 9 },
    { id: "plans", match: { kind: "plan" }, to: "plans/{cycle_id}/{name}.md", precedence: 1 },
  ],
  overrides: [{ artifact: "PIN", to: "pinned/{name}.md" }],
});
const artifact = (more: Partial<RoutableArtifact>): RoutableArtifact => ({
  id: "P-1",
  kind: "plan",
  status: "draft",
  tags: [],
  path: "inbox/p.md",
  data: {},
  ...more,
});
const parametersOf = (more: Partial<RoutableArtifact>) => toRouteSubject(table, artifact(more)).parameters;

describe("toRouteSubject()", () => {
  it("takes the texts of the metadata, embedded or not, and nothing that is no text", () => {
    expect(parametersOf({ data: { cycle_id: "1", name: 2, tags: ["a"] } })).toEqual({ cycle_id: "1" });
    expect(parametersOf({ data: { metadata: { cycle_id: "1" }, name: "outside" } })).toEqual({ cycle_id: "1" });
    expect(parametersOf({ data: { metadata: "text", name: "n" } })).toEqual({ metadata: "text", name: "n" });
    for (const data of [null, "text", ["a"]]) expect(parametersOf({ data })).toEqual({});
  });

  it("reads what the metadata leave open off the document's own place, by the rule that decides for it", () => {
    expect(parametersOf({ path: "plans/x.md/x.md" })).toEqual({ cycle_id: "x.md", name: "x" });
    expect(parametersOf({ path: "plans/1/x.md" })).toEqual({ cycle_id: "1", name: "x" });
    expect(parametersOf({ path: "plans/1/x.md", kind: "note" })).toEqual({ name: "plans", cycle_id: "1" });
    expect(parametersOf({ path: "plans/1/x.md", data: { cycle_id: "2" } })).toEqual({ cycle_id: "2", name: "x" });
    expect(parametersOf({ path: "pinned/n.md", id: "PIN" })).toEqual({ name: "n" });
    expect(parametersOf({ path: "elsewhere.md" })).toEqual({});
  });

  it("sends a document that stands right to where it stands (RTE-01)", () => {
    const subject = toRouteSubject(table, artifact({ path: "plans/2024-01/a.md" }));
    expect(routeArtifact(table, subject).path).toBe("plans/2024-01/a.md");
  });

  it("lets no metadata replace id, kind or status", () => {
    const subject = toRouteSubject(table, artifact({ data: { id: "X", kind: "note", status: "approved" } }));
    expect(subject).toMatchObject({ id: "P-1", kind: "plan", status: "draft" });
  });
});
