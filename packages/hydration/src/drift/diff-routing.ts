import type { EffectiveRoute, EffectiveRouting } from "./effective-routing.ts";

/** One artifact that is routed otherwise than before. */
export interface RoutingChange {
  readonly artifact: string;
  readonly before: EffectiveRoute;
  readonly after: EffectiveRoute;
  /** What differs, in the order of the format. */
  readonly members: readonly ("kind" | "outcome" | "to" | "rule")[];
}

/** How effective routing differs from a baseline. */
export interface RoutingDiff {
  /** Artifacts of both sides that are routed otherwise, by id. */
  readonly changed: readonly RoutingChange[];
  /** Artifacts the baseline does not know, by id. */
  readonly added: readonly EffectiveRoute[];
  /** Artifacts that only the baseline knows, by id. */
  readonly removed: readonly EffectiveRoute[];
  /** True when the rules themselves differ, whether or not an artifact is concerned. */
  readonly rulesChanged: boolean;
  /** How many artifacts both sides know. */
  readonly compared: number;
}

/** Compares two routings artifact by artifact; the order of their entries does not matter. */
export function diffRouting(options: { readonly baseline: EffectiveRouting; readonly current: EffectiveRouting }): RoutingDiff {
  const { baseline, current } = options;
  const before = new Map(baseline.routes.map((route) => [route.artifact, route]));
  const now = new Map(current.routes.map((route) => [route.artifact, route]));
  const kept = [...now.values()].filter(({ artifact }) => before.has(artifact));
  return {
    changed: byArtifact(kept.flatMap((after) => changeOf(before.get(after.artifact) as EffectiveRoute, after) ?? [])),
    added: byArtifact([...now.values()].filter(({ artifact }) => !before.has(artifact))),
    removed: byArtifact([...before.values()].filter(({ artifact }) => !now.has(artifact))),
    rulesChanged: baseline.rules !== current.rules,
    compared: kept.length,
  };
}

function changeOf(before: EffectiveRoute, after: EffectiveRoute): RoutingChange | null {
  const members = (["kind", "outcome", "to", "rule"] as const).filter((member) => before[member] !== after[member]);
  return members.length === 0 ? null : { artifact: after.artifact, before, after, members };
}

function byArtifact<T extends { readonly artifact: string }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => (a.artifact < b.artifact ? -1 : 1));
}
