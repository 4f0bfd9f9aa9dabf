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

const digestOne = `sha256:${"1".repeat(64)}` as const;

/** Evidence with exactly these parts, each read from a file named after it. */
export function evidenceOf(
  values: Partial<EvidenceValues>,
  options: { readonly subject?: string; readonly asOf?: string; readonly sources?: readonly EvidenceSource[] } = {},
): Evidence {
  const { subject = "PLN-BE-2024-01", asOf = null } = options;
  const parts = evidenceParts.map((part: EvidencePart, index) => {
    const sources = options.sources ?? [{ path: `${part}.json`, digest: `sha256:${String(index).repeat(64)}` as const }];
    return [part, values[part] === undefined ? null : { value: values[part], sources }];
  });
  return { subject, asOf, parts: Object.fromEntries(parts) as Evidence["parts"], failures: new Map() };
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
  return { id, owner: "ada", state: "satisfied", due: null, escalationTo: null, path: "dependency_contracts.yaml", line: 1, ...changes };
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

/** Evidence on which the guards of every state hold, for the tasks A and B of {@link soundValues}. */
export const soundDelivery: Pick<EvidenceValues, "changeLog" | "digest" | "improvements" | "manifest" | "outcomes" | "parity"> = {
  changeLog: { path: "execution_change_log.yaml", changes: [{ id: "CH-1", task: "A", kind: "deviation" }] },
  digest: { path: "digest.md", isFinal: true },
  improvements: [{ id: "I-1", owner: "ada", path: null, line: null }],
  manifest: {
    id: "hnd_2026_01_10_abc",
    path: "handoff_manifest.yaml",
    kind: "sealed",
    publishedAt: "handoff_manifest.yaml",
    isVerified: true,
    entries: [{ path: "be_backlog.yaml", expected: digestOne, actual: digestOne }],
  },
  outcomes: ["A", "B"].map((id) => ({
    task: id,
    acceptanceCriteria: ["works"],
    evidence: ["report.xml"],
    validation: "accepted" as const,
    path: null,
    line: null,
  })),
  parity: {
    capabilitiesBefore: ["read"],
    capabilitiesAfter: ["read", "write"],
    plannedTasks: ["A", "B"],
    deliveredTasks: ["A", "B"],
    plannedTests: 4,
    passedTests: 4,
    path: null,
  },
};
