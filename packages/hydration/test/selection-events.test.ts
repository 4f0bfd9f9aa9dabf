import { type Candidate, hydrationEventNames, selectAll, selectionEvents } from "@gov/hydration";
import { describe, expect, it } from "vitest";
import { seedSpec } from "./arbitraries.ts";

const file = (id: string, path: string, status: Candidate["status"], commitTime = 1): Candidate => ({
  id,
  path,
  version: null,
  status,
  commitTime,
  digest: `sha256:${"a".repeat(64)}`,
});

describe("selectionEvents()", () => {
  it("tells winner, deciding rule and losers of each id, or that it is unresolved (HYD-06)", () => {
    const candidates = [
      file("B", "b.md", "draft"),
      file("B", "c.md", "draft", 2),
      file("A", "new.md", "review", 2),
      file("A", "old.md", "approved"),
    ];
    expect(selectionEvents(selectAll(candidates, seedSpec).values())).toEqual([
      {
        name: "hydration.selected",
        fields: {
          subject: "A",
          candidates: 2,
          lost: [{ path: "new.md", rule: "approved" }],
          path: "old.md",
          digest: `sha256:${"a".repeat(64)}`,
          rule: "approved",
        },
      },
      {
        name: "hydration.unresolved",
        fields: {
          subject: "B",
          candidates: 2,
          lost: [
            { path: "c.md", rule: null },
            { path: "b.md", rule: null },
          ],
        },
      },
    ]);
  });

  it("lists twenty losers of many, counts all candidates, and is silent about none", () => {
    const copies = Array.from({ length: 50 }, (_, index) => file("A", `${index}.md`, "approved"));
    const [event] = selectionEvents(selectAll(copies, seedSpec).values());
    expect(event?.fields["candidates"]).toBe(50);
    expect(event?.fields["lost"]).toHaveLength(20);
    expect(selectionEvents([{ outcome: "none", id: null, winner: null, rule: null, trace: [], findings: [] }])).toEqual([]);
  });
});

describe("hydrationEventNames", () => {
  it("is sorted, each name once", () => {
    expect([...hydrationEventNames]).toEqual([...new Set(hydrationEventNames)].sort());
  });
});
