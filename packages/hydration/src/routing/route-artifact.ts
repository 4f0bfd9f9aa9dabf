import type { Finding } from "@gov/schema";
import { matchingRoutes } from "../internal/matching-routes.ts";
import { overrideRule } from "../internal/override-rule.ts";
import { positionOfOverride, positionOfRoute } from "../internal/rule-position.ts";
import { parameterValue } from "../internal/parameter-value.ts";
import type { CompiledRoute, RouteTable } from "./compile-routes.ts";
import { fillPattern } from "./path-pattern.ts";
import type { RouteSubject } from "./route-subject.ts";

/** What became of one route, or of the override, that matched. */
export interface RouteTrace {
  /** Id of the route, or `override`. */
  readonly route: string;
  readonly verdict: "won" | "lost" | "conflict" | "unfilled";
  /** Where it leads; null when a parameter could not be filled or was not asked for. */
  readonly path: string | null;
  readonly reason: string;
}

/** Where an artifact belongs, and why. */
export interface RouteResult {
  /** `conflict`: routes of equal precedence lead elsewhere; `unrouted`: nothing matches, or what matches cannot be filled. */
  readonly outcome: "routed" | "conflict" | "unrouted";
  readonly path: string | null;
  /** Id of the route that decided, or `override`; null without a path. */
  readonly rule: string | null;
  /** Every match, highest precedence first. */
  readonly trace: readonly RouteTrace[];
  readonly findings: readonly Finding[];
}

/**
 * Routes an artifact to its place: an override beats every route, then the highest precedence wins, and two different places at
 * equal precedence are a conflict, never a silent pick (RTE-01, RTE-02). A route of that precedence which cannot be filled leaves
 * the artifact unrouted; a lower one does not step in for it.
 *
 * @example Route a backlog, and refuse to guess
 * ```ts
 * import assert from "node:assert/strict";
 * import { compileRoutes, routeArtifact } from "@gov/hydration/routing";
 *
 * const table = compileRoutes({
 *   routes: [{ id: "backlog", match: { kind: "be_backlog" }, to: "frameworks/planning-be/{cycle_id}/be_backlog.yaml", precedence: 10 }],
 *   overrides: [],
 * });
 * assert(table.ok);
 * const subject = { id: "PLN-BE", kind: "be_backlog", status: "draft", tags: [], parameters: { cycle_id: "2024-01" } };
 * assert.equal(routeArtifact(table.value, subject).path, "frameworks/planning-be/2024-01/be_backlog.yaml");
 * assert.equal(routeArtifact(table.value, { ...subject, parameters: { cycle_id: "../.." } }).outcome, "unrouted");
 * ```
 */
export function routeArtifact(table: RouteTable, subject: RouteSubject): RouteResult {
  const override = table.overrides.get(subject.id);
  const matching = matchingRoutes(table, subject);
  const first = matching[0];
  if (override === undefined && first === undefined) return unrouted;
  const top = override === undefined ? matching.filter((route) => route.precedence === first?.precedence) : [];
  const candidates = override === undefined ? top : [{ id: overrideRule, pattern: override }];
  const filled = candidates.map(({ id, pattern }) => ({ id, ...fillPattern(pattern, (name) => parameterValue(subject, name)) }));
  const lost = matching.slice(top.length).map((route) => lossOf(route, override === undefined));
  const reason =
    override === undefined ? `highest matching precedence, ${String(first?.precedence)}` : "an explicit decision for this artifact";
  const winner = agreedPath(filled);
  if (winner !== null) {
    const trace = filled.map(({ id, path }): RouteTrace => ({ route: id, verdict: "won", path, reason }));
    return { outcome: "routed", path: winner.path, rule: winner.id, trace: [...trace, ...lost], findings: [] };
  }

  if (filled.some(({ path }) => path === null)) {
    const trace = filled.map(({ id, path, reason }): RouteTrace => ({
      route: id,
      verdict: "unfilled",
      path,
      reason: reason ?? "stands beside a route that cannot be filled",
    }));
    const findings = filled.flatMap(({ id, reason }) =>
      reason === null
        ? []
        : [
            {
              ...(id === overrideRule ? positionOfOverride(table, subject.id) : positionOfRoute(table, id)),
              code: "HYDRATION_ROUTE_UNFILLED",
              severity: "error" as const,
              message: `Cannot route "${subject.id}" by "${id}": ${reason}`,
              hint: "Give the artifact a usable value, or change the path of the route",
            },
          ],
    );
    return { outcome: "unrouted", path: null, rule: null, trace: [...trace, ...lost], findings };
  }
  const trace = filled.map(({ id, path }): RouteTrace => ({
    route: id,
    verdict: "conflict",
    path,
    reason: "a route of the same precedence leads elsewhere",
  }));
  const places = filled.map(({ id, path }) => `"${id}" to "${String(path)}"`).join(" and ");
  const finding: Finding = {
    ...positionOfRoute(table, filled[0]?.id ?? ""),
    code: "HYDRATION_ROUTE_CONFLICT",
    severity: "error",
    message: `Cannot route "${subject.id}": ${places} at precedence ${String(first?.precedence)}`,
    hint: "Give one a higher precedence, or conditions that exclude the other",
  };
  return { outcome: "conflict", path: null, rule: null, trace: [...trace, ...lost], findings: [finding] };
}

const unrouted: RouteResult = Object.freeze({ outcome: "unrouted", path: null, rule: null, trace: [], findings: [] });

/** The first of the rules when all lead to one path; null when one cannot be filled, or two disagree. */
function agreedPath(
  filled: readonly { readonly id: string; readonly path: string | null }[],
): { readonly id: string; readonly path: string } | null {
  const [winner] = filled;
  if (winner === undefined || winner.path === null) return null;
  return filled.every(({ path }) => path === winner.path) ? { id: winner.id, path: winner.path } : null;
}

function lossOf({ id, precedence }: CompiledRoute, byPrecedence: boolean): RouteTrace {
  return { route: id, verdict: "lost", path: null, reason: byPrecedence ? `lower precedence, ${precedence}` : "an override decides" };
}
