import type { Finding } from "@gov/schema";
import { foldPath } from "../internal/fold-path.ts";
import { compareCodeUnits } from "../internal/text-order.ts";
import type { RouteTable } from "./compile-routes.ts";
import { routeArtifact, type RouteResult } from "./route-artifact.ts";
import type { RouteSubject } from "./route-subject.ts";

/** Artifacts that would stand at one path, or at paths that are one file where case or Unicode form does not count. */
export interface PathCollision extends Finding {
  readonly code: "HYDRATION_PATH_COLLISION";
  /** The spellings of the path, by code unit. */
  readonly paths: readonly string[];
  /** Ids of the artifacts, by code unit. */
  readonly artifacts: readonly string[];
  /** Two of the artifacts: route both and see. */
  readonly witness: readonly [RouteSubject, RouteSubject];
}

/** Where many artifacts belong, and which of them would meet. */
export interface RouteReport {
  /** One result per subject, in the order of the subjects. */
  readonly results: readonly RouteResult[];
  /** By path, by code unit. */
  readonly collisions: readonly PathCollision[];
  /** The findings of the results, in their order, then the collisions. */
  readonly findings: readonly Finding[];
}

/**
 * Routes many artifacts and refuses what no single one shows: two of different ids at one path, or at two spellings of one path
 * (RTE-02). Files that share an id and a path are candidates of one artifact; selecting among them is not routing's business.
 */
export function routeAll(table: RouteTable, subjects: readonly RouteSubject[]): RouteReport {
  const results = subjects.map((subject) => routeArtifact(table, subject));
  const collisions = findCollisions(table, { subjects, results });
  return { results, collisions, findings: [...results.flatMap(({ findings }) => findings), ...collisions] };
}

interface Place {
  readonly path: string;
  readonly subject: RouteSubject;
}

function findCollisions(
  table: RouteTable,
  { subjects, results }: { readonly subjects: readonly RouteSubject[]; readonly results: readonly RouteResult[] },
): readonly PathCollision[] {
  const groups = new Map<string, Place[]>();
  for (const [index, { path }] of results.entries()) {
    if (path === null) continue;
    const place: Place = { path, subject: subjects[index] as RouteSubject };
    const folded = foldPath(path);
    const group = groups.get(folded);
    if (group === undefined) groups.set(folded, [place]);
    else group.push(place);
  }
  return [...groups.values()]
    .flatMap((group) => collisionOf(table, group) ?? [])
    .sort((a, b) => compareCodeUnits(a.path ?? "", b.path ?? ""));
}

function collisionOf(table: RouteTable, group: readonly Place[]): PathCollision | null {
  if (group.length === 1) return null;
  const sorted = [...group].sort((a, b) => compareCodeUnits(a.path, b.path) || compareCodeUnits(a.subject.id, b.subject.id));
  const [first] = sorted as [Place];
  const second = sorted.find(({ path, subject }) => path !== first.path || subject.id !== first.subject.id);
  if (second === undefined) return null;
  const paths = [...new Set(sorted.map(({ path }) => path))];
  const artifacts = [...new Set(sorted.map(({ subject }) => subject.id))].sort(compareCodeUnits);
  const where = paths.length === 1 ? `at "${first.path}"` : `at ${quoted(paths)}, one file where case or Unicode form does not count`;
  return {
    code: "HYDRATION_PATH_COLLISION",
    severity: "error",
    message: `${artifacts.length === 1 ? "Artifact" : "Artifacts"} ${quoted(artifacts)} would meet ${where}`,
    path: first.path,
    line: null,
    column: null,
    hint: `Put {id} into the path of the route${table.path === null ? "" : ` in "${table.path}"`}, or override all but one`,
    paths,
    artifacts,
    witness: [first.subject, second.subject],
  };
}

function quoted(texts: readonly string[]): string {
  return texts.map((text) => `"${text}"`).join(" and ");
}
