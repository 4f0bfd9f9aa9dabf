import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { changeLog, coverageSummary, cycle, issueList, rbacPolicy } from "./documents.ts";
import { commit, folder, gov, write } from "./harness.ts";

export { changeLog, coverageSummary, cycle, issueList, rbacPolicy } from "./documents.ts";

/** The governed root of this project itself; to be read, never written. */
export const governance: string = fileURLToPath(new URL("../../../governance/", import.meta.url));

/** Where its documents stand. */
export const places = {
  backlog: `frameworks/planning-be/backlogs/${cycle}-be_backlog.yaml`,
  contracts: `frameworks/planning-be/contracts/${cycle}-dependency_contracts.yaml`,
  storyMap: `frameworks/planning-be/storymaps/${cycle}-story_map.md`,
  manifest: `frameworks/planning-be/manifests/${cycle}-handoff_manifest.yaml`,
  changeLog: `frameworks/planning-be/execution/${cycle}-execution_change_log.yaml`,
  closing: `frameworks/planning-be/manifests/${cycle}-closing-handoff_manifest.yaml`,
  digest: `frameworks/planning-be/digests/${cycle}-digest.md`,
  log: "memory-bank/decisions/index.jsonl",
  coverage: "VERIFICATION/qa/coverage-summary.json",
  checklist: "plans/checklist.md",
  ignore: "plans/.trivyignore",
  runs: "plans/ci-runs.json",
  facts: "plans/facts.json",
  digests: "plans/artifact_digests.json",
  attestation: "plans/attestation.json",
} as const;

/** A copy of this project's own governed root before its cycle began, committed, with a coverage of the given percentage. */
export function governed(coveredPercent = 95): string {
  const root = folder();
  const copied = ["gov.yaml", "rules", "rulebook.yaml", "rbac_policy.yaml", places.backlog, places.contracts, places.storyMap];
  for (const path of copied) cpSync(join(governance, path), join(root, path), { recursive: true });
  write(root, "gov.yaml", config);
  write(
    root,
    promotionRulesFile,
    readFileSync(join(governance, promotionRulesFile), "utf8").replace("  rollback:", `${environments}  rollback:`),
  );
  write(root, "rbac_policy.yaml", rbacPolicy("test@example.org", "ann"));
  write(root, "rulebook.yaml", `${readFileSync(join(governance, "rulebook.yaml"), "utf8")}${waiverPolicy}`);
  write(root, "VERIFICATION/qa/issue_list.yaml", issueList("[]"));
  write(root, places.coverage, coverageSummary(coveredPercent));
  write(root, places.checklist, "# Close-out\n\n- [ ] 1 Hand over [AP L1]\n  - [ ] 1.1 Train [AP L2]\n");
  write(root, places.ignore, "# Not reachable\nCVE-2026-1 exp:2026-12-31\n");
  write(root, places.runs, JSON.stringify(["1", "2", "3"].map((id) => ({ id, green: true, integration: true }))));
  write(root, places.facts, '{"runs":3}');
  commit(root);
  return root;
}

/** Takes a cycle on by its events, each of which has to lead on. */
export async function advance(root: string, ...events: readonly string[]): Promise<void> {
  for (const event of events) {
    const run = await gov(root, "cycle", cycle, event, "--actor", "ann");
    if (run.code !== 0) throw new Error(`${event} led nowhere: ${run.out}${run.err}`);
  }
}

/** The events that lead to where the cycle is sealed. */
export const toPackaged = ["create_plan", "validate_complete", "package_artifacts"] as const;

/** Takes a sealed cycle on until its digest is written, which is what closes it. */
export async function toDigest(root: string): Promise<void> {
  write(root, places.changeLog, changeLog());
  await advance(root, "begin_execution", "validate_results", "analyze_metrics");
  await gov(root, "digest", cycle, "--write", "--actor", "ann");
}

const promotionRulesFile = "rules/promotion_rules.mdc";

const environments = `  promotion:
    approvals: 1
    environments: [{ name: staging, automatic: true }, { name: production, soak_hours: 24 }]
`;

const config = `version: 1
preset: be
documents:
  include: ["rules/*.mdc", "rulebook.yaml", "rbac_policy.yaml", "frameworks/**"]
evidence:
  coverage: ${places.coverage}
  issues: VERIFICATION/qa/issue_list.yaml
`;

/** Under which waivers count. */
const waiverPolicy = `waivers:
  override_policy: waiver
  approver_roles: [planning_lead]
  max_days: 30
  emergency: { approver_roles: [on_call], max_hours: 24 }
# Critical counts are not waivable.
`;
