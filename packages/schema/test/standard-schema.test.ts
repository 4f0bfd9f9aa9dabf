import {
  checkDocuments,
  compileUserSchema,
  createKindRegistry,
  type JsonValue,
  type StandardSchema,
  type StandardSchemaResult,
} from "@gov/schema";
import { describe, expect, it } from "vitest";
import { z } from "zod";

function validator(validate: (value: unknown) => StandardSchemaResult | Promise<StandardSchemaResult>): StandardSchema {
  return { "~standard": { version: 1, vendor: "own", validate } };
}

function issues(schema: StandardSchema, data: JsonValue): readonly (readonly [string, string, string])[] {
  const compiled = compileUserSchema(schema);
  if (!compiled.ok) throw new Error("not compiled");
  return compiled.value(data).map(({ pointer, keyword, message }) => [pointer, keyword, message]);
}

const adr = z.object({ id: z.string().regex(/^ADR-/), owner: z.string(), links: z.array(z.object({ to: z.string() })).default([]) });

describe("a Standard Schema validator", () => {
  it("is accepted where a user supplies a schema, and its issues have their places (SCH-10)", () => {
    const registry = createKindRegistry({ kinds: [{ name: "adr", include: ["adr/*.md"], schema: adr }] });
    if (!registry.ok) throw new Error(JSON.stringify(registry.findings));
    const bytes = Buffer.from("---\nid: ADR-1\nowner: 7\nlinks:\n  - to: x\n  - to: [1]\n---\n# One\n");
    const { findings } = checkDocuments([{ path: "adr/1.md", bytes }], registry.value);
    expect(findings.map(({ code, path, line, column }) => [code, path, line, column])).toEqual([
      ["SCHEMA_VIOLATION", "adr/1.md", 3, 8],
      ["SCHEMA_VIOLATION", "adr/1.md", 6, 9],
    ]);
  });

  it("of any library is taken, whether object or function, with bare keys or segments", () => {
    const odd = Object.assign(
      () => undefined,
      validator(() => ({ issues: [{ message: "no", path: [{ key: "a/b" }, "m~n", 0] }, { message: "root" }] })),
    );
    expect(issues(odd, {})).toEqual([
      ["/a~1b/m~0n/0", "own", "no"],
      ["", "own", "root"],
    ]);
    expect(issues(adr, { id: "ADR-1", owner: "ann" })).toEqual([]);
  });

  it("does not change the data it judges", () => {
    const data = { a: { b: 1 } };
    const greedy = validator((value) => {
      (value as { a: { b: number } }).a.b = 2;
      return { value };
    });
    expect([issues(greedy, data), data]).toEqual([[], { a: { b: 1 } }]);
  });

  it("that throws or answers later refuses the document", async () => {
    const throwing = validator(() => {
      throw new Error("broken");
    });
    expect(issues(throwing, {})).toEqual([["", "own", "The own validator threw: broken"]]);
    const late = validator(() => Promise.reject(new Error("late")));
    expect(issues(late, {})).toEqual([["", "own", "The own validator answers later: only one that answers at once can be used"]]);
    await new Promise((resolve) => setImmediate(resolve));
  });

  it("is told from a JSON Schema that happens to have such a member", () => {
    const compiled = compileUserSchema({ "~standard": { validate: "text" }, type: "string" });
    expect(compiled.ok && compiled.value(1).map(({ keyword }) => keyword)).toEqual(["type"]);
  });
});

describe("versions of a kind of one's own", () => {
  const kind = {
    name: "team",
    include: ["*.yaml"],
    schema: { type: "object", required: ["lead"] },
    versions: { 2: { type: "object", required: ["owner"] }, 3: z.object({ $schema: z.string(), owners: z.array(z.string()) }) },
  };

  it("are judged each by its own schema, at once, and a newer one is refused by name (SCH-07)", () => {
    const registry = createKindRegistry({ kinds: [kind] });
    if (!registry.ok) throw new Error(JSON.stringify(registry.findings));
    const judge = (data: JsonValue): readonly string[] | undefined =>
      registry.value
        .get("team")
        ?.judge(data)
        .map(({ message }) => message);
    expect(judge({ lead: "ann" })).toEqual([]);
    expect(judge({ $schema: "urn:gov:schema:team:2", owner: "ann" })).toEqual([]);
    expect(judge({ $schema: "./schemas/team-v3.json", owners: ["ann"] })).toEqual([]);
    expect(judge({ $schema: "urn:gov:schema:team:2", lead: "ann" })).toEqual(['Property "owner" is missing: it is required']);
    expect(judge({ $schema: "urn:gov:schema:team:4" })).toEqual(['Format 4 of "team" is newer than 3, the newest known here']);
  });

  it("must be whole numbers from 2, with schemas that are some", () => {
    const codes = (versions: Record<number, { type: string }>): readonly string[] =>
      createKindRegistry({ kinds: [{ ...kind, versions }] }).findings.map(({ code }) => code);
    expect(codes({ 1: { type: "object" } })).toEqual(["SCHEMA_KIND"]);
    expect([...new Set(codes({ 2: { type: "no such type" } }))]).toEqual(["SCHEMA_INVALID_SCHEMA"]);
  });
});
