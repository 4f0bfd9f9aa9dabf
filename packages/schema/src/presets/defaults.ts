import type { GateConfig, HydrationSpec, LifecycleState, RulebookSpec } from "../rules.ts";
import type { LifecycleTransition, PresetThresholds } from "./preset.ts";

/** The forward edges of a planning cycle (LIF-02..09). */
export const forwardTransitions: readonly LifecycleTransition[] = [
  { from: null, event: "create_plan", to: "PLANNED" },
  { from: "PLANNED", event: "update_plan", to: "PLANNED" },
  { from: "PLANNED", event: "validate_complete", to: "READY_FOR_HANDOFF" },
  { from: "READY_FOR_HANDOFF", event: "package_artifacts", to: "PACKAGED" },
  { from: "PACKAGED", event: "begin_execution", to: "EXECUTED" },
  { from: "EXECUTED", event: "validate_results", to: "VALIDATED" },
  { from: "VALIDATED", event: "analyze_metrics", to: "IMPROVE" },
  { from: "IMPROVE", event: "cycle_complete", to: null },
];

/** The edges back; one event name labels two of them, told apart by their source (LIF-10..12, B-04). */
export const backTransitions: readonly LifecycleTransition[] = [
  { from: "READY_FOR_HANDOFF", event: "validation_failed", to: "PLANNED" },
  { from: "EXECUTED", event: "execution_failed", to: "PACKAGED" },
  { from: "VALIDATED", event: "validation_failed", to: "EXECUTED" },
];

/** The steps from one state to the next at which gates stand. */
export const steps = {
  ready: { from: "PLANNED", to: "READY_FOR_HANDOFF" },
  package: { from: "READY_FOR_HANDOFF", to: "PACKAGED" },
  execute: { from: "PACKAGED", to: "EXECUTED" },
  validate: { from: "EXECUTED", to: "VALIDATED" },
  improve: { from: "VALIDATED", to: "IMPROVE" },
} as const satisfies Readonly<Record<string, { readonly from: LifecycleState; readonly to: LifecycleState }>>;

/** A gate with its triggers, validators and what its failure asks for. */
export function gate(triggers: GateConfig["triggers"], validators: GateConfig["validators"], failureAction?: string): GateConfig {
  return { triggers, validators, ...(failureAction === undefined ? {} : { failure_action: failureAction }) };
}

/** What the failure of a gate asks for, where c22 §3.2 does not say it (GAT-21). The state is kept in any case. */
export const failureActions = {
  schemaLint: "Return to PLANNED with error report",
  crossStream: "Keep the plan until every dependency is satisfied or stubbed",
  storyParity: "Add a task for each story, or take the story off the map",
  dryRun: "Make the dry run of the manifest again",
  precheck: "Make the manifest again from the documents as they stand",
  release: "Finish every check before the release",
  unchanged: "Restore the sealed files, or seal a superseding manifest",
  outcomes: "Finish and validate every task",
  kpis: "Measure every key figure",
  parity: "Deliver what was planned, or record why not",
  retrospective: "Hold the retrospective and have it signed",
  improvements: "Take down what to improve, each with an owner",
  critical: "Resolve every critical issue and violation",
} as const;

/** Defaults for the numbers that the sources leave open (B-42). */
export const defaultThresholds: PresetThresholds = {
  coverageMinimumPercent: 80,
  dependencyMaxDepth: 5,
  routingDriftPercent: 0,
  minimumFreeSpacePercent: 10,
  recoveryPointHours: 24,
  recoveryTimeHours: 4,
  meanTimeToRecoverHours: 24,
  lockContentionPerHour: 60,
  snapshotRetention: "7_years",
  cleanDaysBeforeBridge: 14,
  greenRunsBeforeEscalation: 3,
};

/** Precedence of seed 0 T-04 with the tie-breaks it leaves open decided (B-15). */
export const defaultHydration: HydrationSpec = {
  precedence: ["approved", "latest_non_draft", "solo"],
  tie_breakers: ["commit_time", "file_name", "path"],
  uncommitted: "oldest",
};

/** Tags and rules of c22 §6.1 (GOV-01..04). */
export const defaultGovernance: RulebookSpec["governance"] = {
  tags: [
    { name: "compliance", values: ["sox", "gdpr", "hipaa", "none"], default: "none" },
    { name: "criticality", values: [0, 1, 2, 3], default: 2 },
    { name: "data_classification", values: ["public", "internal", "confidential", "restricted"], default: "internal" },
  ],
  rules: {
    compliance_sox: {
      condition: "tags.compliance == 'sox'",
      requirements: [{ audit_trail: "enhanced" }, { change_freeze: "check_calendar" }, { documentation: "regulatory_standard" }],
    },
    critical_tag_zero: {
      condition: "tags.criticality == 0",
      requirements: [{ approval_count: 3 }, { review_board: true }, { emergency_contact: "required" }, { rollback_plan: "mandatory" }],
    },
  },
};
