import { type Finding } from "../finding.ts";
import { type JsonValue } from "../json.ts";
import { parseStoryMap } from "../story-map/parse-story-map.ts";
import { manifestKindOf } from "../wire/manifest-shape-of.ts";
import { parseDigest } from "../wire/parse-digest.ts";
import { type KindDefinition } from "./kind-definition.ts";

/** Says what is wrong with the Markdown of a document, whose first line is `startLine` of its file. */
type BodyJudge = (body: string, place: { readonly path: string; readonly startLine: number }) => readonly Finding[];

/** A kind that ships: its definition, the shipped schema that judges its data, and where embedded metadata stands. */
export interface ShippedKind {
  readonly definition: KindDefinition;
  /** Kind whose shipped schema judges the data, which for a kind of several shapes the data say; null when only the metadata is judged. */
  readonly judgedBy: string | ((data: JsonValue) => string) | null;
  /** Judges the text that stands beside the data; absent where the data say all. */
  readonly judgesBody?: BodyJudge | undefined;
  /** Pointer to embedded metadata; null means the `metadata` mapping when there is one, else the top level. */
  readonly metadataAt: "" | "/metadata" | null;
}

/** The kind of every governed document that no other kind claims. */
export const genericKind = "artifact";

function ruleKind(name: string, fileName: string = name): ShippedKind {
  const definition = { name, include: [`**/${fileName}.{mdc,md}`], requireMetadata: true };
  return { definition, judgedBy: name, metadataAt: "" };
}

function dataKind(name: string, include: readonly string[]): ShippedKind {
  return { definition: { name, include, requireMetadata: true }, judgedBy: name, metadataAt: "/metadata" };
}

// Tools read and write these too, so they are judged by their schema and need no metadata; what stands there is judged.
function recordKind(name: string, include: string): ShippedKind {
  return { definition: { name, include: [include] }, judgedBy: name, metadataAt: "/metadata" };
}

function textKind(name: string, judgesBody: BodyJudge): ShippedKind {
  return {
    definition: { name, include: [`**/*${name}.{md,markdown}`], requireMetadata: true },
    judgedBy: null,
    judgesBody,
    metadataAt: "",
  };
}

/** Every kind that ships, in the order in which their globs are tried; file names as in the seeds. */
export const shippedKindDefinitions: readonly ShippedKind[] = [
  ruleKind("artifact_routing"),
  ruleKind("artifact_schema"),
  ruleKind("artifact_sync_rules"),
  ruleKind("framework_contract", "framework_contract*"),
  ruleKind("hydration_rules"),
  ruleKind("promotion_rules"),
  dataKind("rulebook", ["**/rulebook.{yaml,yml,json}"]),
  dataKind("rbac_policy", ["**/rbac_policy.{yaml,yml,json}"]),
  dataKind("be_backlog", ["**/*be_backlog.{yaml,yml,json}"]),
  dataKind("fe_task_breakdown", ["**/*fe_task_breakdown.{yaml,yml,json}"]),
  dataKind("dependency_contracts", ["**/*dependency_contracts.{yaml,yml,json}"]),
  dataKind("issue_list", ["**/*issue_list.{yaml,yml,json}"]),
  {
    definition: {
      name: "handoff_manifest",
      include: ["**/*handoff_manifest.{yaml,yml,json}"],
      fields: { id: "/manifest_id", tags: "/governance/tags" },
    },
    judgedBy: manifestKindOf,
    metadataAt: "/metadata",
  },
  recordKind("acceptance_criteria", "**/acceptance_criteria.{json,yaml,yml}"),
  recordKind("approvals", "**/*approvals.{yaml,yml,json}"),
  recordKind("artifact_digests", "**/artifact_digests.json"),
  recordKind("durations_sla", "**/durations_sla.{yaml,yml,json}"),
  recordKind("execution_change_log", "**/*execution_change_log.{yaml,yml,json}"),
  recordKind("feature_flags", "**/feature_flags.{yaml,yml,json}"),
  recordKind("freeze_calendar", "**/freeze_calendar.{yaml,yml,json}"),
  recordKind("gate_config", "**/gate_config.{yaml,yml,json}"),
  recordKind("governance_config", "**/governance_config.{yaml,yml,json}"),
  recordKind("improvement_actions", "**/*improvement_actions.{yaml,yml,json}"),
  recordKind("isolation_config", "**/isolation_config.{yaml,yml,json}"),
  recordKind("kpi_config", "**/kpi_config.{yaml,yml,json}"),
  recordKind("monitoring_config", "**/monitoring_config.{json,yaml,yml}"),
  recordKind("planning_request", "**/*planning_request.{yaml,yml,json}"),
  recordKind("playbook", "**/*playbook.{yaml,yml,json}"),
  recordKind("risk_register", "**/risk_register.{yaml,yml,json}"),
  recordKind("sealing_config", "**/sealing_config.{yaml,yml,json}"),
  recordKind("staging_env", "**/staging_env.{yaml,yml,json}"),
  recordKind("team_capacity", "**/*team_capacity.{yaml,yml,json}"),
  recordKind("trust_policy", "**/trust_policy.{yaml,yml,json}"),
  recordKind("verification_findings", "**/VERIFICATION/*/findings.json"),
  recordKind("verification_summary", "**/VERIFICATION/summary.json"),
  recordKind("waiver_db", "**/waiver_db.{json,yaml,yml}"),
  textKind("story_map", (body, place) => parseStoryMap(body, place).findings),
  textKind("digest", (body, place) => parseDigest(body, place).findings),
  { definition: { name: genericKind, include: [], requireMetadata: true }, judgedBy: null, metadataAt: null },
];
