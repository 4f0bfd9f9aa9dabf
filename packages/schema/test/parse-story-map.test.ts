import { parseStoryMap, validateKind } from "@gov/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const seed = `# Planning Backend - Story Map

## Epic: Planning Lifecycle Management

### Backbone (User Activities)
1. **Plan Creation** → 2. **Validation** → 3. **Handoff** → 4. **Execution** → 5. **Analysis**

### Walking Skeleton (MVP)
- Basic event publishing
- State persistence

### Release 1 Features
- Quality gate automation
  - a detail, not a story
- [SM-007] Rollback capabilities

### Notes
- not a story
`;

describe("parseStoryMap()", () => {
  it("reads the map of the seed: title, epic, five activities, skeleton, releases (ART-08)", () => {
    const map = parseStoryMap(seed);
    expect(map.title).toBe("Planning Backend");
    expect(map.epics).toEqual([{ title: "Planning Lifecycle Management", line: 3 }]);
    expect(map.nodes.map((node) => [node.id, node.section, node.release, node.line])).toEqual([
      ["plan-creation", "backbone", null, 6],
      ["validation", "backbone", null, 6],
      ["handoff", "backbone", null, 6],
      ["execution", "backbone", null, 6],
      ["analysis", "backbone", null, 6],
      ["basic-event-publishing", "walking_skeleton", null, 9],
      ["state-persistence", "walking_skeleton", null, 10],
      ["quality-gate-automation", "release", "1", 13],
      ["SM-007", "release", "1", 15],
    ]);
    expect(map.nodes.at(-1)).toMatchObject({ text: "Rollback capabilities", epic: "Planning Lifecycle Management" });
    expect(map.findings).toEqual([]);
  });

  it("reads journeys and release slices of a frontend map (ART-09)", () => {
    const map = parseStoryMap(
      "# Shop: Story Map\n\n## User Journey\n* Browse\n* Buy\n\n## Release slice A (May)\n- [ ] Search\n\n## Slices\n+ Wishes\n",
    );
    expect(map.title).toBe("Shop");
    expect(map.nodes.map((node) => [node.id, node.section, node.release])).toEqual([
      ["browse", "backbone", null],
      ["buy", "backbone", null],
      ["search", "release", "A"],
      ["wishes", "release", "Slices"],
    ]);
  });

  it("takes an id from its prefix, else the same slug for the same text; a second use is a finding at its line (B-12, ART-10)", () => {
    const map = parseStoryMap("### MVP\n- [SM-1] Log in\n- Größe wählen!\n- größe, wählen\n- [SM-1] Log out\n- ***\n", {
      startLine: 10,
      path: "map.md",
    });
    expect(map.nodes.map((node) => node.id)).toEqual(["SM-1", "größe-wählen", "größe-wählen", "SM-1"]);
    expect(map.findings.map(({ code, path, line }) => [code, path, line])).toEqual([
      ["SCHEMA_STORY_MAP", "map.md", 15],
      ["SCHEMA_STORY_MAP", "map.md", 13],
      ["SCHEMA_STORY_MAP", "map.md", 14],
    ]);
  });

  it("counts lines the same with CRLF, and passes over code", () => {
    const text = "### MVP\n```md\n- no story\n~~~\n### Release 1\n- still none\n```\n- Story\n";
    expect(parseStoryMap(text).nodes.map((node) => [node.id, node.line])).toEqual([["story", 8]]);
    expect(parseStoryMap(text.replaceAll("\n", "\r\n"))).toEqual(parseStoryMap(text));
  });

  it("says when there is no story at all", () => {
    expect(parseStoryMap("").findings.map((finding) => finding.severity)).toEqual(["error"]);
    expect(parseStoryMap("just text").title).toBeNull();
  });

  it("stays fast and bounded on hostile lines", () => {
    const lines = ["### MVP", `- ${"\u{20000}".repeat(900)}`, `## release${" ".repeat(500_000)}:`, `- a${" ".repeat(500_000)}→`];
    const map = parseStoryMap(lines.join("\n"));
    expect(map.nodes.map((node) => node.id)).toEqual(["\u{20000}".repeat(64)]);
    expect(map.findings.map((finding) => finding.line)).toEqual([3, 4]);
  });

  it("tells every one of 200,000 stories with an id that is taken (ART-09)", () => {
    const { nodes, findings } = parseStoryMap(["### MVP", ...Array.from({ length: 200_001 }, () => "- [SM-001] Story")].join("\n"));
    expect([nodes.length, findings.length, findings.at(-1)?.line]).toEqual([200_001, 200_000, 200_002]);
  });

  it("gives a value of the shipped schema for any text (ART-09)", () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom("# T", "## Epic: E", "### MVP", "### Release 2", "- a", "- [SM-1] b", "1. x → 2. y", "```", "-", "- \u0000"),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const { title, epics, nodes } = parseStoryMap(lines.join("\n"));
        expect(validateKind("story_map", { title, epics, nodes } as never)).toEqual([]);
      }),
      { numRuns: 1_000, seed: 20_240_115 },
    );
  });
});
