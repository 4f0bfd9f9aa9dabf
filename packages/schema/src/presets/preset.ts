import type { GateConfig, HydrationSpec, LifecycleState, RulebookSpec } from "../rules.ts";

/** Names of the presets that ship, sorted. */
export const presetNames = ["be", "fe", "fe-c11", "fe-c33", "governance", "pipeline", "quality"] as const;

/** Name of a shipped preset. */
export type PresetName = (typeof presetNames)[number];

/** One edge of a lifecycle; `null` stands for outside: before a cycle begins, after it is complete. Edges are keyed by source and event (B-04). */
export interface LifecycleTransition {
  readonly from: LifecycleState | null;
  readonly event: string;
  readonly to: LifecycleState | null;
}

/** Which zero is meant by "Critical=0", and where it is enforced: three meanings that never share a name (B-06, B-07). */
export interface CriticalZeroRule {
  readonly name: "critical_issues_zero" | "critical_violations_zero" | "critical_tag_zero";
  readonly source: "issues" | "violations" | "tag";
  readonly enforceOn: "all" | readonly { readonly from: LifecycleState; readonly to: LifecycleState }[];
}

/** Where the four artifacts of a cycle stand: one path pattern per kind (B-10). */
export interface PresetLayout {
  readonly style: "by-kind" | "by-snapshot";
  readonly paths: Readonly<Record<string, string>>;
}

/**
 * Numbers the sources leave open, with our documented defaults (B-42). A rulebook sets others: under `thresholds`, which `thresholdsInForce` reads;
 * in the gate that asks for a depth; under `enforcement`, for the green runs; and promotion rules under `retention`, for snapshots.
 */
export interface PresetThresholds {
  /** Lines and branches that tests must cover. @default 80 */
  readonly coverageMinimumPercent: number;
  /** Tasks that may wait for each other in a row. @default 5 */
  readonly dependencyMaxDepth: number;
  /** Documents that may be routed otherwise than the baseline says. @default 0 */
  readonly routingDriftPercent: number;
  /** Free space below which the disk that holds the state of a root is too full. @default 10 */
  readonly minimumFreeSpacePercent: number;
  /** How old the last snapshot may be: what is lost at worst. @default 24 */
  readonly recoveryPointHours: number;
  /** How long a recovery may take. @default 4 */
  readonly recoveryTimeHours: number;
  /** How long it may take on average until an incident is over. @default 24 */
  readonly meanTimeToRecoverHours: number;
  /** Waits for a lock in an hour above which somebody is told. @default 60 */
  readonly lockContentionPerHour: number;
  /** How long the snapshots of promotions are kept, as a duration. @default "7_years" */
  readonly snapshotRetention: string;
  /** Days in a row without a divergence before writes go through the bridge, as the rules of a change of mode have it. @default 14 */
  readonly cleanDaysBeforeBridge: number;
  /** Green runs in a row before the enforcement may become stricter. @default 3 */
  readonly greenRunsBeforeEscalation: number;
}

/** One answer to the questions on which the sources disagree, as data: libraries hold the mechanism, a preset makes the choice. */
export interface Preset {
  readonly name: PresetName;
  readonly version: number;
  readonly title: string;
  /** Empty where a preset governs no planning cycle. */
  readonly lifecycle: { readonly transitions: readonly LifecycleTransition[] };
  readonly gates: Readonly<Record<string, GateConfig>>;
  /** The gates in the order in which they are reported. */
  readonly order: readonly string[];
  readonly criticalZero: readonly CriticalZeroRule[];
  /** The state at whose entry the manifest is sealed (B-05). */
  readonly seal: { readonly at: LifecycleState } | null;
  /** How a failed gate may be overridden (B-13). */
  readonly overridePolicy: "none" | "new_cycle" | "waiver";
  readonly layout: PresetLayout | null;
  readonly thresholds: PresetThresholds;
  readonly hydration: HydrationSpec;
  readonly governance: RulebookSpec["governance"];
  readonly kpis: RulebookSpec["kpis"];
  /** Fields that a work item must have beyond its id and title (B-11). */
  readonly workItemFields: readonly string[];
  /** Whether Markdown artifacts must carry front matter (B-12). */
  readonly frontMatter: "required" | "optional";
}
