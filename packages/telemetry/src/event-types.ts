/** The fifteen types of planning events (TEL-02, B-20): the ten edge labels of the lifecycle, then what is recorded beside them. */
export const planningEventTypes = [
  "create_plan",
  "validate_complete",
  "package_artifacts",
  "begin_execution",
  "validate_results",
  "analyze_metrics",
  "cycle_complete",
  "update_plan",
  "validation_failed",
  "execution_failed",
  "PLAN_CREATED",
  "STATE_TRANSITION",
  "GATE_RESULT",
  "MANIFEST_SEALED",
  "DIGEST_PUBLISHED",
] as const;

/** Type of a planning event. */
export type PlanningEventType = (typeof planningEventTypes)[number];
