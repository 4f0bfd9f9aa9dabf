/** What calls for a rollback (PRO-02, PRO-07). */
export const rollbackTriggers = [
  "failed_validation",
  "slo_breach",
  "drift_alarm",
  "gate_failure",
  "severe_finding",
  "deadlock",
  "health_check_failure",
] as const;

/** One of {@link rollbackTriggers}. */
export type RollbackTrigger = (typeof rollbackTriggers)[number];

/** What a step of a playbook does; each can be done again after a crash without harm. */
export const playbookActions = [
  "freeze",
  "quiesce",
  "capture_differences",
  "select_snapshot",
  "verify_snapshot",
  "restore_artifacts",
  "warm_caches",
  "verify_health",
  "rerun_gate",
  "rerun_gate_verbosely",
  "unfreeze",
] as const;

/** One of {@link playbookActions}. */
export type PlaybookAction = (typeof playbookActions)[number];

/** A rollback as data: when, and which steps in which order (PRO-11). */
export interface Playbook {
  readonly id: string;
  readonly version: 1;
  readonly triggers: readonly RollbackTrigger[];
  /** Begins with `freeze`, ends with `unfreeze`, and has a gate run right before that. */
  readonly steps: readonly PlaybookAction[];
}

/** Rollback of a promotion: freeze, select the last signed snapshot, verify, restore, warm caches, re-verify, unfreeze (PRO-03). */
export const promotionPlaybook: Playbook = {
  id: "promotion",
  version: 1,
  triggers: ["failed_validation", "slo_breach", "drift_alarm"],
  steps: ["freeze", "select_snapshot", "verify_snapshot", "restore_artifacts", "warm_caches", "rerun_gate", "unfreeze"],
};

/** Rollback of a pipeline: quiesce, capture differences, restore the last green snapshot, verify health, re-run the failed gate verbosely (PRO-08); frozen meanwhile. */
export const pipelinePlaybook: Playbook = {
  id: "pipeline",
  version: 1,
  triggers: ["gate_failure", "severe_finding", "deadlock", "health_check_failure"],
  steps: [
    "freeze",
    "quiesce",
    "capture_differences",
    "select_snapshot",
    "verify_snapshot",
    "restore_artifacts",
    "verify_health",
    "rerun_gate_verbosely",
    "unfreeze",
  ],
};

/** Something that happened, as far as rollbacks care. */
export interface RollbackEvent {
  readonly trigger: string;
  /** A severe finding that was waived calls for nothing. @default false */
  readonly waived?: boolean | undefined;
}

/** Chooses the playbook that an event calls for, or null when it calls for none; an unknown trigger is no reason to do nothing, and throws. Pure. */
export function choosePlaybook(
  event: RollbackEvent,
  playbooks: readonly Playbook[] = [promotionPlaybook, pipelinePlaybook],
): Playbook | null {
  const trigger = rollbackTriggers.find((known) => known === event.trigger);
  if (trigger === undefined) throw new RangeError(`Cannot decide on a rollback: "${event.trigger}" is no trigger anybody knows`);
  if (trigger === "severe_finding" && event.waived === true) return null;
  return playbooks.find(({ triggers }) => triggers.includes(trigger)) ?? null;
}

/**
 * Refuses a playbook that could unfreeze what was not verified.
 *
 * @throws RangeError
 */
export function assertPlaybook({ id, steps }: Playbook): void {
  const place = (action: PlaybookAction): number => steps.indexOf(action);
  const gate = Math.max(place("rerun_gate"), place("rerun_gate_verbosely"));
  const sound =
    // The name of what promotes, which alone a rollback may supersede.
    id !== "promote" &&
    steps.every((step) => playbookActions.includes(step)) &&
    new Set(steps).size === steps.length &&
    place("freeze") === 0 &&
    place("unfreeze") === steps.length - 1 &&
    gate === steps.length - 2 &&
    place("select_snapshot") > 0 &&
    place("verify_snapshot") === place("select_snapshot") + 1 &&
    place("restore_artifacts") === place("verify_snapshot") + 1;
  if (!sound)
    throw new RangeError(
      `Cannot run playbook "${id}": it must freeze first, select, verify and restore in this order, run a gate before the end, and unfreeze last`,
    );
}
