import { checkDocuments, createKindRegistry, parseArtifact } from "@gov/schema";
import { describe, expect, it } from "vitest";

const created = createKindRegistry();
if (!created.ok) throw new Error("the registry of what ships is sound");
const registry = created.value;

const metadata = '---\nid: X-1\nversion: "1.0"\nstatus: draft\n---\n';

function found(path: string, text: string): readonly (readonly [string, number | null, string])[] {
  const { findings } = checkDocuments([{ path, bytes: new TextEncoder().encode(text) }], registry);
  return findings.map(({ code, line, message }) => [code, line, message]);
}

describe("checkDocuments()", () => {
  it("judges the stories of a story map, each at its line of the file (ART-08, ART-12)", () => {
    const map = "# Bus - Story Map\n\n### Backbone (User Activities)\n- [SM-1] Plan\n- [SM-2] Check\n";
    expect(found("plans/2025-09-02-story_map.md", metadata + map)).toEqual([]);
    expect(found("story_map.md", `${metadata}${map}- [SM-1] Again\n`)).toEqual([
      ["SCHEMA_STORY_MAP", 11, 'Story id "SM-1" is given twice: first on line 9'],
    ]);
    expect(found("story_map.md", `${metadata}# Bus\n\nNothing yet.\n`)).toEqual([
      ["SCHEMA_STORY_MAP", 6, "Story map has no stories: expected list items under a backbone, skeleton or release heading"],
    ]);
  });

  it("judges a digest by whether it has one of the four shapes (DIG-01)", () => {
    const digest = "### Cycle Digest (planning-fe)\n\n- Cycle Date: 2025-09-02\n\n### KPI Spine\n\n- coverage_pct: 82% (target: 80%)\n";
    expect(found("digests/2025-09-02-digest.md", metadata + digest)).toEqual([]);
    expect(found("digest.md", `${metadata}# Notes\n`)).toEqual([
      ["SCHEMA_DIGEST", 6, "Digest has none of the four shapes: expected key figures and metadata"],
    ]);
  });

  it("judges a body by the kind that the metadata names, and no body of another kind (SCH-04)", () => {
    const text = '---\nid: X-1\nversion: "1.0"\nstatus: draft\nkind: story_map\n---\n# Bus\n';
    expect(found("notes.md", text).map(([code]) => code)).toEqual(["SCHEMA_STORY_MAP"]);
    expect(parseArtifact({ path: "notes.md", bytes: new TextEncoder().encode(text) }, registry).ok).toBe(false);
    expect(found("notes.md", `${metadata}# Bus\n`)).toEqual([]);
  });

  it("lets a stream without a plan, such as Design, stand for itself by contracts with owner, state, date and escalation (ART-17)", () => {
    const contracts = (lines: string): string =>
      `version: 1.0.0\nmetadata: { id: DC, version: "1.0", status: draft }\ncontracts:\n  - { id: DC-1, consumer: fe, provider: design, ${lines} }\n`;
    const path = "dependency_contracts.yaml";
    for (const state of ["satisfied", "stubbed", "open"])
      expect(found(path, contracts(`owner: ann, state: ${state}, due: 2026-01-15, escalation_to: lead`)), state).toEqual([]);
    const wrong = [
      "owner: ann, state: waived",
      "state: open",
      "owner: ann, state: open, due: soon",
      "owner: ann, state: open, escalation_to: ''",
    ];
    for (const lines of wrong)
      expect(
        found(path, contracts(lines)).map(([code, line]) => [code, line]),
        lines,
      ).toEqual([["SCHEMA_VIOLATION", 4]]);
  });
});
