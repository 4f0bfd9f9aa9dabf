import { makeFinding } from "../internal/make-finding.ts";
import { textsOption } from "../internal/options.ts";
import { misconfigured, optionOf, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/**
 * `kpi_measurement {require?, enforce_targets?}`: every key figure has a finite value, and those that `require` names are among them
 * (GAT-18). A missed target fails only with `enforce_targets: true`: measuring is what this gate is about.
 */
export const kpiMeasurement: Validator = {
  type: "kpi_measurement",
  options: ["enforce_targets", "require"],
  needs: () => ["kpis"],
  evaluate: (config, evidence) => {
    const require = textsOption(config, { name: "require", fallback: [] });
    if (require === null) return misconfigured(config, "require must be a list of names");
    const enforceTargets = optionOf(config, { name: "enforce_targets", fallback: false });
    if (typeof enforceTargets !== "boolean") return misconfigured(config, "enforce_targets must be true or false");
    const kpis = evidence.parts.kpis?.value ?? [];
    if (kpis.length === 0) return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot judge KPIs: none is defined")]);
    const absent = require.filter((name) => !kpis.some((kpi) => kpi.name === name));
    return verdictOf([
      ...absent.map((name) => makeFinding("GATES_KPI_MISSING", `KPI "${name}" is not defined`)),
      ...kpis.flatMap(({ name, value, isTargetMet, path }) => {
        if (value === null || !Number.isFinite(value))
          return [makeFinding("GATES_KPI_MISSING", `KPI "${name}" was not measured`, { path })];
        return !enforceTargets || isTargetMet === true
          ? []
          : [makeFinding("GATES_KPI_MISSED", `KPI "${name}" is ${value} and misses its target`, { path })];
      }),
    ]);
  },
};
