import type { Finding } from "@gov/schema";
import type { Candidate } from "../candidate.ts";
import { compareCodeUnits } from "./text-order.ts";

/** Names files of one id that have the same content twice, or different contents under one version (B-15). */
export function contentFindings(candidates: readonly Candidate[]): readonly Finding[] {
  const duplicates = groupPaths(candidates, ({ digest }) => digest).map((group): Finding => {
    const [path, ...others] = group.map((candidate) => candidate.path) as [string, ...string[]];
    return {
      code: "HYDRATION_DUPLICATE_CONTENT",
      severity: "warning",
      message: `"${path}" has the same id and content as ${quoted(others)}: keep one`,
      path,
      line: null,
      column: null,
    };
  });
  const versioned = candidates.filter(({ version }) => version !== null);
  const conflicts = groupPaths(versioned, ({ version }) => version as string)
    .filter((group) => new Set(group.map(({ digest }) => digest)).size > 1)
    .map((group): Finding => {
      const [path, ...others] = group.map((candidate) => candidate.path) as [string, ...string[]];
      const [{ id, version }] = group as [Candidate];
      return {
        code: "HYDRATION_CONTENT_CONFLICT",
        severity: "warning",
        message: `"${path}" is version "${version}" of "${id}" with other content than ${quoted(others)}: give each content its own version`,
        path,
        line: null,
        column: null,
      };
    });
  return [...conflicts, ...duplicates];
}

function groupPaths(candidates: readonly Candidate[], keyOf: (candidate: Candidate) => string): readonly (readonly Candidate[])[] {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const key = keyOf(candidate);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [candidate]);
    else group.push(candidate);
  }
  return [...groups]
    .filter(([, group]) => group.length > 1)
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .map(([, group]) => group.sort((a, b) => compareCodeUnits(a.path, b.path) || compareCodeUnits(a.digest, b.digest)));
}

function quoted(paths: readonly string[]): string {
  return paths.map((path) => `"${path}"`).join(", ");
}
