import type { Finding, HydrationSpec, RoutingSpec } from "@gov/schema";
import type { Candidate } from "../candidate.ts";
import { compileRoutes, type CompileRoutesOptions } from "../routing/compile-routes.ts";
import { routeAll } from "../routing/route-all.ts";
import type { RouteSubject } from "../routing/route-subject.ts";
import { selectAll, type Selection } from "../select-artifact.ts";

/** A file as hydration sees it: what selection and routing look at. */
export type HydrationInput = Candidate & Pick<RouteSubject, "kind" | "tags" | "parameters">;

/** The rules that hydration runs on, under one version. */
export interface RuleVersion {
  /** Version of the rule documents, for the reader and the log. */
  readonly version: string;
  /** Version of the schemas that documents were valid against under these rules. */
  readonly schemaVersion: string;
  readonly routing: RoutingSpec;
  readonly hydration: HydrationSpec;
}

/** Where one artifact would stand. */
export interface Placement {
  /** Id of the artifact. */
  readonly artifact: string;
  /** Path of the selected file. */
  readonly from: string;
  /** Null when nothing routes it. */
  readonly to: string | null;
  readonly rule: string | null;
}

/** What hydration would do, having done nothing. */
export interface HydrationDryRun {
  /** True when no finding is an error. */
  readonly ok: boolean;
  /** What was selected per id, with its trace, by id. */
  readonly selections: readonly Selection[];
  /** Every selected artifact, by id. */
  readonly placements: readonly Placement[];
  /** Ids that no candidate wins, by id. */
  readonly unresolved: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * Runs all of hydration without writing (HYD-04): selects per id, routes the winners, and looks for artifacts that would meet. Rules
 * that cannot be compiled place nothing and are reported whole.
 *
 * @throws what {@link selectAll} throws.
 */
export function dryRunHydration(
  inputs: readonly HydrationInput[],
  rules: Pick<RuleVersion, "routing" | "hydration">,
  options: CompileRoutesOptions = {},
): HydrationDryRun {
  const selections = [...selectAll(inputs, rules.hydration).values()];
  const winners = selections.flatMap(({ winner }) => (winner === null ? [] : [winner as HydrationInput]));
  const unresolved = selections.flatMap(({ id, winner }) => (id !== null && winner === null ? [id] : []));
  const selecting = selections.flatMap(({ findings }) => findings);
  const compiled = compileRoutes(rules.routing, options);
  if (!compiled.ok) return reportOf({ selections, placements: [], unresolved, findings: [...selecting, ...compiled.findings] });
  const { results, findings } = routeAll(compiled.value, winners);
  const placements = winners.map(({ id, path }, index): Placement => {
    const result = results[index];
    return { artifact: id, from: path, to: result?.path ?? null, rule: result?.rule ?? null };
  });
  return reportOf({ selections, placements, unresolved, findings: [...selecting, ...findings] });
}

function reportOf(report: Omit<HydrationDryRun, "ok">): HydrationDryRun {
  return { ok: !report.findings.some(({ severity }) => severity === "error"), ...report };
}
