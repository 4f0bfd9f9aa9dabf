import {
  checkWorkItems,
  emitDigest,
  parseDigest,
  parseDocument,
  type ParsedDocument,
  readWorkItems,
  validateKind,
  type JsonObject,
} from "@gov/schema";
import { presets } from "@gov/schema/presets";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

function plan(text: string): ParsedDocument {
  const parsed = parseDocument({ path: "plan.yaml", bytes: Buffer.from(text) });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.value;
}

const c33 = `tasks:
  - id: FE-1
    title: Login
    description: Form
    owner: ann
    tags: [UX, "Risk:Low"]
    priority: P1
    effort: 3
    status: in_progress
    dependencies: []
    acceptance_criteria: [works]
    risk: low
    planned_in: 2025-09-02
    linked_story_map_nodes: [SM-1]
`;
const c11 = `tasks:
  - { id: E-1, type: epic, title: Accounts, owners: [ann, bob], estimates: 8, dependencies: [X-1], tags: { Scope: core }, squad: red }
  - { id: S-1, type: saga, title: Odd, owners: ann, estimates: { points: 5 } }
  - { title: no id }
  - text
`;
const c22 = "tasks:\n  - { id: PLN-BE-001, title: Bus, effort_points: 8, priority: P0, dependencies: [], artifacts: [event.json] }\n";

describe("readWorkItems()", () => {
  it("reads the tasks of c11, c33 and c22 into one shape, with their lines (B-11, ART-05, ART-06, ART-07)", () => {
    expect(readWorkItems(plan(c33))).toEqual([
      {
        ...{
          id: "FE-1",
          type: null,
          title: "Login",
          description: "Form",
          owners: ["ann"],
          priority: "P1",
          effort: 3,
          status: "in_progress",
        },
        tags: [
          { key: "UX", value: null },
          { key: "Risk", value: "Low" },
        ],
        ...{ dependencies: [], acceptanceCriteria: ["works"], risk: "low", plannedIn: "2025-09-02", storyNodes: ["SM-1"], artifacts: [] },
        ...{ extra: {}, path: "plan.yaml", line: 2 },
      },
    ]);
    expect(readWorkItems(plan(c11))).toMatchObject([
      {
        ...{ id: "E-1", type: "epic", owners: ["ann", "bob"], effort: 8, dependencies: ["X-1"], extra: { squad: "red" }, line: 2 },
        tags: [{ key: "Scope", value: "core" }],
      },
      // What is no number of points is kept as it is.
      { id: "S-1", type: null, owners: ["ann"], effort: null, extra: { estimates: { points: 5 } }, line: 3 },
    ]);
    expect(readWorkItems(plan(c22))).toMatchObject([{ effort: 8, owners: [], artifacts: ["event.json"], extra: {} }]);
    for (const other of ["a: 1\n", "tasks: 7\n", "- x\n"]) expect(readWorkItems(plan(other))).toEqual([]);
  });
});

describe("checkWorkItems()", () => {
  const said = (text: string, required: readonly string[]): readonly (readonly unknown[])[] =>
    checkWorkItems(plan(text), required).map(({ code, severity, message, line, expected, hint }) => [
      code,
      severity,
      message,
      line,
      expected,
      hint,
    ]);

  it("takes a field under any of its names, and names the item and the line of one that is missing (B-11)", () => {
    expect(said(c33, presets["fe-c33"].workItemFields)).toEqual([]);
    expect(said(c22, presets.be.workItemFields)).toEqual([]);
    expect(said(c33, presets.be.workItemFields)).toEqual([]);
    expect(
      said("tasks:\n  - { id: T, title: x, owners: [], acceptance_criteria: [], effort: 1 }\n", [
        "owner",
        "acceptance_criteria",
        "dependencies",
        "effort_points",
      ]),
    ).toEqual([
      ["SCHEMA_WORK_ITEM", "error", 'Work item "T" has no "acceptance_criteria"', 2, "acceptance_criteria", undefined],
      ["SCHEMA_WORK_ITEM", "error", 'Work item "T" has no "dependencies"', 2, "dependencies", undefined],
      ["SCHEMA_WORK_ITEM", "error", 'Work item "T" has no "owner"', 2, "owner or owners", undefined],
    ]);
  });

  it("warns of a status that is no word of its own list (B-23)", () => {
    expect(said(c33.replace("in_progress", "in_progres"), [])).toEqual([
      [
        ...["SCHEMA_WORK_ITEM", "warning", 'Work item "FE-1" has the unknown status "in_progres"', 9],
        ...["todo, in_progress, blocked, done, dropped", 'Did you mean "in_progress"?'],
      ],
    ]);
    expect(said(c33.replace("in_progress", "7"), [])).toEqual([]);
  });
});

describe("the kind digest", () => {
  it.each(["c11", "c22-short", "c22-long", "c33"])(
    "describes what is read from %s, and JSON of it is written again as Markdown (DIG-01, SCH-17)",
    (shape) => {
      const text = readFileSync(new URL(`fixtures/digest-${shape}.md`, import.meta.url), "utf8");
      const digest = parseDigest(text);
      if (!digest.ok) throw new Error("Expected a digest");
      const mirrored = JSON.parse(JSON.stringify(digest.value)) as JsonObject;
      expect(validateKind("digest", mirrored)).toEqual([]);
      const written = emitDigest(mirrored as never);
      expect(written.ok && written.value).toBe(text);
    },
  );
});
