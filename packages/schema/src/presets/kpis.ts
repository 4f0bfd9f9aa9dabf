import type { RulebookSpec } from "../rules.ts";

type Kpis = RulebookSpec["kpis"];

/** KPIs of a backend cycle (KPI-02..06). */
export const backendKpis: Kpis = {
  planning_velocity: { formula: "sum(completed_points) / cycle_days", unit: "points_per_day", target: 1.5 },
  quality_gate_pass_rate: { formula: "(gates_passed / total_gates) * 100", unit: "percentage", target: 95 },
  handoff_success_rate: { formula: "(successful_handoffs / total_handoffs) * 100", unit: "percentage", target: 100 },
  cycle_time: { formula: "avg(task_completion_time)", unit: "days", target: 3 },
  defect_escape_rate: { formula: "(post_execution_defects / total_tasks) * 100", unit: "percentage", target: 5 },
};

/** KPIs of c11 §7 that follow from counts (KPI-01); targets are our defaults, the source gives none. */
export const c11Kpis: Kpis = {
  plan_accuracy: { formula: "(completed_items / committed_items) * 100", unit: "percentage", target: 90 },
  lead_time_days: { formula: "avg(lead_time)", unit: "days", target: 14 },
  cycle_time_days: { formula: "avg(task_completion_time)", unit: "days", target: 3 },
  a11y_pass_rate: { formula: "(a11y_checks_passed / a11y_checks) * 100", unit: "percentage", target: 100 },
  defect_escape_rate: { formula: "(post_execution_defects / total_tasks) * 100", unit: "percentage", target: 5 },
  dependency_fulfillment_rate: { formula: "(dependencies_fulfilled / dependencies_total) * 100", unit: "percentage", target: 100 },
};

/** KPIs of c33 §7 that follow from counts (KPI-07); targets are our defaults where the source gives none. */
export const c33Kpis: Kpis = {
  delivered_vs_planned_ratio: { formula: "delivered_tasks / planned_tasks", unit: "ratio", target: 1 },
  on_time_handoffs_pct: { formula: "(on_time_handoffs / total_handoffs) * 100", unit: "percentage", target: 100 },
  cross_stream_first_pass_pct: { formula: "(cross_stream_first_passes / cross_stream_first_runs) * 100", unit: "percentage", target: 95 },
  coverage_pct: { formula: "(covered_lines / total_lines) * 100", unit: "percentage", target: 80 },
  scope_variance_pct: { formula: "((delivered_points - planned_points) / planned_points) * 100", unit: "percentage", target: 0 },
  critical_violations_count: { formula: "critical_violations", unit: "count", target: 0 },
};
