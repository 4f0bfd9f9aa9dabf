import type { PerformanceEvidence } from "./operations-evidence.ts";
import type {
  CapacityEvidence,
  DocsEvidence,
  EnvironmentsEvidence,
  FrameworkEvidence,
  ProvenanceEvidence,
  RolesEvidence,
  ScheduleEvidence,
  SecurityEvidence,
  TextEvidence,
} from "./operations-evidence.ts";
import type {
  ApprovalsEvidence,
  ChangeLogEvidence,
  CheckEvidence,
  CustomEvidence,
  DigestEvidence,
  HealthEvidence,
  HydrationEvidence,
  ImprovementEvidence,
  InputEvidence,
  KpiEvidence,
  ManifestEvidence,
  OutcomeEvidence,
  ParityEvidence,
  RoutingEvidence,
  StatusesEvidence,
  TestReportEvidence,
} from "./delivery-evidence.ts";
import type { Artifact, Finding, Tag } from "@gov/schema";
import type { FileCoverage } from "@gov/schema/reports";
import { type Digest, digestJson } from "@gov/schema/canonical";
import { compareText } from "./internal/text-order.ts";
import type { GovernedEvidence } from "./governance/governed-subject.ts";
import type { Checklist } from "./plan/lint-checklist.ts";
import type { Plan } from "./plan/plan.ts";

/** A document under judgement, with what its validation against its schema found. */
export interface ArtifactEvidence extends Pick<Artifact, "id" | "kind" | "path" | "references" | "version"> {
  /** Name of the schema it was validated against; null when its kind has none. */
  readonly schema: string | null;
  readonly findings: readonly Finding[];
}

/** One task of the plan; `line` is 1-based, or null without a place. */
export interface TaskEvidence {
  readonly id: string;
  readonly path: string;
  readonly line: number | null;
  readonly owner: string | null;
  readonly tags: readonly Tag[];
  readonly dependencies: readonly string[];
  readonly acceptanceCriteria: readonly string[];
  /** Ids of the story-map nodes the task delivers. */
  readonly storyNodes: readonly string[];
}

/** One node of the story map. */
export interface StoryEvidence {
  readonly id: string;
  readonly text: string;
  readonly section: "backbone" | "walking_skeleton" | "release";
  readonly path: string;
  readonly line: number | null;
}

/** What one stream owes another (ART-17). */
export interface ContractEvidence {
  readonly id: string;
  readonly owner: string | null;
  readonly state: "satisfied" | "stubbed" | "open";
  /** Until when it has to be satisfied, ISO 8601; null when nobody said. */
  readonly due: string | null;
  /** Who is told when it slips. */
  readonly escalationTo: string | null;
  readonly path: string;
  readonly line: number | null;
}

/** Measured test coverage, in percent from 0 to 100. */
export interface CoverageEvidence {
  readonly lines: number;
  readonly branches: number;
  readonly path: string | null;
  /** Counts of each file, for the least coverage of a module. */
  readonly files?: readonly FileCoverage[] | undefined;
  /** What was measured before, for how far coverage may fall. */
  readonly baseline?: Omit<CoverageEvidence, "baseline"> | undefined;
}

/** One open issue of critical severity (GOV-06). */
export interface CriticalIssueEvidence {
  readonly id: string;
  readonly title: string;
  readonly path: string | null;
  readonly line: number | null;
}

/** The plan documents under judgement. */
export interface PlansEvidence {
  readonly documents: readonly Plan[];
  readonly checklists: readonly Checklist[];
}

