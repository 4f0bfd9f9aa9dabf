import { describe, expect, it } from "vitest";
import { createKindRegistry, type JsonObject, type KindDefinition, shippedKinds } from "@gov/schema";

function reasons(...kinds: readonly KindDefinition[]): string[] {
  return createKindRegistry({ kinds }).findings.map(({ code, message }) => `${code} ${message}`);
}

describe("createKindRegistry()", () => {
  it("knows every shipped kind by its file name", () => {
    const registry = createKindRegistry();
    if (!registry.ok) throw new Error(JSON.stringify(registry.findings));
    const kindOf = (path: string): string | undefined => registry.value.kindByPath(path)?.definition.name;
    expect(kindOf("rules/artifact_routing.mdc")).toBe("artifact_routing");
    expect(kindOf("rules/framework_contract_framework1.mdc")).toBe("framework_contract");
    expect(kindOf("rulebook.yaml")).toBe("rulebook");
    expect(kindOf("frameworks/planning-be/2025-09-02-be_backlog.yaml")).toBe("be_backlog");
    expect(kindOf("frameworks/planning-fe/tasks/2025-09-02-fe_task_breakdown.yaml")).toBe("fe_task_breakdown");
    expect(kindOf("frameworks/planning-fe/storymaps/2025-09-02-story_map.md")).toBe("story_map");
    expect(kindOf("frameworks/planning-fe/digests/2025-09-02-digest.md")).toBe("digest");
    expect(kindOf("handoff_manifest.yaml")).toBe("handoff_manifest");
    expect(kindOf("README.md")).toBeUndefined();
    for (const name of registry.value.names) expect(registry.value.get(name)?.definition.name).toBe(name);
    expect(registry.value.get("toString")).toBeNull();
  });

  it("judges the data of a shipped kind by a schema that ships", () => {
    const registry = createKindRegistry();
    if (!registry.ok) throw new Error(JSON.stringify(registry.findings));
    const { names, get } = registry.value;
    const unjudged = names.filter((name) => (get(name)?.judge({ nonsense: 1 }) ?? []).length === 0);
    expect(unjudged).toEqual(["artifact", "digest", "story_map"]);
    for (const name of names.filter((kind) => !unjudged.includes(kind))) expect(shippedKinds).toContain(name);
  });

  it("takes a document as meant to be governed from two of id, version and status", () => {
    const registry = createKindRegistry({
      kinds: [
        { name: "first", include: ["a/*"] },
        { name: "second", include: ["a/**"], exclude: ["a/x/*"] },
      ],
    });
    if (!registry.ok) throw new Error(JSON.stringify(registry.findings));
    const kindOf = (path: string, data: Parameters<typeof registry.value.kindOf>[1]): string | undefined =>
      registry.value.kindOf(path, data)?.definition.name;
    expect(kindOf("x.md", { id: "x", status: "draft" })).toBe("artifact");
    expect(kindOf("x.md", { id: "x" })).toBeUndefined();
    expect(kindOf("x.md", JSON.parse('{"__proto__":{"id":1,"status":2}}') as object as { [key: string]: null })).toBeUndefined();
    expect(kindOf("x.md", { kind: "first" })).toBe("first");
    expect(kindOf("x.md", null)).toBeUndefined();
    expect([kindOf("a/b", {}), kindOf("a/b/c", {}), kindOf("a/x/c", {})]).toEqual(["first", "second", undefined]);
  });

  it("refuses names that are taken or malformed, globs that do not compile, and schemas that are none", () => {
    expect(reasons({ name: "rulebook", include: [] })).toEqual(['SCHEMA_KIND Cannot define kind "rulebook": a kind of that name ships']);
    expect(reasons({ name: "a", include: [] }, { name: "a", include: [] })).toEqual([
      'SCHEMA_KIND Cannot define kind "a": it is defined twice',
    ]);
    expect(reasons({ name: "__proto__", include: [] })[0]).toContain("SCHEMA_KIND");
    expect(reasons({ name: "a", include: ["/x"] })[0]).toContain('SCHEMA_GLOB Kind "a": Cannot use glob "/x"');
    expect(reasons({ name: "a", include: [], schema: { type: "no such type" } })[0]).toContain('SCHEMA_INVALID_SCHEMA Kind "a"');
    expect(reasons({ name: "a", include: [], schema: { $ref: "https://example.org/x.json" } })[0]).toContain("nothing is fetched");
  });

  it("lets schemas refer to each other, also where one of them is the kind's own", () => {
    const own: JsonObject = { $id: "https://example.org/own.json", properties: { a: { $ref: "common.json" } } };
    const schemas = new Map<string, JsonObject>([
      ["schemas/own.json", own],
      ["https://example.org/common.json", { type: "integer" }],
    ]);
    const registry = createKindRegistry({ kinds: [{ name: "a", include: [], schema: own }], schemas });
    if (!registry.ok) throw new Error(JSON.stringify(registry.findings));
    const judge = registry.value.get("a")?.judge;
    expect([judge?.({ a: 1 }).length, judge?.({ a: "x" }).length]).toEqual([0, 1]);
  });
});
