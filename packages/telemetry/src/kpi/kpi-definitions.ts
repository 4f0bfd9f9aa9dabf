/** What a KPI is. */
export interface KpiDefinition {
  /** Name, snake_case, unique. */
  readonly id: string;
  /** Such as `percentage`, `days` or `points_per_day`. */
  readonly unit: string;
  /** Whether more is better, less is better, or only the target is good. */
  readonly direction: "at_least" | "at_most" | "exactly";
  /** Null where no source gives one and nobody has chosen one. */
  readonly target: number | null;
  /** Formula over the inputs, as `compileFormula` of `@gov/schema/expression` reads it. */
  readonly formula: string;
  /** Every input of the formula. */
  readonly inputs: Readonly<Record<string, "number" | "numbers">>;
  /** Other names it goes by. @default none */
  readonly aliases?: readonly string[] | undefined;
}

/** Sets of KPIs, by the source that names them. */
export const kpiSets = ["c11", "c22", "c33", "design"] as const;

/** Name of a set of KPIs. */
export type KpiSet = (typeof kpiSets)[number];

/** Names under which other sources count the same thing (B-19). */
export const inputAliases: Readonly<Record<string, readonly string[]>> = {
  completed_items: ["delivered_tasks"],
  committed_items: ["planned_tasks"],
  delivered_tasks: ["completed_items"],
  planned_tasks: ["committed_items"],
};

/** Every KPI of the sources: c11 §7 (KPI-01), c22 §7.1 (KPI-02 to KPI-06), c33 §7 (KPI-07), the design digest (KPI-09 to KPI-11). */
export const shippedKpis: Readonly<Record<KpiSet, readonly KpiDefinition[]>> = {
  c11: [
    percent("plan_accuracy", { part: "completed_items", whole: "committed_items", target: 90, aliases: ["scope_completed_pct"] }),
    average("lead_time_days", { of: "lead_time", unit: "days", target: 14 }),
    average("cycle_time_days", { of: "dev_cycle_time", unit: "days", target: 3 }),
    difference("unit_coverage_delta", { from: "unit_coverage_before", to: "unit_coverage_after" }),
    difference("e2e_coverage_delta", { from: "e2e_coverage_before", to: "e2e_coverage_after" }),
    percent("a11y_pass_rate", { part: "a11y_checks_passed", whole: "a11y_checks", target: 100 }),
    ...["critical", "high", "medium", "low"].map((severity) =>
      count(`defects_${severity}`, severity === "critical" || severity === "high" ? 0 : null),
    ),
    percent("dependency_fulfillment_rate", { part: "dependencies_fulfilled", whole: "dependencies_total", target: 100 }),
    {
      ...{ id: "deployment_frequency", unit: "per_day", direction: "at_least", target: null, formula: "deployments / period_days" },
      inputs: { deployments: "number", period_days: "number" },
    },
    percent("change_failure_rate", { part: "failed_deployments", whole: "deployments", target: 15, direction: "at_most" }),
    average("mttr_hours", { of: "recovery_hours", unit: "hours", target: 24 }),
    percent("c11_defect_escape_rate", { part: "escaped_defects", whole: "total_defects", target: 5, direction: "at_most" }),
  ],
  c22: [
    {
      ...{
        id: "planning_velocity",
        unit: "points_per_day",
        direction: "at_least",
        target: 1.5,
        formula: "sum(completed_points) / cycle_days",
      },
      inputs: { completed_points: "numbers", cycle_days: "number" },
    },
    percent("quality_gate_pass_rate", { part: "gates_passed", whole: "total_gates", target: 95, aliases: ["gate_compliance"] }),
    percent("handoff_success_rate", { part: "successful_handoffs", whole: "total_handoffs", target: 100, aliases: ["handoff_success"] }),
    average("cycle_time", { of: "task_completion_time", unit: "days", target: 3 }),
    percent("defect_escape_rate", { part: "post_execution_defects", whole: "total_tasks", target: 5, direction: "at_most" }),
  ],
  c33: [
    {
      ...{ id: "delivered_vs_planned_ratio", unit: "ratio", direction: "at_least", target: 1, formula: "delivered_tasks / planned_tasks" },
      inputs: { delivered_tasks: "number", planned_tasks: "number" },
    },
    percent("on_time_handoffs_pct", { part: "on_time_handoffs", whole: "total_handoffs", target: 100 }),
    percent("cross_stream_first_pass_pct", { part: "cross_stream_first_passes", whole: "cross_stream_first_runs", target: 95 }),
    percent("coverage_pct", { part: "covered_lines", whole: "total_lines", target: 80 }),
    {
      ...{ id: "scope_variance_pct", unit: "percentage", direction: "exactly", target: 0 },
      formula: "((delivered_points - planned_points) / planned_points) * 100",
      inputs: { delivered_points: "number", planned_points: "number" },
    },
    count("critical_violations_count", 0, "critical_violations"),
    count("waivers_used", null),
    {
      ...{ id: "gate_rerun_rate", unit: "runs_per_gate", direction: "at_most", target: null, formula: "gate_runs_to_green / gates_green" },
      inputs: { gate_runs_to_green: "number", gates_green: "number" },
    },
    average("mean_time_to_green_gates", { of: "hours_to_green", unit: "hours", target: null }),
  ],
  design: [
    percent("design_completeness", { part: "completed_sections", whole: "total_sections", target: 100 }),
    percent("schema_coverage", { part: "events_with_schema", whole: "total_events", target: 100 }),
    percent("documentation_quality", { part: "sections_meeting_criteria", whole: "total_sections", target: 100 }),
    { ...count("gate_definition", 3, "gates_defined"), direction: "at_least" },
    { ...count("governance_rules", 2, "governance_rules_defined"), direction: "at_least" },
    percent("schema_lint_effectiveness", { part: "schema_lint_caught", whole: "schema_defects", target: 98 }),
    percent("cross_stream_effectiveness", { part: "cross_stream_caught", whole: "cross_stream_defects", target: 95 }),
    percent("parity_effectiveness", { part: "regressions_caught", whole: "regressions", target: 99 }),
  ],
};

