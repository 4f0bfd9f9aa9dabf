import type { Candidate } from "@gov/hydration";
import type { HydrationSpec } from "@gov/schema";

interface Verdict {
  readonly outcome: string;
  readonly winner: string | null;
  readonly rule: string | null;
}

const points = (text: string) => Array.from(text, (character) => character.codePointAt(0) as number);
const pool: Record<string, (candidate: Candidate) => boolean> = {
  approved: ({ status }) => status === "approved",
  latest_non_draft: ({ status }) => status !== null && status !== "draft",
};

/** A second implementation, written from the requirement alone: filter by rule, then by one tie-breaker after the other. */
export function oracle(candidates: readonly Candidate[], spec: HydrationSpec): Verdict {
  const [only] = candidates;
  if (only === undefined) return { outcome: "none", winner: null, rule: null };
  if (candidates.length === 1 && spec.precedence.includes("solo")) return { outcome: "selected", winner: only.path, rule: "solo" };
  for (const rule of spec.precedence) {
    let left = candidates.filter(pool[rule] ?? (() => false));
    if (left.length === 0) continue;
    for (const breaker of [...spec.tie_breakers, "path"]) left = best(left, { breaker, spec });
    return { outcome: "selected", winner: left[0]?.path ?? null, rule };
  }
  return { outcome: "unresolved", winner: null, rule: null };
}

function best(candidates: readonly Candidate[], options: { readonly breaker: string; readonly spec: HydrationSpec }): Candidate[] {
  if (options.breaker === "commit_time") {
    const time = (item: Candidate) => item.commitTime ?? (options.spec.uncommitted === "newest" ? Infinity : -Infinity);
    const newest = Math.max(...candidates.map(time));
    return candidates.filter((item) => time(item) === newest);
  }
  const name = (item: Candidate) => points(options.breaker === "path" ? item.path : (item.path.split("/").at(-1) as string));
  const least = candidates.map(name).reduce((a, b) => (isBefore(b, a) ? b : a));
  return candidates.filter((item) => name(item).join() === least.join());
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((point, index) => point !== b[index]);
  if (at === -1) return a.length < b.length;
  return at >= b.length ? false : (a[at] as number) < (b[at] as number);
}

/** The paths of the candidates in their order: those a rule admits by rule, each rule's best first, then the others, best first. */
export function rankedPaths(candidates: readonly Candidate[], spec: HydrationSpec): readonly string[] {
  const ranked: string[] = [];
  let left = [...candidates];
  while (left.length > 0) {
    const admitted = spec.precedence.map((rule) => left.filter(pool[rule] ?? (() => false))).find((some) => some.length > 0) ?? left;
    let first = admitted;
    for (const breaker of [...spec.tie_breakers, "path"]) first = best(first, { breaker, spec });
    ranked.push((first[0] as Candidate).path);
    left = left.filter((item) => item !== first[0]);
  }
  return ranked;
}
