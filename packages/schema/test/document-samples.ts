import type { JsonObject } from "@gov/schema";
import { dataSamples } from "./document-samples-data.ts";

const metadata = { id: "PLN-1", version: "1.0.0", status: "approved", title: "Plan", owners: ["ann"], tags: ["Release", "Risk:Low"] };
const step = { from: "PLANNED", to: "READY_FOR_HANDOFF" };
const digest = `sha256:${"0a".repeat(32)}`;
const time = "2024-01-15T10:00:00Z";

function rule(kind: string, spec: JsonObject): JsonObject {
  return { ...metadata, kind, spec };
}

/** A valid document of every kind that ships, with every field its schema names. */
export const samples: Readonly<Record<string, JsonObject>> = {
  ...dataSamples,
  artifact_metadata: { ...metadata, kind: "be_backlog", anything: { else: [1] } },
  artifact_routing: rule("artifact_routing", {
    routes: [
      {
        id: "backlogs",
        match: { kind: ["be_backlog", "x"], status: "approved", id: "PLN-*", tag: "Risk:Low" },
        to: "plans/{id}.yaml",
        precedence: 3,
      },
      { id: "rest", match: {}, to: "rest/{id}" },
    ],
    overrides: [{ artifact: "PLN-9", to: "odd/place.yaml" }],
  }),
  artifact_schema: rule("artifact_schema", {
    metadata: { required: ["id", "version", "status"], optional: ["owners"], sidecar_suffix: ".meta.yaml" },
    statuses: ["draft", "review", "approved"],
    tags: "free",
    schemas: { be_backlog: 1 },
  }),
  artifact_sync_rules: rule("artifact_sync_rules", {
    index: "artifacts_index.json",
    write_mode: "atomic",
    single_writer: true,
    protected_paths: ["rules/**"],
    recovery: { steps: ["detect_stale_lock", "replay_journal"], backoff: { initial_ms: 10, factor: 2, max_ms: 1000 } },
  }),
  be_backlog: {
    version: "1.0.0",
    generated_at: time,
    metadata,
    tasks: [
      {
        id: "PLN-BE-001",
        title: "Bus",
        description: "d",
        effort_points: 8,
        priority: "P0",
        dependencies: [],
        artifacts: ["event_schema.json"],
        owner: "ann",
      },
      {
        id: "PLN-BE-002",
        title: "Machine",
        effort_points: 13,
        priority: "P1",
        dependencies: ["PLN-BE-001"],
        linked_story_map_nodes: ["SM-001"],
        extra: 1,
      },
    ],
  },
  issue_list: {
    version: "1.0.0",
    metadata: { id: "PLN-BE-2024-01-issues", version: "1.0.0", status: "approved" },
    issues: [{ id: "ISS-1", title: "Secret in a log", severity: "critical", status: "closed" }],
  },
  dependency_contracts: {
    version: "1.0.0",
    contracts: [
      {
        id: "C-1",
        title: "Login",
        consumer: "fe",
        provider: "be",
        owner: "ann",
        state: "stubbed",
        due: "2024-02-01",
        escalation_to: "cto",
      },
    ],
  },
  fe_task_breakdown: {
    version: "1.0.0",
    cycle_id: "2025-09-02",
    generated_at: time,
    metadata,
    tasks: [
      {
        id: "FE-1",
        title: "Form",
        description: "d",
        owner: "bob",
        tags: ["UX"],
        priority: "P1",
        effort: 3.5,
        status: "open",
        dependencies: [],
        acceptance_criteria: ["works"],
        risk: "low",
        planned_in: "2025-09-02",
        linked_story_map_nodes: ["SM-001"],
        type: "story",
      },
    ],
  },
  framework_contract: rule("framework_contract", {
    framework: "framework1",
    aliases: ["fwk-001"],
    artifacts: [{ kind: "be_backlog", path: "plans/*", required: true }],
    states: ["PLANNED", "IMPROVE"],
    gate_checks: [{ ...step, gates: ["schema_lint"] }],
  }),
  gov_config: {
    version: 1,
    preset: "be",
    documents: { include: ["**/*.md"], exclude: ["node_modules/**"] },
    kinds: {
      kep: {
        include: ["**/kep.yaml"],
        format: "yaml",
        schema: { type: "object" },
        fields: { id: "/kep-number", title: { path: "stem" } },
        statuses: { implemented: "approved" },
        references: [{ field: "/see-also/*", by: "path", ignore: ["n/a"], severity: "warning" }],
        require_metadata: false,
      },
    },
    rules: ["rules/*.mdc"],
    limits: { max_depth: 64 },
  },
  handoff_manifest: {
    manifest_id: "hnd_2024_01_15_abc123",
    sealed: true,
    created_at: time,
    created_by: "ann",
    snapshot_rev: "git:7a9b3c4d",
    rulebook_hash: digest,
    artifact_checksums: { "plans/a.yaml": digest, "plans/b.yaml": "0b".repeat(32) },
    gate_results: { schema_lint: "PASS", parity_coverage: "PENDING" },
    governance: { tags: ["Release"], critical_violations: 0, decision_log_ref: null },
    prior_manifest_id: null,
    notes: "n",
  },
  hydration_rules: rule("hydration_rules", {
    precedence: ["approved", "latest_non_draft", "solo"],
    tie_breakers: ["commit_time", "file_name", "path"],
    uncommitted: "newest",
  }),
  planning_event: {
    type: "planning_event",
    version: "1.0.0",
    correlation_id: "0123456789abcdef0123456789abcdef",
    event: {
      id: "evt_2024_01_15_xyz789",
      timestamp: time,
      type: "STATE_TRANSITION",
      payload: {
        from_state: "PLANNED",
        to_state: "READY_FOR_HANDOFF",
        entity_id: "pln_task_123",
        metadata: { triggered_by: "system", gate_results: { schema_lint: "PASS" } },
      },
    },
  },
  promotion_rules: rule("promotion_rules", {
    snapshot: { format: "dsse+in-toto", signatures: 2, roles: ["planning_lead", "technical_reviewer"] },
    retention: { keep_last: 10, keep_for: "7_years" },
    rollback: { triggers: ["drift_alarm"], steps: ["freeze_promotions", "unfreeze"] },
  }),
  rbac_policy: { version: "1", metadata, roles: { lead: { permissions: ["gate:run"] } }, actors: { ann: ["lead"] } },
  rulebook: {
    version: "1.0.0",
    metadata,
    gates: { extra_lint: { triggers: [step], validators: [{ type: "json_schema", schema: "x.json" }], failure_action: "Fix" } },
    governance: {
      tags: [{ name: "scope", values: ["core", 1], default: "core" }],
      rules: { be_careful: { condition: "tags.scope == 'core'", requirements: [{ approval_count: 2 }] } },
    },
    kpis: { velocity: { formula: "sum(points) / days", unit: "points_per_day", target: 1.5 } },
  },
  digest: {
    shape: "c11",
    title: "Digest",
    titleLevel: 2,
    titleHeading: "## Digest\n",
    preamble: "",
    lead: "\n",
    metadata: [{ key: "cycle_id", value: "2025-09-02", line: 4 }],
    metrics: [{ key: "Tasks Completed", value: "23/28", line: 5 }],
    figures: [{ name: "lead_time", value: "3", target: "4", status: null, extra: { Trend: "up" }, line: 7 }],
    gates: [{ gate: "schema_lint", outcome: "PASS", evidence: null, line: 9 }],
    verification: [{ key: "manifest_checksum_sha256", value: "0a", line: 11 }],
    actions: [{ action: "Cut it", owner: "ann", due: "2025-10-01", line: 13 }],
    sections: [{ title: "Metadata", level: 3, text: "- cycle_id: 2025-09-02\n", heading: "### Metadata\n", line: 3 }],
  },
  story_map: {
    title: "Planning",
    epics: [{ title: "Lifecycle", line: 3 }],
    nodes: [{ id: "SM-001", text: "Plan", epic: "Lifecycle", section: "backbone", release: null, line: 6 }],
  },
  telemetry_event: {
    type: "telemetry_event",
    version: "1.0.0",
    event_time_utc: "2024-01-15T10:00:00.000Z",
    event_time_local: "2024-01-15T18:00:00.000+08:00",
    correlation_id: "0123456789abcdef0123456789abcdef",
    lamport: { node: "n1", counter: 7 },
    event: { id: "evt_1", timestamp: "2024-01-15T10:00:00.000Z", type: "index.put", payload: { path: "a" } },
  },
};

/** A valid document of every version after the first. */
const laterSamples: Readonly<Record<string, JsonObject>> = {
  kpi_config_v2: {
    $schema: "urn:gov:schema:kpi_config:2",
    version: "1.1.0",
    metadata,
    kpis: {
      planning_velocity: {
        formula: "sum(completed_points) / cycle_days",
        unit: "points_per_day",
        target: 1.5,
        direction: "at_least",
        inputs: { completed_points: "list", cycle_days: "number" },
      },
      reviews: { formula: "reviews", unit: "count", target: null, direction: "exactly" },
    },
  },
};

/** A valid document of a kind in a version of its format, with every field its schema names. */
export function sampleOf(kind: string, version: number): JsonObject {
  const sample = version === 1 ? samples[kind] : laterSamples[`${kind}_v${String(version)}`];
  if (sample === undefined) throw new Error(`There is no sample of "${kind}" ${String(version)}`);
  return sample;
}