/** Finds a KPI by its name or an alias, in the order of {@link kpiSets}; undefined when there is none. */
export function findKpi(name: string): KpiDefinition | undefined {
  const all = kpiSets.flatMap((set) => shippedKpis[set]);
  return all.find(({ id }) => id === name) ?? all.find(({ aliases }) => aliases?.includes(name));
}

interface Share {
  readonly part: string;
  readonly whole: string;
  readonly target: number;
  readonly direction?: "at_least" | "at_most";
  readonly aliases?: readonly string[];
}

function percent(id: string, { part, whole, target, direction = "at_least", aliases = [] }: Share): KpiDefinition {
  return {
    id,
    unit: "percentage",
    direction,
    target,
    formula: `(${part} / ${whole}) * 100`,
    inputs: { [part]: "number", [whole]: "number" },
    aliases,
  };
}

function average(
  id: string,
  { of, unit, target }: { readonly of: string; readonly unit: string; readonly target: number | null },
): KpiDefinition {
  return { id, unit, direction: "at_most", target, formula: `avg(${of})`, inputs: { [of]: "numbers" } };
}

function difference(id: string, { from, to }: { readonly from: string; readonly to: string }): KpiDefinition {
  return {
    id,
    unit: "percentage_points",
    direction: "at_least",
    target: 0,
    formula: `${to} - ${from}`,
    inputs: { [from]: "number", [to]: "number" },
  };
}

function count(id: string, target: number | null, input: string = id): KpiDefinition {
  return { id, unit: "count", direction: "at_most", target, formula: input, inputs: { [input]: "number" } };
}
