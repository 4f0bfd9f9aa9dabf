import { makeFinding } from "../internal/make-finding.ts";
import { verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/** `health_check`: every service that was asked answered on `/health` with a status of 200 to 299, and says it is healthy (GAT-29). */
export const healthCheck: Validator = {
  type: "health_check",
  options: [],
  needs: () => ["health"],
  evaluate: (_config, evidence) => {
    const answers = evidence.parts.health?.value ?? [];
    if (answers.length === 0) return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot judge health: no service was asked")]);
    return verdictOf(
      answers.flatMap(({ target, status, isHealthy }) => {
        if (status === null) return [makeFinding("GATES_HEALTH_FAILED", `"${target}" does not answer`)];
        if (status < 200 || status > 299) return [makeFinding("GATES_HEALTH_FAILED", `"${target}" answers with status ${status}`)];
        return isHealthy ? [] : [makeFinding("GATES_HEALTH_FAILED", `"${target}" says it is not healthy`)];
      }),
    );
  },
};
