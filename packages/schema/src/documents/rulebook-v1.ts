import { z } from "zod";
import { embeddedMetadataV1 } from "./artifact-metadata-v1.ts";
import { dateOrTimestampV1, idV1, schemaNameV1, sha256V1, textV1 } from "./document-text.ts";
import { kpiDirections } from "./kpi-config-v2.ts";

/** The six states of a planning cycle, in order (LIF-01). */
export const lifecycleStates = ["PLANNED", "READY_FOR_HANDOFF", "PACKAGED", "EXECUTED", "VALIDATED", "IMPROVE"] as const;

const state = z.enum(lifecycleStates);

/** A gate as configured: when it runs, what it checks, and what its failure asks for (GAT-05). */
export const gateConfigV1 = z.strictObject({
  triggers: z.array(z.strictObject({ from: state, to: state })),
  validators: z.array(z.looseObject({ type: z.string().min(1) })).min(1),
  failure_action: z.string().min(1).optional(),
});

/** A governance rule: a condition over tags and what it then requires (GOV-02). */
export const governanceRuleV1 = z.strictObject({
  condition: z.string().min(1),
  requirements: z.array(z.looseObject({})),
  /** First day the rule counts; before, it only warns (GOV-08). */
  effective_on: dateOrTimestampV1.optional(),
  /** Name of the feature flag by which the rule is rolled out: where the flag is off, the rule only warns (TEL-12). */
  rollout: textV1.optional(),
});

const roles = z.array(textV1).min(1);

/** What waivers may do (GOV-10, GOV-11, B-13). Where it is absent nothing can be waived. */
const waiverPolicyV1 = z.strictObject({
  /** `none` has no way around a gate, `new_cycle` asks for a new cycle, `waiver` lets signed waivers count. */
  override_policy: z.enum(["none", "new_cycle", "waiver"]),
  /** Roles of which one must sign, by somebody other than who asks. */
  approver_roles: roles,
  /** Longest time from beginning to end. */
  max_days: z.int().min(1).max(3650),
  /** What an emergency override needs; absent: there is none. */
  emergency: z.strictObject({ approver_roles: roles, max_hours: z.int().min(1).max(8784) }).optional(),
  /** Codes and rules that no waiver covers. */
  not_waivable: z.array(textV1).optional(),
});

/** A key figure of a rulebook. */
const rulebookKpiV1 = z.strictObject({
  formula: z.string(),
  unit: z.string(),
  target: z.number(),
  /** On which side of its target it is good (B-19). Absent: nobody has said so. */
  direction: z.enum(kpiDirections).optional(),
  /** Ids of the stories whose tasks it counts, beside the tasks that name it (ART-13). Absent: it counts every task. */
  counts: z.array(idV1).optional(),
});

const greens = z.int().min(0).max(1000).optional();
const percent = z.number().min(0).max(100).optional();
const hours = z.number().positive().max(87_840).optional();

/** Numbers that the preset gives otherwise (B-42). Those that belong to one gate, to waivers, to enforcement or to retention are set there. */
const thresholdsV1 = z.strictObject({
  /** Lines and branches that tests must cover. */
  coverage_minimum_percent: percent,
  /** Documents that may be routed otherwise than the baseline says. */
  routing_drift_percent: percent,
  /** Free space below which the disk that holds the state of a root is too full. */
  minimum_free_space_percent: percent,
  /** How old the last snapshot may be. */
  recovery_point_hours: hours,
  /** How long a recovery may take. */
  recovery_time_hours: hours,
  /** How long it may take until an incident is over. */
  mean_time_to_recover_hours: hours,
  /** Waits for a lock in an hour above which somebody is told. */
  lock_contention_per_hour: z.int().min(0).max(1_000_000).optional(),
});

/** `rulebook.yaml`: gates, governance and KPI definitions in force on top of a preset (SCH-16). */
export const rulebookV1 = z.strictObject({
  version: z.string().min(1),
  gates: z.record(z.string(), gateConfigV1).default({}),
  governance: z
    .strictObject({
      tags: z
        .array(
          z.strictObject({
            name: z.string(),
            values: z.array(z.union([z.string(), z.number()])),
            default: z.union([z.string(), z.number()]),
          }),
        )
        .default([]),
      rules: z.record(z.string(), governanceRuleV1).default({}),
    })
    .default({ tags: [], rules: {} }),
  /** How much findings of a code weigh; `off` is not shown. Absent: as each code has it. */
  severities: z.record(z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/), z.enum(["error", "warning", "note", "off"])).optional(),
  waivers: waiverPolicyV1.optional(),
  /** How many consecutive green runs, integration suites included, the step to each mode asks for (GOV-16, B-25). Absent: 3. */
  enforcement: z.strictObject({ greens_required: z.strictObject({ shadow: greens, soft_block: greens, hard_block: greens }) }).optional(),
  /** Modules that validators of type `custom` may run: exactly these bytes (GAT-08). Absent: none. */
  modules: z.array(z.strictObject({ script: textV1, digest: sha256V1 })).optional(),
  thresholds: thresholdsV1.optional(),
  kpis: z.record(z.string(), rulebookKpiV1).default({}),
});

/** `rulebook.yaml`, with its metadata. */
export const rulebookDocumentV1 = rulebookV1.extend({ $schema: schemaNameV1.optional(), metadata: embeddedMetadataV1.optional() });
