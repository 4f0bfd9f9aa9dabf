import type { Finding } from "@gov/schema";
import type { CheckEvidence } from "../delivery-evidence.ts";
import { isPassing } from "../gate-outcome.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { textsOption } from "../internal/options.ts";
import { misconfigured, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/** `build_report {require?}`: every step of the build passed, and those that `require` names were among them. */
export const buildReport: Validator = checksValidator("build_report", "build");

/** `release_readiness {require?}`: every check before a release passed, and those that `require` names were among them (GAT-18). */
export const releaseReadiness: Validator = checksValidator("release_readiness", "releaseChecks");

function checksValidator(type: string, part: "build" | "releaseChecks"): Validator {
  return {
    type,
    options: ["require"],
    needs: () => [part],
    evaluate: (config, evidence) => {
      const require = textsOption(config, { name: "require", fallback: [] });
      if (require === null) return misconfigured(config, "require must be a list of names");
      const checks = evidence.parts[part]?.value ?? [];
      if (checks.length === 0) return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", `Cannot judge ${type}: no check was run`)]);
      const missing = require.filter((name) => !checks.some((check) => check.name === name));
      return verdictOf([
        ...checks.flatMap(checkFindings),
        ...missing.map((name) => makeFinding("GATES_CHECK_FAILED", `Check "${name}" was not run`)),
      ]);
    },
  };
}

function checkFindings({ name, outcome, path }: CheckEvidence): readonly Finding[] {
  return isPassing(outcome) ? [] : [makeFinding("GATES_CHECK_FAILED", `Check "${name}" is ${outcome}`, { path })];
}
