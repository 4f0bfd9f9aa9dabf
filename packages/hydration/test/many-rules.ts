import type { RouteSubject } from "@gov/hydration/routing";
import { artifactStatuses, type RouteSpec, type RoutingSpec } from "@gov/schema";

/** A repeatable source of whole numbers below a limit (mulberry32). */
function seededInteger(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/**
 * Rules as a large organisation has them: per team some by kind, by kind and tag, by kind and status, by id prefix and by id, over
 * one rule for everything; what is narrower has the higher precedence.
 */
export function manyRules(count: number): RoutingSpec {
  const routes = Array.from({ length: count }, (_, index): RouteSpec => {
    const [team, form] = [Math.floor(index / 5), index % 5];
    const kind = `kind${team}`;
    const base = { id: `r${index}`, to: `teams/t${team}/f${form}/{id}.md` };
    if (index === 0) return { ...base, match: {}, precedence: 0 };
    if (form === 0) return { ...base, match: { kind }, precedence: 1 };
    if (form === 1) return { ...base, match: { kind, tag: [`Risk:${team % 7}`, "Critical"] }, precedence: 3 };
    if (form === 2) return { ...base, match: { kind: [kind, `${kind}-old`], status: "approved" }, precedence: 2 };
    if (form === 3) return { ...base, match: { id: `T${String(team).padStart(4, "0")}-*`, kind }, precedence: 4 };
    return { ...base, match: { id: [`PIN-${team}`, `PIN-${team}-b`] }, precedence: 5 };
  });
  return { routes, overrides: [] };
}

/** Documents of such an organisation, spread over its rules; the same for the same seed. */
export function manySubjects(count: number, options: { readonly rules: number; readonly seed: number }): readonly RouteSubject[] {
  const below = seededInteger(options.seed);
  const teams = Math.ceil(options.rules / 5);
  return Array.from({ length: count }, (_, index): RouteSubject => {
    const team = below(teams);
    const form = below(10);
    const id = form === 0 ? `T${String(team).padStart(4, "0")}-${index}` : form === 1 ? `PIN-${team}` : `DOC-${index}`;
    const tags = below(3) === 0 ? [{ key: "Risk", value: String(below(7)) }] : below(4) === 0 ? [{ key: "Critical", value: null }] : [];
    return { id, kind: `kind${team}${below(9) === 0 ? "-old" : ""}`, status: artifactStatuses[below(3)] ?? null, tags };
  });
}
