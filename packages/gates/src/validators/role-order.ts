import { makeFinding } from "../internal/make-finding.ts";
import { textsOption } from "../internal/options.ts";
import { misconfigured, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/** The order in which roles take their turn (RTE-07). */
export const defaultRoleOrder: readonly string[] = ["planning", "codegen", "qa", "mlops"];

/** Why a role may not begin yet: the roles before it that are not done; null when it may. An unknown role never may. */
export function roleOrderProblem(
  role: string,
  options: { readonly done: readonly string[]; readonly order?: readonly string[] | undefined },
): string | null {
  const { done, order = defaultRoleOrder } = options;
  const position = order.indexOf(role);
  if (position < 0) return `Role "${role}" is unknown: expected one of ${order.join(", ")}`;
  const missing = order.slice(0, position).filter((before) => !done.includes(before));
  return missing.length === 0
    ? null
    : `Role "${role}" comes after ${missing.join(", ")}, which ${missing.length === 1 ? "is" : "are"} not done`;
}

/** `role_order {order?}`: the role that is about to begin comes after all that stand before it (RTE-07). */
export const roleOrder: Validator = {
  type: "role_order",
  options: ["order"],
  needs: () => ["roles"],
  evaluate: (config, evidence) => {
    const order = textsOption(config, { name: "order", fallback: defaultRoleOrder });
    if (order === null || new Set(order).size !== order.length) return misconfigured(config, "order must be a list of different names");
    const { next = "", done = [] } = evidence.parts.roles?.value ?? {};
    const problem = roleOrderProblem(next, { done, order });
    return verdictOf(problem === null ? [] : [makeFinding("GATES_ROLE_ORDER", problem)]);
  },
};
