import type { Finding } from "@gov/schema";
import type { HydrationEvent } from "../hydration-event.ts";
import type { RouteTable } from "./compile-routes.ts";
import { findRouteConflicts, type RouteDefect } from "./find-route-conflicts.ts";
import { findRouteRisks, type RouteRisk } from "./find-route-risks.ts";
import { routeAll, type RouteReport } from "./route-all.ts";
import type { RouteSubject } from "./route-subject.ts";

/** What is wrong with a routing rule, by itself and for the artifacts there are. */
export interface RoutingCheck {
  /** True without an error: no artifact is misrouted, and none of those that may come can be. */
  readonly ok: boolean;
  /** Conflicts and routes that never win, of the rule by itself. */
  readonly defects: readonly RouteDefect[];
  /** Routes that lead nowhere, ambiguous patterns and shared places, of the rule by itself. */
  readonly risks: readonly RouteRisk[];
  /** Where the given artifacts are sent, and which of them would meet. */
  readonly routed: RouteReport;
  /** All of it, in that order; the same remark once. */
  readonly findings: readonly Finding[];
  /** `routing.conflict` with the first routes and artifacts concerned, or `routing.resolved`; about the rule document (ALR-02). */
  readonly event: HydrationEvent;
}

// An alert tells examples; the check has all of it.
const listed = 20;

/**
 * Analyses a routing rule when it is loaded, before it misroutes anything, and tries it on the artifacts there are (RTE-02). The
 * analysis needs no artifacts: each of its findings shows one that would be misrouted.
 *
 * @example Two routes claim the plans
 * ```ts
 * import assert from "node:assert/strict";
 * import { checkRouting, compileRoutes } from "@gov/hydration/routing";
 *
 * const route = (id, to) => ({ id, match: { kind: "plan" }, to, precedence: 0 });
 * const table = compileRoutes({ routes: [route("a", "a/{id}.md"), route("b", "b/{id}.md")], overrides: [] }, { path: "rules/artifact_routing.mdc" });
 * assert(table.ok);
 * const check = checkRouting(table.value);
 * assert.equal(check.ok, false);
 * assert.equal(check.event.name, "routing.conflict");
 * assert.deepEqual(check.defects[0].routes, ["a", "b"]);
 * ```
 */
export function checkRouting(table: RouteTable, subjects: readonly RouteSubject[] = []): RoutingCheck {
  const defects = findRouteConflicts(table);
  const risks = findRouteRisks(table);
  const routed = routeAll(table, subjects);
  const findings = [...defects, ...risks, ...routed.findings];
  return {
    ok: !findings.some(({ severity }) => severity === "error"),
    defects,
    risks,
    routed,
    findings,
    event: eventOf(table, { defects, routed, subjects }),
  };
}

function eventOf(
  table: RouteTable,
  {
    defects,
    routed,
    subjects,
  }: { readonly defects: readonly RouteDefect[]; readonly routed: RouteReport; readonly subjects: readonly RouteSubject[] },
): HydrationEvent {
  const subject = table.path ?? "artifact_routing";
  const pairs = defects
    .filter(({ code }) => code === "HYDRATION_ROUTE_CONFLICT")
    .map(({ routes, witness }) => ({ routes, artifact: witness.id }));
  const claimed = routed.results.flatMap(({ outcome, trace }, index) =>
    outcome === "conflict"
      ? [{ routes: trace.filter(({ verdict }) => verdict === "conflict").map(({ route }) => route), artifact: subjects[index]?.id ?? "" }]
      : [],
  );
  const shared = routed.collisions.map(({ paths, artifacts }) => ({ paths, artifacts }));
  const conflicts = pairs.length + claimed.length + shared.length;
  if (conflicts === 0) return { name: "routing.resolved", fields: { subject } };
  const examples = [...pairs, ...claimed].slice(0, listed).map(({ routes, artifact }) => ({ routes: [...routes], artifact }));
  const meetings = shared.slice(0, listed).map(({ paths, artifacts }) => ({ paths: [...paths], artifacts: [...artifacts] }));
  return { name: "routing.conflict", fields: { subject, conflicts, examples, meetings } };
}
