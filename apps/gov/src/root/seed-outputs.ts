// module-size: one row an output, read as a list

/** An output that seed 0 or 1 names, what it is here, and where. */
export interface SeedOutput {
  readonly seed: 0 | 1;
  readonly task: string;
  /** As the seed names it. */
  readonly name: string;
  /** What it is here; a name of Python has its equivalent. */
  readonly here: string;
  /** Path in the repository of gov. */
  readonly path: string;
  /** What stands in the file, so that an empty or another file does not count. */
  readonly holds: string;
}

/** Every output that the task tables of seeds 0 and 1 name (PLN-10). */
export const seedOutputs: readonly SeedOutput[] = (
  [
    [0, "T-01", "artifact_schema.mdc", "the same", "governance/rules/artifact_schema.mdc", "kind: artifact_schema"],
    [
      0,
      "T-01",
      "example schema blocks",
      "templates of gov init",
      "apps/gov/templates/be/rules/artifact_schema.mdc",
      "kind: artifact_schema",
    ],
    [0, "T-02", "artifact_routing.mdc", "the same", "governance/rules/artifact_routing.mdc", "kind: artifact_routing"],
    [
      0,
      "T-02",
      "routing validation checks",
      "checkRouting()",
      "packages/hydration/src/routing/check-routing.ts",
      "export function checkRouting",
    ],
    [0, "T-03", "artifact_sync_rules.mdc", "the same", "governance/rules/artifact_sync_rules.mdc", "kind: artifact_sync_rules"],
    [0, "T-03", "artifacts_index.json", "the same", "governance/artifacts_index.json", '"artifacts"'],
    [0, "T-03", "index writer lib", "openIndex()", "packages/index-writer/src/open-index.ts", "export async function openIndex"],
    [0, "T-03", "recovery docs", "a runbook", "docs/runbooks/index-recovery.md", "index"],
    [0, "T-04", "hydration_rules.mdc", "the same", "governance/rules/hydration_rules.mdc", "kind: hydration_rules"],
    [0, "T-04", "test vectors", "the same", "packages/hydration/test/vectors.ts", "export"],
    [
      0,
      "T-05",
      "framework_contract_framework1.mdc",
      "the same",
      "governance/rules/framework_contract_framework1.mdc",
      "kind: framework_contract",
    ],
    [0, "T-06", "promotion_rules.mdc", "the same", "governance/rules/promotion_rules.mdc", "kind: promotion_rules"],
    [0, "T-06", "runbooks", "the same", "docs/runbooks/promotion-rollback.md", "rollback"],
    [0, "T-07", "migration plan", "planBackfill()", "packages/index-writer/src/backfill/plan-backfill.ts", "export function planBackfill"],
    [0, "T-07", "migration scripts", "gov migrate", "apps/gov/src/commands/migrate.ts", "export const migrate"],
    [
      0,
      "T-07",
      "backfill report",
      "renderBackfillReport()",
      "packages/index-writer/src/backfill/render-backfill-report.ts",
      "export function renderBackfillReport",
    ],
    [0, "T-08", "test plan", "the same", "docs/test-plan.md", "test"],
    [0, "T-08", "automated checks", "a workflow", ".github/workflows/ci.yml", "jobs:"],
    [0, "T-08", "coverage report", "pnpm test:ci", "tooling/evidence/src/test-ci.ts", "coverage"],
    [0, "T-09", "access policies", "the same", "docs/policies/access.md", "permission"],
    [0, "T-09", "ACLs", "rbac_policy.yaml", "governance/rbac_policy.yaml", "roles:"],
    [0, "T-09", "secret handling docs", "the same", "docs/policies/secrets.md", "secret"],
    [0, "T-10", "concurrency guard design", "the same", "packages/atomic-io/README.md", "acquireLease"],
    [0, "T-10", "simulation tests", "the same", "packages/atomic-io/test/acquire-lease.test.ts", "describe("],
    [0, "T-11", "metrics and alert dashboards", "Grafana dashboards", "apps/gov/dashboards/governance.json", "panels"],
    [0, "T-11", "audit logs", "openAuditLog()", "packages/telemetry/src/audit/index.ts", "openAuditLog"],
    [0, "T-12", "RACI", "a template", "docs/templates/raci.md", "Accountable"],
    [0, "T-12", "estimates", "a rule of gov plan lint", "packages/gates/src/plan/lint-plan.ts", "estimate"],
    [0, "T-12", "acceptance checklist", "a template", "docs/templates/acceptance-checklist.md", "- [ ]"],
    [1, "T-001", "constraints/requirements-lock", "pnpm-lock.yaml", "pnpm-lock.yaml", "lockfileVersion"],
    [1, "T-001", "tool-versions file", "package.json", "package.json", '"packageManager"'],
    [1, "T-002", "rbac_policy.yaml", "the same", "governance/rbac_policy.yaml", "roles:"],
    [1, "T-002", "enforcement hooks", "authorize()", "apps/gov/src/root/authorize.ts", "export async function authorize"],
    [1, "T-003", "secrets_policy.md", "the same", "docs/policies/secrets.md", "secret"],
    [
      1,
      "T-003",
      "redact_filter.py",
      "createRedactor()",
      "packages/telemetry/src/redact/create-redactor.ts",
      "export function createRedactor",
    ],
    [
      1,
      "T-004",
      "isolation_config.yaml",
      "a kind of document",
      "packages/schema/src/json/isolation-config-v1.json",
      "urn:gov:schema:isolation_config",
    ],
    [1, "T-004", "env selectors", "environment_segregation", "packages/gates/src/validators/environment-segregation.ts", "selectors"],
    [1, "T-005", "waiver_policy.md", "the same", "docs/policies/waivers.md", "waiver"],
    [1, "T-005", "waiver_db.json", "waiverDatabase()", "packages/gates/src/waivers/waiver-log.ts", "export function waiverDatabase"],
    [1, "T-006", "perf_methodology.md", "the same", "docs/performance-methodology.md", "noise"],
    [
      1,
      "T-007",
      "error_schema.json",
      "error-diagnostic-v1.json",
      "packages/schema/src/json/error-diagnostic-v1.json",
      "urn:gov:schema:error_diagnostic",
    ],
    [1, "T-007", "cli_adapter.py", "describeFailure()", "apps/gov/src/failure.ts", "export function describeFailure"],
    [1, "T-008", "stress_tests/", "pnpm test:stress", "packages/schema/test/stress.test.ts", "describe("],
    [1, "T-009", "audit_integrity_check.py", "gov audit verify", "apps/gov/src/commands/audit-verify.ts", "export const auditVerify"],
    [1, "T-009", "hashing policy", "the same", "docs/formats/audit-jsonl-v1.md", "SHA-256"],
    [1, "T-010", "ordering_spec.md", "the same", "docs/ordering.md", "clock"],
    [1, "T-010", "timestamp lib", "createHybridClock()", "packages/telemetry/src/hybrid-clock.ts", "export function createHybridClock"],
    [1, "T-011", "env_validation.py", "readEnvironment()", "apps/gov/src/root/environment.ts", "export async function readEnvironment"],
    [1, "T-012", "checkpoint_spec.md", "the same", "docs/checkpoints.md", "checkpoint"],
    [1, "T-012", "rollback hooks", "playbooks", "packages/manifest/src/promotion/playbooks.ts", "export"],
    [1, "T-013", "staging_env.yaml", "a kind of document", "packages/schema/src/json/staging-env-v1.json", "urn:gov:schema:staging_env"],
    [
      1,
      "T-014",
      "routing_effective.shadow.json",
      "gov route sync",
      "packages/hydration/src/drift/routing-baseline.ts",
      "routing_effective.shadow.json",
    ],
    [1, "T-014", "monitor job", "gov run-due, daily", "apps/gov/templates/workflows/gov-run-due.yml", "run-due"],
    [1, "T-014", "diff script", "gov route drift", "apps/gov/src/commands/route-drift.ts", "export const routeDrift"],
    [1, "T-015", "command_surface_tests/", "the same", "apps/gov/test/command-line.test.ts", "describe("],
    [1, "T-016", "dependency_tests/", "role_order", "packages/gates/test/operations-validators.test.ts", "role_order"],
    [1, "T-017", "routing_tests/", "the same", "packages/hydration/test/routing.test.ts", "describe("],
    [1, "T-018", "hydration_tests.yaml", "vectors in TypeScript", "packages/hydration/test/vectors.test.ts", "describe("],
    [1, "T-019", "observability_checks/", "the same", "apps/gov/test/dashboards.test.ts", "describe("],
    [1, "T-020", "security_ci.yml", "the same", ".github/workflows/security.yml", "jobs:"],
    [1, "T-021", "fs_concurrency_tests/", "NFS and SMB simulated", "packages/atomic-io/test/network-file-system.test.ts", "describe("],
    [1, "T-022", "planner_mode_ci.md", "the same", "docs/planner-mode-ci.md", "CI"],
    [1, "T-022", "planner bypass config", "planPlannerBypass()", "packages/gates/src/enforcement/index.ts", "planPlannerBypass"],
    [1, "T-023", "rehearsal_plan.md", "a runbook", "docs/runbooks/recovery-rehearsal.md", "rehearse"],
    [1, "T-023", "validation script", "gov dr rehearse", "apps/gov/src/commands/dr-rehearse.ts", "export const drRehearse"],
    [1, "T-024", "docs_pipeline_isolation.md", "the same", "docs/docs-pipeline-isolation.md", "pipeline"],
    [
      1,
      "T-025",
      "durations_sla.yaml",
      "a kind of document",
      "packages/schema/src/json/durations-sla-v1.json",
      "urn:gov:schema:durations_sla",
    ],
  ] as const
).map(([seed, task, name, here, path, holds]) => ({ seed, task, name, here, path, holds }));
