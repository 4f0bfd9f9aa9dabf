import type { Finding } from "@gov/schema";
import { compileRoutes } from "../routing/compile-routes.ts";
import { findRouteConflicts } from "../routing/find-route-conflicts.ts";
import type { RuleVersion } from "./dry-run.ts";

/** The errors that make rules unusable before any document is routed: they cannot be compiled, or two routes conflict (RTE-02). */
export function diagnoseRules({ routing }: Pick<RuleVersion, "routing">): readonly Finding[] {
  const compiled = compileRoutes(routing);
  if (!compiled.ok) return compiled.findings;
  return findRouteConflicts(compiled.value).filter(({ severity }) => severity === "error");
}
