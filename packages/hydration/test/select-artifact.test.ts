import { type Candidate, explainSelection, groupCandidates, selectAll, selectArtifact } from "@gov/hydration";
import type { HydrationSpec } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { seedSpec } from "./arbitraries.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}` as const;
const approved: Candidate = { id: "A-1", path: "a.md", version: "1", status: "approved", commitTime: 1, digest: digest("a") };
const review: Candidate = { ...approved, path: "b.md", version: "2", status: "review", commitTime: 2, digest: digest("b") };

describe("selectArtifact()", () => {
  it("names the deciding rule and each loser with the reason (HYD-06)", () => {
    const uncommitted: Candidate = { ...review, path: "c.md", version: "3", commitTime: null, digest: digest("c") };
    const bare: Candidate = { ...review, path: "d.md", version: null, status: null, digest: digest("d") };
    expect(selectArtifact([bare, uncommitted, review, approved], seedSpec).trace).toEqual([
      { path: "a.md", verdict: "won", rule: "approved", reason: "preferred among the approved" },
      { path: "b.md", verdict: "lost", rule: "approved", reason: "status review ranks behind status approved" },
      { path: "c.md", verdict: "lost", rule: "approved", reason: "status review ranks behind status approved" },
      { path: "d.md", verdict: "lost", rule: "approved", reason: "no status (counts as draft) ranks behind status approved" },
    ]);
    expect(selectArtifact([uncommitted, review], seedSpec).trace[1]).toEqual({
      path: "c.md",
      verdict: "lost",
      rule: "commit_time",
      reason: "uncommitted ranks behind commit time 2",
    });
  });

  it("tells a tie by name, by path and by a repeated input apart (HYD-06)", () => {
    const reasonOf = (...candidates: readonly Candidate[]) => selectArtifact(candidates, seedSpec).trace[1]?.reason;
    expect(reasonOf(approved, { ...approved, path: "b.md" })).toBe("its file name comes later");
    expect(reasonOf(approved, { ...approved, path: "x/a.md" })).toBe("its path comes later");
    expect(reasonOf(approved, { ...approved, digest: digest("0") })).toBe("the same path was given more than once");
    expect(reasonOf(approved, approved)).toBe("the same path was given more than once");
  });

  it("ranks a status that is none behind every one that a rule admits, in whatever order the candidates come (HYD-01)", () => {
    const unknown = { ...approved, path: "0.md", status: undefined as unknown as null };
    for (const candidates of [
      [unknown, review],
      [review, unknown],
    ])
      expect(selectArtifact(candidates, seedSpec).trace[0]).toMatchObject({ path: "b.md", verdict: "won" });
  });

  it("says that a single candidate without solo was admitted by its status (B-15)", () => {
    const spec: HydrationSpec = { ...seedSpec, precedence: ["latest_non_draft"] };
    expect(selectArtifact([approved], spec)).toMatchObject({
      rule: "latest_non_draft",
      trace: [{ reason: 'the only candidate, admitted by "latest_non_draft"' }],
    });
    const alone = selectArtifact([{ ...approved, status: "draft" }], spec);
    expect(alone.findings[0]?.message).toBe('Cannot select "A-1" among 1 candidate: no rule in force admits a candidate of this status');
  });

  it("names every file of an unresolved id (B-15)", () => {
    const drafts = [approved, review].map((candidate): Candidate => ({ ...candidate, status: "draft" }));
    const [finding] = selectArtifact(drafts, seedSpec).findings;
    expect(finding).toMatchObject({ code: "HYDRATION_UNRESOLVED", severity: "error", path: "b.md" });
    expect(finding?.hint).toBe('Raise the status of one, or remove the others: "b.md", "a.md"');
  });

  it("refuses candidates of several ids and times that are no numbers", () => {
    expect(() => selectArtifact([approved, { ...review, id: "B-1" }], seedSpec)).toThrow(TypeError);
    expect(() => selectArtifact([{ ...approved, commitTime: Number.NaN }], seedSpec)).toThrow(RangeError);
  });

  it("leaves its arguments alone", () => {
    const candidates = Object.freeze([Object.freeze(review), Object.freeze(approved)]);
    expect(selectArtifact(candidates, Object.freeze(seedSpec)).winner).toBe(approved);
  });
});

describe("selectAll()", () => {
  it("selects per id, ids in code unit order", () => {
    const other: Candidate = { ...review, id: "A-0" };
    const proto: Candidate = { ...review, id: "__proto__" };
    const all = selectAll([approved, proto, review, other], seedSpec);
    expect([...all].map(([id, { winner }]) => [id, winner?.path])).toEqual([
      ["A-0", "b.md"],
      ["A-1", "a.md"],
      ["__proto__", "b.md"],
    ]);
  });
});

describe("groupCandidates()", () => {
  it("sorts ids, and the candidates of an id by path and digest", () => {
    const twin: Candidate = { ...approved, digest: digest("0") };
    expect([...groupCandidates([review, approved, { ...review, id: "A-0" }, twin]).values()]).toEqual([
      [{ ...review, id: "A-0" }],
      [twin, approved, review],
    ]);
  });
});

describe("explainSelection()", () => {
  it("tells winner, losers and findings in lines (HYD-06)", () => {
    expect(explainSelection(selectArtifact([{ ...review, version: "1" }, approved], seedSpec))).toEqual([
      "A-1: selected a.md by approved",
      "  won a.md: preferred among the approved [approved]",
      "  lost b.md: status review ranks behind status approved [approved]",
      '  warning HYDRATION_CONTENT_CONFLICT: "a.md" is version "1" of "A-1" with other content than "b.md": give each content its own version',
    ]);
  });

  it("tells an unresolved id and an empty one", () => {
    const drafts = [approved, review].map((candidate): Candidate => ({ ...candidate, status: "draft" }));
    expect(explainSelection(selectArtifact(drafts, seedSpec)).slice(0, 2)).toEqual([
      "A-1: unresolved",
      "  lost b.md: no rule in force admits a candidate of this status",
    ]);
    expect(explainSelection(selectArtifact([], seedSpec))).toEqual(["no candidate"]);
  });
});