/** What each part of the evidence holds. */
export interface EvidenceValues {
  /** The documents under judgement. */
  readonly artifacts: readonly ArtifactEvidence[];
  /** Other documents that references may lead to. */
  readonly catalog: readonly Pick<Artifact, "id" | "kind" | "path">[];
  readonly backlog: readonly TaskEvidence[];
  readonly storyMap: readonly StoryEvidence[];
  readonly contracts: readonly ContractEvidence[];
  readonly coverage: CoverageEvidence;
  readonly criticalIssues: readonly CriticalIssueEvidence[];
  readonly approvals: ApprovalsEvidence;
  readonly build: readonly CheckEvidence[];
  readonly changeLog: ChangeLogEvidence;
  /** What trusted modules of the user's own found. */
  readonly custom: readonly CustomEvidence[];
  readonly digest: DigestEvidence;
  readonly governed: GovernedEvidence;
  readonly health: readonly HealthEvidence[];
  readonly hydration: readonly HydrationEvidence[];
  readonly improvements: readonly ImprovementEvidence[];
  readonly inputs: readonly InputEvidence[];
  readonly kpis: readonly KpiEvidence[];
  readonly manifest: ManifestEvidence;
  readonly outcomes: readonly OutcomeEvidence[];
  readonly parity: ParityEvidence;
  readonly releaseChecks: readonly CheckEvidence[];
  readonly routing: RoutingEvidence;
  readonly testReport: TestReportEvidence;
  readonly capacity: CapacityEvidence;
  readonly docs: DocsEvidence;
  readonly environments: EnvironmentsEvidence;
  readonly framework: FrameworkEvidence;
  readonly provenance: readonly ProvenanceEvidence[];
  readonly roles: RolesEvidence;
  readonly schedule: ScheduleEvidence;
  readonly security: SecurityEvidence;
  readonly statuses: StatusesEvidence;
  readonly texts: readonly TextEvidence[];
  readonly performance: readonly PerformanceEvidence[];
  readonly plans: PlansEvidence;
}

/** Every part of the evidence, by name. */
export const evidenceParts = [
  "approvals",
  "artifacts",
  "backlog",
  "build",
  "capacity",
  "catalog",
  "changeLog",
  "contracts",
  "coverage",
  "criticalIssues",
  "custom",
  "digest",
  "docs",
  "environments",
  "framework",
  "governed",
  "health",
  "hydration",
  "improvements",
  "inputs",
  "kpis",
  "manifest",
  "outcomes",
  "parity",
  "performance",
  "plans",
  "provenance",
  "releaseChecks",
  "roles",
  "routing",
  "schedule",
  "security",
  "statuses",
  "storyMap",
  "testReport",
  "texts",
] as const;

/** A part of the evidence. */
export type EvidencePart = (typeof evidenceParts)[number];

/** A file that evidence was read from, with the digest of its exact bytes. */
export interface EvidenceSource {
  readonly path: string;
  readonly digest: Digest;
}

/** A value and the files it was read from. */
export interface Collected<T> {
  readonly value: T;
  readonly sources: readonly EvidenceSource[];
}

/** Everything gates may look at; what was not collected is null, and never counts as empty. */
export interface Evidence {
  /** Id of the cycle or artifact under judgement. */
  readonly subject: string;
  /** The instant of the judgement, ISO 8601; null when nobody said, and then nothing that depends on it passes. */
  readonly asOf: string | null;
  readonly parts: { readonly [Part in EvidencePart]: Collected<EvidenceValues[Part]> | null };
  /** Why a part that was asked for could not be collected, by part. */
  readonly failures: ReadonlyMap<EvidencePart, string>;
}

/** The different sources of some parts, by path, then digest, by code unit. */
export function evidenceSources(evidence: Evidence, parts: readonly EvidencePart[] = evidenceParts): readonly EvidenceSource[] {
  const sources = new Map<string, EvidenceSource>();
  for (const part of parts) {
    for (const { path, digest } of evidence.parts[part]?.sources ?? []) sources.set(JSON.stringify([path, digest]), { path, digest });
  }
  return [...sources.values()].sort((a, b) => compareText(a.path, b.path) || compareText(a.digest, b.digest));
}

/** Digest of what was judged: the subject and every source of the evidence. A report speaks for nothing else. */
export function subjectDigest(evidence: Evidence): Digest {
  return digestJson({ subject: evidence.subject, sources: evidenceSources(evidence).map(({ path, digest }) => [path, digest]) });
}
