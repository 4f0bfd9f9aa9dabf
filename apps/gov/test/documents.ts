/** The cycle that most tests speak of. */
export const cycle = "PLN-BE-2026-01";

/** A policy under which these actors may everything. */
export function rbacPolicy(...actors: readonly string[]): string {
  return `version: 1.0.0
metadata: { id: rbac_policy, version: 1.0.0, status: approved, kind: rbac_policy, title: Roles, owners: [maintainers] }
roles:
  maintainer: { permissions: ["*"] }
actors: { ${actors.map((actor) => `${JSON.stringify(actor)}: [maintainer]`).join(", ")} }
`;
}

/** An issue list with the given YAML list of issues. */
export function issueList(issues: string): string {
  return `version: 1.0.0
metadata: { id: issue_list, version: 1.0.0, status: approved, kind: issue_list, title: Open issues, owners: [maintainers] }
issues: ${issues}
`;
}

/** A coverage summary in which every count has this percentage. */
export function coverageSummary(percent: number): string {
  const count = { total: 100, covered: percent, skipped: 0, pct: percent };
  return JSON.stringify({ total: { lines: count, statements: count, functions: count, branches: count } });
}

/** What happened while the cycle was executed: nothing unplanned, and every task of the backlog accepted unless said otherwise. */
export function changeLog(validation = "accepted"): string {
  const outcomes = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(
    (task) => `  - { task_id: PLN-BE-00${task}, evidence: [report.xml], validation: ${validation} }`,
  );
  return `version: 1.0.0
metadata:
  { id: execution_change_log, version: 1.0.0, status: approved, kind: execution_change_log, title: Execution, owners: [maintainers] }
cycle_id: ${cycle}
changes: []
outcomes:
${outcomes.join("\n")}
`;
}
