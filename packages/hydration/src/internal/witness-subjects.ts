import { type ArtifactStatus, artifactStatuses, type Tag } from "@gov/schema";
import type { CompiledRoute, IdCondition, RouteTable, TagCondition } from "../routing/compile-routes.ts";
import type { RouteSubject } from "../routing/route-subject.ts";
import { freshText, leastParameters } from "./fresh-text.ts";

/**
 * The least subjects that match one route, one after the other. Whatever a condition leaves open gets a value the table never mentions:
 * such a subject matches no route that it need not match, so a win that any subject could show, one of these shows.
 */
export function* witnessSubjects(table: RouteTable, route: CompiledRoute): Generator<RouteSubject> {
  for (const subject of leastSubjects(table, [route, route])) {
    for (const tag of route.tags ?? [null]) yield { ...subject, tags: leastTags([tag]) };
  }
}

/** The same for two routes at once, but for their tags, which decide on no path: a conflict that any subject could show, one of these does. */
export function* leastSubjects(table: RouteTable, [first, second]: readonly [CompiledRoute, CompiledRoute]): Generator<RouteSubject> {
  const fresh = freshText(table);
  const kinds = common(first.kinds, second.kinds) ?? [`${fresh}k${fresh}`];
  const statuses = commonStatuses(first.statuses, second.statuses);
  if (kinds.length === 0 || statuses.length === 0) return;
  const ids = first === second ? leastIds(first.ids, fresh) : commonIds(first.ids, second.ids, `${fresh}i${fresh}`);
  const parameters = leastParameters(table);
  for (const kind of kinds) for (const status of statuses) for (const id of ids) yield { id, kind, status, tags: [], parameters };
}

/** The fewest tags that hold for each of these conditions; null is none. */
export function leastTags(conditions: readonly (TagCondition | null)[]): readonly Tag[] {
  const [a = null, b = null] = conditions;
  if (a === null || b === null) return [a ?? b].filter((tag) => tag !== null);
  if (a.key !== b.key || (a.value !== null && b.value !== null && a.value !== b.value)) return [a, b];
  return [a.value === null ? b : a];
}

function common<T>(a: ReadonlySet<T> | null, b: ReadonlySet<T> | null): readonly T[] | null {
  if (a === null || b === null) return a === null ? b && [...b] : [...a];
  return [...a].filter((value) => b.has(value));
}

function commonStatuses(a: ReadonlySet<string> | null, b: ReadonlySet<string> | null): readonly (ArtifactStatus | null)[] {
  const both = common(a, b);
  return both === null ? [...artifactStatuses, null] : artifactStatuses.filter((status) => both.includes(status));
}

const anyId: readonly IdCondition[] = [{ text: "", prefix: true }];

function leastIds(ids: readonly IdCondition[] | null, fresh: string): readonly string[] {
  return [...new Set((ids ?? anyId).map(({ text, prefix }) => (prefix ? `${text}${fresh}i${fresh}` : text)))];
}

function commonIds(a: readonly IdCondition[] | null, b: readonly IdCondition[] | null, fresh: string): readonly string[] {
  const ids = (a ?? anyId).flatMap((left) => (b ?? anyId).flatMap((right) => commonId(left, right, fresh)));
  return [...new Set(ids)];
}

function commonId(a: IdCondition, b: IdCondition, fresh: string): readonly string[] {
  if (!a.prefix) return (b.prefix ? a.text.startsWith(b.text) : a.text === b.text) ? [a.text] : [];
  if (!b.prefix) return b.text.startsWith(a.text) ? [b.text] : [];
  const [longer, shorter] = a.text.length >= b.text.length ? [a.text, b.text] : [b.text, a.text];
  return longer.startsWith(shorter) ? [longer + fresh] : [];
}
