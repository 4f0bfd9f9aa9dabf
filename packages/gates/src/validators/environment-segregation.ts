import { makeFinding } from "../internal/make-finding.ts";
import { textsOption } from "../internal/options.ts";
import { misconfigured, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/**
 * `environment_segregation {production?}`: a job outside production reaches nothing of production, and works in a namespace of its own
 * run, which no other job uses. `production` lists the environments that are production (`production`). No job at all fails.
 */
export const environmentSegregation: Validator = {
  type: "environment_segregation",
  options: ["production"],
  needs: () => ["environments"],
  evaluate: (config, evidence) => {
    const production = textsOption(config, { name: "production", fallback: ["production"] });
    if (production === null) return misconfigured(config, "production must be a list of names");
    const { runId = "", jobs = [], productionSelectors = [] } = evidence.parts.environments?.value ?? {};
    if (jobs.length === 0 || runId === "")
      return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot judge environments: there is no run, or no job in it")]);
    const reached = new Set(productionSelectors);
    const isOutside = (environment: string) => !production.includes(environment);
    return verdictOf(
      jobs
        .filter(({ environment }) => isOutside(environment))
        .flatMap((job, index, outside) => {
          const mixed = (message: string) => makeFinding("GATES_ENVIRONMENT_MIXED", `Job "${job.name}" of ${job.environment} ${message}`);
          const shared = outside.slice(0, index).find(({ namespace }) => namespace !== null && namespace === job.namespace);
          return [
            ...job.selectors
              .filter((selector) => reached.has(selector))
              .map((selector) => mixed(`selects "${selector}", which is production`)),
            ...(job.namespace !== null && wordsOf(job.namespace).includes(wordsOf(runId))
              ? []
              : [mixed(`has no namespace of run "${runId}"`)]),
            ...(shared === undefined ? [] : [mixed(`shares its namespace with job "${shared.name}"`)]),
          ];
        }),
    );
  },
};

/** A name as words between hyphens, so that run 4 is not found in the name of run 42. */
function wordsOf(name: string): string {
  return `-${name.split(/[^A-Za-z0-9_]/).join("-")}-`;
}
