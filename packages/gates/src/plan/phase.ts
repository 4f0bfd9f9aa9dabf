/** One thing that must be so before a phase begins or ends. */
export type PhaseCriterion =
  | { readonly kind: "approval"; readonly subject: string }
  | { readonly kind: "check"; readonly name: string }
  | { readonly kind: "gate"; readonly name: string }
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "phase"; readonly id: string }
  /** A task may reach several milestones, each in its own phase: `defined` early, `adopted` later (B-34). */
  | { readonly kind: "task"; readonly id: string; readonly milestone: string };

/** A phase with its entrance and exit criteria (PLN-03, PLN-04). */
export interface Phase {
  readonly id: string;
  readonly title: string;
  readonly entrance: readonly PhaseCriterion[];
  readonly exit: readonly PhaseCriterion[];
}

const done = (...ids: readonly string[]): readonly PhaseCriterion[] => ids.map((id) => ({ kind: "task", id, milestone: "complete" }));
const defined = (...ids: readonly string[]): readonly PhaseCriterion[] => ids.map((id) => ({ kind: "task", id, milestone: "defined" }));
const adopted = (...ids: readonly string[]): readonly PhaseCriterion[] => ids.map((id) => ({ kind: "task", id, milestone: "adopted" }));
const approved = (...subjects: readonly string[]): readonly PhaseCriterion[] => subjects.map((subject) => ({ kind: "approval", subject }));
const checked = (...names: readonly string[]): readonly PhaseCriterion[] => names.map((name) => ({ kind: "check", name }));
const passed = (name: string): PhaseCriterion => ({ kind: "gate", name });
const present = (...names: readonly string[]): readonly PhaseCriterion[] => names.map((name) => ({ kind: "input", name }));
const after = (id: string): PhaseCriterion => ({ kind: "phase", id });

/** Phases 0 to 5 of the governance plan (seed 0 §4, PLN-03). */
export const governancePhases: readonly Phase[] = [
  {
    id: "0",
    title: "Plan finalization",
    entrance: present("action_plan", "summary_report", "validation_report", "owners"),
    exit: [...done("T-12"), ...approved("phase_plan")],
  },
  { id: "1", title: "Foundations", entrance: [after("0")], exit: [...done("T-01", "T-02"), passed("audit_gate")] },
  { id: "2", title: "Index and hydration", entrance: done("T-01", "T-02"), exit: [...done("T-03", "T-04"), passed("verification_gate")] },
  {
    id: "3",
    title: "Contracts and promotions",
    entrance: [after("2")],
    exit: [...done("T-05", "T-06"), ...checked("promotion_simulations")],
  },
  { id: "4", title: "Migration and testing", entrance: [after("3")], exit: [...done("T-07", "T-08", "T-09"), ...checked("ci")] },
  {
    id: "5",
    title: "Hardening and observability",
    entrance: [after("4")],
    exit: [...done("T-10", "T-11"), ...checked("slo_drift_detection", "slo_mttr")],
  },
];

/** Phases A to E of the pipeline plan (seed 1 §4, PLN-04); T-004, T-006 and T-013 are defined in A and adopted later (B-34). */
export const pipelinePhases: readonly Phase[] = [
  {
    id: "A",
    title: "Planning and controls",
    entrance: present("repository", "stakeholders"),
    exit: [
      ...done("T-001"),
      ...approved("rbac_policy", "secrets_policy", "isolation_policy", "waiver_policy"),
      ...done("T-002", "T-003", "T-005", "T-011", "T-014", "T-022"),
      ...defined("T-004", "T-006", "T-013"),
    ],
  },
  {
    id: "B",
    title: "Core foundations",
    entrance: [after("A")],
    exit: [...done("T-015", "T-016", "T-017", "T-018", "T-019"), ...checked("local", "ci")],
  },
  {
    id: "C",
    title: "Reliability and safety",
    entrance: [after("B")],
    exit: [...done("T-012", "T-020", "T-021", "T-023"), ...checked("gates_idempotent", "concurrency_stable", "rollback_rehearsal")],
  },
  {
    id: "D",
    title: "Performance and scale",
    entrance: [after("C")],
    exit: [...adopted("T-006"), ...done("T-008", "T-025"), ...checked("durations_sla")],
  },
  {
    id: "E",
    title: "Deployment and docs isolation",
    entrance: [after("D")],
    exit: [...adopted("T-004", "T-013"), ...done("T-024"), ...checked("staging_isolated", "docs_isolated")],
  },
];
