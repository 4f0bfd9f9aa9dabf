import { makeFinding } from "../internal/make-finding.ts";
import { numberOption } from "../internal/options.ts";
import { sortedUnique } from "../internal/text-order.ts";
import { misconfigured, optionOf, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/**
 * `resource_validator {capacity_model?, max_load?}`: nobody was given more than `max_load` (100) percent of their points, and everybody
 * who was given work is in the model (GAT-11). With `capacity_model`, the model must be that one.
 */
export const resourceValidator: Validator = {
  type: "resource_validator",
  options: ["capacity_model", "max_load"],
  needs: () => ["capacity"],
  evaluate: (config, evidence) => {
    const wanted = optionOf(config, { name: "capacity_model", fallback: null });
    const maxLoad = numberOption(config, { name: "max_load", fallback: 100 });
    if (maxLoad === null) return misconfigured(config, "max_load must be a number from 0");
    const { model = "", available = [], assigned = [], path = null } = evidence.parts.capacity?.value ?? {};
    if (wanted !== null && wanted !== model)
      return misconfigured(config, `the capacity model must be ${JSON.stringify(wanted)}, and is "${model}"`);
    if (available.length === 0)
      return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot judge resources: nobody is in the model", { path })]);
    if (![...available, ...assigned].every(({ points }) => Number.isFinite(points) && points >= 0))
      return misconfigured(config, "points must be numbers from 0");
    const sum = (entries: readonly { readonly owner: string; readonly points: number }[], owner: string) =>
      entries.filter((entry) => entry.owner === owner).reduce((total, { points }) => total + points, 0);
    return verdictOf(
      sortedUnique(assigned.map(({ owner }) => owner)).flatMap((owner) => {
        const tasks = sortedUnique(assigned.filter((entry) => entry.owner === owner).map(({ task }) => task)).join(", ");
        if (!available.some((entry) => entry.owner === owner))
          return [makeFinding("GATES_RESOURCE_OVERLOADED", `"${owner}" was given ${tasks}, and is not in the model`, { path })];
        const [load, limit] = [sum(assigned, owner), (sum(available, owner) * maxLoad) / 100];
        // Sums of fractions differ in their last digits: 0.1 and 0.2 fill 0.3.
        if (load <= limit + 1e-9 * Math.max(1, limit)) return [];
        return [makeFinding("GATES_RESOURCE_OVERLOADED", `"${owner}" was given ${load} points (${tasks}): at most ${limit} fit`, { path })];
      }),
    );
  },
};
