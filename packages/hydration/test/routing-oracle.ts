import type { RouteSubject } from "@gov/hydration/routing";
import type { RoutingSpec } from "@gov/schema";

const list = (value: string | readonly string[] | undefined): readonly string[] | null => (value === undefined ? null : [value].flat());

/** Which routes match a subject, highest precedence first, and whether each loses: the requirement read once more, rule by rule. */
export function routesByHand(spec: RoutingSpec, { id, kind, status, tags }: RouteSubject): readonly (readonly [string, boolean])[] {
  const labels = tags.flatMap(({ key, value }) => (value === null ? [key] : [key, `${key}:${value}`]));
  const matching = spec.routes.filter(({ match }) => {
    const ids = list(match.id);
    if (list(match.kind)?.includes(kind) === false) return false;
    if (list(match.status)?.includes(status ?? "none") === false) return false;
    if (list(match.tag)?.some((label) => labels.includes(label)) === false) return false;
    return ids === null || ids.some((text) => (text.endsWith("*") ? id.indexOf(text.slice(0, -1)) === 0 : id === text));
  });
  const best = Math.max(...matching.map(({ precedence }) => precedence));
  return matching
    .sort((a, b) => b.precedence - a.precedence || (a.id < b.id ? -1 : 1))
    .map((route) => [route.id, route.precedence < best] as const);
}

/** Reads the parameters of a pattern off a path by a regular expression, earlier ones shortest; null when it does not match. */
export function readByExpression(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const seen = new Set<string>();
  const expression = pattern.replaceAll(/\{(\w+)\}|[.*+?^${}()|[\]\\-]/g, (found, name: string | undefined) => {
    if (name === undefined) return `\\x${found.charCodeAt(0).toString(16)}`;
    if (seen.has(name)) return `\\k<${name}>`;
    seen.add(name);
    return `(?<${name}>[^/]+?)`;
  });
  const match = new RegExp(`^${expression}$`).exec(path);
  return match === null ? null : { ...match.groups };
}
