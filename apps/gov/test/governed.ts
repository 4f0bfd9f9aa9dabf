import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commit, folder, write } from "./harness.ts";

/** The governed root of this project itself; to be read, never written. */
export const governance: string = fileURLToPath(new URL("../../../governance/", import.meta.url));

/** The cycle of {@link governed}. */
export const cycle = "PLN-BE-2026-01";

/** Where its documents stand. */
export const places = {
  backlog: `frameworks/planning-be/backlogs/${cycle}-be_backlog.yaml`,
  contracts: `frameworks/planning-be/contracts/${cycle}-dependency_contracts.yaml`,
  storyMap: `frameworks/planning-be/storymaps/${cycle}-story_map.md`,
  manifest: `frameworks/planning-be/manifests/${cycle}-handoff_manifest.yaml`,
  changeLog: `frameworks/planning-be/execution/${cycle}-execution_change_log.yaml`,
  digest: `frameworks/planning-be/digests/${cycle}-digest.md`,
  log: "memory-bank/decisions/index.jsonl",
  coverage: "VERIFICATION/qa/coverage-summary.json",
  checklist: "plans/checklist.md",
  ignore: "plans/.trivyignore",
} as const;

/** A copy of this project's own governed root before its cycle began, committed, with a coverage of the given percentage. */
export function governed(coveredPercent = 95): string {
  const root = folder();
  const copied = ["gov.yaml", "rules", "rulebook.yaml", "rbac_policy.yaml", places.backlog, places.contracts, places.storyMap];
  for (const path of copied) cpSync(join(governance, path), join(root, path), { recursive: true });
  write(root, "gov.yaml", config);
  write(root, "rbac_policy.yaml", rbacPolicy("test@example.org", "ann"));
  write(root, "VERIFICATION/qa/issue_list.yaml", issueList("[]"));
  write(root, places.coverage, coverageSummary(coveredPercent));
  write(root, places.checklist, "# Close-out\n\n- [ ] 1 Hand over [AP L1]\n  - [ ] 1.1 Train [AP L2]\n");
  write(root, places.ignore, "# Not reachable\nCVE-2026-1 exp:2026-12-31\n");
  commit(root);
  return root;
}

const config = `version: 1
preset: be
documents:
  include: ["rules/*.mdc", "rulebook.yaml", "rbac_policy.yaml", "frameworks/**"]
evidence:
  coverage: ${places.coverage}
  issues: VERIFICATION/qa/issue_list.yaml
`;

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
