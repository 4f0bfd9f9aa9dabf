import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { YamlEdit } from "../writing/yaml-edit.ts";
import type { SchemaMigration } from "./schema-migration.ts";

/** Every key figure says on which side of its target it is good; those of the sources that should be low are known by their names (B-19). */
export const kpiConfigV1ToV2: SchemaMigration = {
  kind: "kpi_config",
  from: 1,
  summary: "Says for each KPI on which side of its target it is good: known names and durations at most, all others at least",
  up: (data) =>
    figuresOf(data).map(([at, name, kpi]) => ({ op: "set", pointer: `${at}/direction`, value: directionOf(name, kpi["unit"]) })),
  down: (data) => figuresOf(data).flatMap(([at, , kpi]) => downEdits(at, kpi)),
};

function figuresOf(data: JsonObject): readonly (readonly [at: string, name: string, kpi: JsonObject])[] {
  const kpis = data["kpis"];
  if (!isJsonObject(kpis ?? null)) return [];
  return Object.entries(kpis as JsonObject).flatMap(([name, kpi]) =>
    isJsonObject(kpi) ? [[`/kpis/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, name, kpi] as const] : [],
  );
}

const lowIsGood = new Set(["change_failure_rate", "cycle_time", "defect_escape_rate", "gate_rerun_rate", "lead_time", "mttr_hours"]);
const zeroIsGood = new Set(["critical_violations_count", "scope_variance_pct"]);

function directionOf(name: string, unit: JsonValue | undefined): "at_least" | "at_most" | "exactly" {
  if (zeroIsGood.has(name)) return "exactly";
  return lowIsGood.has(name) || /^(?:ms|milliseconds|seconds|minutes|hours|days|weeks)$/.test(typeof unit === "string" ? unit : "")
    ? "at_most"
    : "at_least";
}

// A figure without a target has no place in version 1.
function downEdits(at: string, kpi: JsonObject): readonly YamlEdit[] {
  if (kpi["target"] === null) return [{ op: "remove", pointer: at }];
  return ["direction", "inputs"].filter((name) => Object.hasOwn(kpi, name)).map((name) => ({ op: "remove", pointer: `${at}/${name}` }));
}
