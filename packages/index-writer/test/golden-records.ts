import type { IndexRecord } from "@gov/index-writer";

/**
 * What the golden index was written from: the first two records stand in `artifacts_index.json`, then the third was put and the first removed, which
 * stands in the journal only.
 */
export const goldenRecords: readonly IndexRecord[] = [
  {
    path: "a/plan.md",
    id: "PLN-1",
    kind: "plan",
    version: "1.0.0",
    status: "approved",
    title: "Größe & Maß",
    owners: ["ann", "bob"],
    tags: ["Risk:Low", "Scope"],
    digest: `sha256:${"1".repeat(64)}`,
    size: 12,
  },
  {
    path: "b/backlog.yaml",
    id: "PLN-2",
    kind: "be_backlog",
    version: null,
    status: null,
    title: null,
    owners: [],
    tags: [],
    digest: `sha256:${"2".repeat(64)}`,
    size: 0,
  },
  {
    path: "c/map.md",
    id: "PLN-3",
    kind: "story_map",
    version: "2",
    status: "draft",
    title: "",
    owners: [],
    tags: [],
    digest: `sha256:${"3".repeat(64)}`,
    size: 1_000_000,
  },
];
