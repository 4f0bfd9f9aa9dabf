/** One row of a plan's task table (PLN-02). */
export interface PlanTask {
  readonly id: string;
  readonly description: string;
  readonly owner: string | null;
  /** Ids of the tasks that come before, ranges expanded. */
  readonly prerequisites: readonly string[];
  /** `P0` is the most urgent; null when the cell is empty. */
  readonly priority: string | null;
  /** Where the task comes from, one text per reference, such as `SR R-006`. */
  readonly sourceRefs: readonly string[];
  readonly estimate: string | null;
  readonly acceptanceCriteria: readonly string[];
  /** Service level the task has to keep; null without one. */
  readonly slo: string | null;
  /** 1-based line, or null without a place. */
  readonly line: number | null;
}

/** One phase of a plan, in the order of execution. */
export interface PlanPhase {
  readonly id: string;
  readonly tasks: readonly string[];
  readonly line: number | null;
}

/** What the plan or the documents it answers name by id, such as a risk or a blind spot (PLN-06). */
export interface PlanItem {
  readonly id: string;
  /** Tasks the plan maps it to; null when the plan has no mapping for it. */
  readonly tasks: readonly string[] | null;
  /** True when the plan takes note of it and no task has to answer it, as with an assumption. */
  readonly isAcknowledged: boolean;
  readonly line: number | null;
}

/** One line of the traceability index. */
export interface PlanTrace {
  readonly task: string;
  readonly sourceRefs: readonly string[];
  readonly line: number | null;
}

/** A plan document as its linter reads it (PLN-01). */
export interface Plan {
  readonly path: string;
  readonly tasks: readonly PlanTask[];
  readonly phases: readonly PlanPhase[];
  readonly items: readonly PlanItem[];
  /** Null when the document has no index of tasks and sources. */
  readonly traceability: readonly PlanTrace[] | null;
}
