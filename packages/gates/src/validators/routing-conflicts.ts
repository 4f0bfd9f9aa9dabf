import { makeFinding } from "../internal/make-finding.ts";
import { sortedUnique } from "../internal/text-order.ts";
import { verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/** `routing_conflicts`: documents were routed, and none is claimed by several routes (GAT-02). */
export const routingConflicts: Validator = {
  type: "routing_conflicts",
  options: [],
  needs: () => ["routing"],
  evaluate: (_config, evidence) => {
    const { routed = 0, conflicts = [] } = evidence.parts.routing?.value ?? {};
    if (!(routed > 0)) return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot judge routing: no document was routed")]);
    return verdictOf(
      conflicts.map(({ path, routes }) =>
        makeFinding("GATES_ROUTING_CONFLICT", `"${path}" is claimed by several routes: ${sortedUnique(routes).join(", ")}`, { path }),
      ),
    );
  },
};
