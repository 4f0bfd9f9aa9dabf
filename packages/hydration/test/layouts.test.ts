import { compileRoutes, routeArtifact, type RouteSubject } from "@gov/hydration/routing";
import { presets } from "@gov/schema/presets";
import { describe, expect, it } from "vitest";

type LaidOut = "be" | "fe-c11" | "fe-c33";

/** The layout of a preset as routes: one for each kind, to the path that the preset names. */
function routed(preset: LaidOut, kind: string, parameters: Readonly<Record<string, string>>): string | null {
  const paths = Object.entries(presets[preset].layout?.paths ?? {});
  const routes = paths.map(([name, to]) => ({ id: name, match: { kind: name }, to, precedence: 1 }));
  const table = compileRoutes({ routes, overrides: [] });
  if (!table.ok) throw new Error(JSON.stringify(table.findings));
  const subject: RouteSubject = { id: "A-1", kind, status: "draft", tags: [], parameters };
  return routeArtifact(table.value, subject).path;
}

const four = ["fe_task_breakdown", "story_map", "handoff_manifest", "digest"];

describe("the layouts of the presets, as routes", () => {
  it("put the documents of c11 into a folder of their kind, named by the cycle (ART-02, B-10)", () => {
    for (const cycle of ["2025-09-02", "sprint-14"])
      expect(four.map((kind) => routed("fe-c11", kind, { cycle_id: cycle }))).toEqual([
        `frameworks/planning-fe/tasks/${cycle}-fe_task_breakdown.yaml`,
        `frameworks/planning-fe/storymaps/${cycle}-story_map.md`,
        `frameworks/planning-fe/manifests/${cycle}-handoff_manifest.yaml`,
        `frameworks/planning-fe/digests/${cycle}-digest.md`,
      ]);
    expect(presets["fe-c11"].layout?.style).toBe("by-kind");
  });

  it("put the documents of c33 into one folder for each snapshot, and the digest to its day (ART-03, B-10)", () => {
    expect(four.map((kind) => routed("fe-c33", kind, { snapshot_rev: "1a2b3c", date: "2025-09-02" }))).toEqual([
      "frameworks/planning-fe/artifacts/1a2b3c/fe_task_breakdown.yaml",
      "frameworks/planning-fe/artifacts/1a2b3c/story_map.md",
      "frameworks/planning-fe/artifacts/1a2b3c/handoff_manifest.yaml",
      "frameworks/planning-fe/digests/2025-09-02-digest.md",
    ]);
    expect(presets["fe-c33"].layout?.style).toBe("by-snapshot");
  });

  it("never lead out of their folder, whatever a cycle or a revision is called (B-10)", () => {
    for (const name of ["../..", "a/../../b", "/etc", "a/b", ""]) {
      expect(routed("fe-c11", "digest", { cycle_id: name }), name).toBeNull();
      expect(routed("fe-c33", "story_map", { snapshot_rev: name }), name).toBeNull();
    }
    for (const name of [".", ".."]) expect(routed("fe-c33", "story_map", { snapshot_rev: name }), name).toBeNull();
    expect(routed("be", "be_backlog", { cycle_id: "PLN-BE-2024-01" })).toBe(
      "frameworks/planning-be/backlogs/PLN-BE-2024-01-be_backlog.yaml",
    );
  });
});
