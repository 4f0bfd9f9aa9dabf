import { type ArtifactStatus, artifactStatuses, type Tag } from "@gov/schema";
import type { CompiledRoute, IdCondition, RouteTable, TagCondition } from "../routing/compile-routes.ts";
import type { RouteSubject } from "../routing/route-subject.ts";
import { freshText, leastParameters } from "./fresh-text.ts";

/** What a subject may be to match some routes: each alternative of each condition, and nothing that further routes could match. */
interface Requirements {
  readonly kinds: readonly string[];
  readonly statuses: readonly (ArtifactStatus | null)[];
  readonly ids: readonly string[];
  readonly tags: readonly (readonly Tag[])[];
}

/**
 * The least subjects that match one route, or two at once. Whatever a condition leaves open gets a value the table never mentions:
 * such a subject matches no route that it need not match, so a conflict or a win that any subject could show, one of these shows.
 */
export function witnessSubjects(
  table: RouteTable,
  routes: readonly [CompiledRoute] | readonly [CompiledRoute, CompiledRoute],
): readonly RouteSubject[] {
  const fresh = freshText(table);
  const [first, second = first] = routes;
  const parameters = leastParameters(table);
  const required: Requirements = {
    kinds: common(first.kinds, second.kinds) ?? [`${fresh}k${fresh}`],
    statuses: commonStatuses(first.statuses, second.statuses),
    ids: commonIds(first.ids, second.ids, `${fresh}i${fresh}`),
    tags: commonTags(first.tags, second.tags),
  };
  return required.kinds.flatMap((kind) =>
    required.statuses.flatMap((status) =>
      required.ids.flatMap((id) => required.tags.map((tags) => ({ id, kind, status, tags, parameters }))),
    ),
  );
}

function common<T>(a: ReadonlySet<T> | null, b: ReadonlySet<T> | null): readonly T[] | null {
  if (a === null || b === null) return a === null ? b && [...b] : [...a];
  return [...a].filter((value) => b.has(value));
}

function commonStatuses(a: ReadonlySet<string> | null, b: ReadonlySet<string> | null): readonly (ArtifactStatus | null)[] {
  const both = common(a, b);
  return both === null ? [...artifactStatuses, null] : artifactStatuses.filter((status) => both.includes(status));
}

function commonIds(a: readonly IdCondition[] | null, b: readonly IdCondition[] | null, fresh: string): readonly string[] {
  const anything: readonly IdCondition[] = [{ text: "", prefix: true }];
  const ids = (a ?? anything).flatMap((left) => (b ?? anything).flatMap((right) => commonId(left, right, fresh)));
  return [...new Set(ids)];
}

function commonId(a: IdCondition, b: IdCondition, fresh: string): readonly string[] {
  if (!a.prefix) return (b.prefix ? a.text.startsWith(b.text) : a.text === b.text) ? [a.text] : [];
  if (!b.prefix) return b.text.startsWith(a.text) ? [b.text] : [];
  const [longer, shorter] = a.text.length >= b.text.length ? [a.text, b.text] : [b.text, a.text];
  return longer.startsWith(shorter) ? [longer + fresh] : [];
}

function commonTags(a: readonly TagCondition[] | null, b: readonly TagCondition[] | null): readonly (readonly Tag[])[] {
  return (a ?? [null]).flatMap((left) => (b ?? [null]).map((right) => leastTags(left, right)));
}

function leastTags(a: TagCondition | null, b: TagCondition | null): readonly Tag[] {
  if (a === null || b === null) return [a ?? b].filter((tag) => tag !== null);
  if (a.key !== b.key || (a.value !== null && b.value !== null && a.value !== b.value)) return [a, b];
  return [a.value === null ? b : a];
}
