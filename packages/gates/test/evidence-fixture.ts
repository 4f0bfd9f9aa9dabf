import type {
  ArtifactEvidence,
  ContractEvidence,
  Evidence,
  EvidencePart,
  EvidenceSource,
  EvidenceValues,
  StoryEvidence,
  TaskEvidence,
} from "@gov/gates";
import { evidenceParts } from "@gov/gates";

/** Evidence with exactly these parts, each read from a file named after it. */
export function evidenceOf(
  values: Partial<EvidenceValues>,
  options: { readonly subject?: string; readonly sources?: readonly EvidenceSource[] } = {},
): Evidence {
  const { subject = "PLN-BE-2024-01" } = options;
  const parts = evidenceParts.map((part: EvidencePart, index) => {
    const sources = options.sources ?? [{ path: `${part}.json`, digest: `sha256:${String(index).repeat(64)}` as const }];
    return [part, values[part] === undefined ? null : { value: values[part], sources }];
  });
  return { subject, parts: Object.fromEntries(parts) as Evidence["parts"], failures: new Map() };
}

export function task(id: string, changes: Partial<TaskEvidence> = {}): TaskEvidence {
  return {
    id,
    path: "be_backlog.yaml",
    line: 1,
    owner: "ada",
    tags: [],
    dependencies: [],
    acceptanceCriteria: ["works"],
    storyNodes: [],
    ...changes,
  };
}

export function story(id: string, changes: Partial<StoryEvidence> = {}): StoryEvidence {
  return { id, text: `story ${id}`, section: "release", path: "story_map.md", line: 1, ...changes };
}

export function contract(id: string, changes: Partial<ContractEvidence> = {}): ContractEvidence {
  return { id, owner: "ada", state: "satisfied", path: "dependency_contracts.yaml", line: 1, ...changes };
}

export function artifact(id: string, changes: Partial<ArtifactEvidence> = {}): ArtifactEvidence {
  return { id, kind: "plan", path: `${id}.md`, version: "1.0.0", references: [], schema: "plan", findings: [], ...changes };
}

/** The parts that planning gates judge. */
export type PlanningValues = Pick<
  EvidenceValues,
  "artifacts" | "backlog" | "catalog" | "contracts" | "coverage" | "criticalIssues" | "storyMap"
>;

/** Evidence on which every gate of the `be` preset passes. */
export const soundValues: PlanningValues = {
  artifacts: [artifact("backlog"), artifact("map")],
  catalog: [],
  backlog: [task("A", { storyNodes: ["SM-1"] }), task("B", { dependencies: ["A", "C-1"], storyNodes: ["SM-2"], line: 9 })],
  storyMap: [story("SM-1", { section: "walking_skeleton" }), story("SM-2"), story("SM-0", { section: "backbone" })],
  contracts: [contract("C-1"), contract("C-2", { state: "stubbed" })],
  coverage: { lines: 91.5, branches: 84, path: "coverage.json" },
  criticalIssues: [],
};
