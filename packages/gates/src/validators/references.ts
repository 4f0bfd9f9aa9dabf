import type { Artifact, Finding, Reference } from "@gov/schema";
import type { ArtifactEvidence, Evidence, TaskEvidence } from "../evidence.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

type Target = Pick<Artifact, "id" | "kind" | "path">;

/**
 * `references`: ids are unique and resolvable (GAT-14). Documents may refer by id to each other, to the catalog, to tasks and story
 * nodes, by path to any known document; tasks may depend on tasks and on contracts. A dangling reference is reported at its place.
 */
export const references: Validator = {
  type: "references",
  options: [],
  needs: () => ["artifacts"],
  evaluate: (_config, evidence) => {
    const artifacts = evidence.parts.artifacts?.value ?? [];
    const tasks = evidence.parts.backlog?.value ?? [];
    const targets: readonly Target[] = [...artifacts, ...(evidence.parts.catalog?.value ?? [])];
    return verdictOf([
      ...duplicateArtifacts(artifacts),
      ...duplicateTasks(tasks),
      ...danglingReferences(artifacts, { targets, evidence }),
      ...danglingDependencies(evidence),
    ]);
  },
};

/** Tasks that depend on what is neither a task nor a contract. */
export function danglingDependencies(evidence: Evidence): readonly Finding[] {
  const tasks = evidence.parts.backlog?.value ?? [];
  const known = new Set([...tasks.map(({ id }) => id), ...(evidence.parts.contracts?.value ?? []).map(({ id }) => id)]);
  return tasks.flatMap((task) =>
    task.dependencies
      .filter((target) => !known.has(target))
      .map((target) =>
        makeFinding("GATES_REFERENCE_DANGLING", `Task "${task.id}" depends on "${target}", which is no task and no contract`, task),
      ),
  );
}

// Several versions of one id are candidates of a selection; the same version twice is a duplicate.
function duplicateArtifacts(artifacts: readonly ArtifactEvidence[]): readonly Finding[] {
  const paths = groupBy(artifacts, ({ id, version, kind }) => JSON.stringify([id, version, kind]));
  return duplicates(
    paths,
    ({ id, version }) => `Id "${id}" of version ${version === null ? "none" : `"${version}"`} is used by several documents`,
  );
}

function duplicateTasks(tasks: readonly TaskEvidence[]): readonly Finding[] {
  return duplicates(
    groupBy(tasks, ({ id }) => id),
    ({ id }) => `Task id "${id}" is used more than once`,
  );
}

function duplicates<T extends { readonly path: string; readonly line?: number | null }>(
  groups: readonly (readonly T[])[],
  messageOf: (item: T) => string,
): readonly Finding[] {
  return groups
    .filter(({ length }) => length > 1)
    .flatMap((group) => group.map((item) => makeFinding("GATES_ID_DUPLICATE", messageOf(item), item)));
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function danglingReferences(
  artifacts: readonly ArtifactEvidence[],
  world: { readonly targets: readonly Target[]; readonly evidence: Evidence },
): readonly Finding[] {
  const kindsById = new Map<string, string[]>();
  const add = (id: string, kind: string) => kindsById.set(id, [...(kindsById.get(id) ?? []), kind]);
  for (const { id, kind } of world.targets) add(id, kind);
  for (const { id } of world.evidence.parts.backlog?.value ?? []) add(id, "task");
  for (const { id } of world.evidence.parts.storyMap?.value ?? []) add(id, "story");
  const paths = new Set(world.targets.flatMap(({ path }) => pathAndFolders(path)));
  return artifacts.flatMap((artifact) =>
    artifact.references
      .filter(
        (reference) =>
          !(reference.by === "id" ? resolvesById(reference, kindsById) : resolvesByPath(reference, { from: artifact.path, paths })),
      )
      .map((reference) => ({
        ...makeFinding("GATES_REFERENCE_DANGLING", `"${artifact.path}" refers to "${reference.target}", which leads nowhere`, {
          path: artifact.path,
          line: reference.line,
        }),
        column: reference.column,
      })),
  );
}

function resolvesById({ target, kinds }: Reference, kindsById: ReadonlyMap<string, readonly string[]>): boolean {
  const found = kindsById.get(target) ?? [];
  return kinds.length === 0 ? found.length > 0 : found.some((kind) => kinds.includes(kind));
}

/** A path is relative to the root or to the document's folder; an anchor and slashes at its ends do not count. */
function resolvesByPath({ target }: Reference, world: { readonly from: string; readonly paths: ReadonlySet<string> }): boolean {
  const path = (target.split("#")[0] as string).replace(/\/$/, "");
  if (path === "") return true;
  const folder = world.from.split("/").slice(0, -1);
  const places = path.startsWith("/") ? [resolvePath([], path.slice(1))] : [resolvePath([], path), resolvePath(folder, path)];
  return places.some((place) => place !== null && world.paths.has(place));
}

function resolvePath(folder: readonly string[], path: string): string | null {
  const segments = [...folder];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") segments.push(segment);
    else if (segments.pop() === undefined) return null;
  }
  return segments.join("/").normalize("NFC");
}

function pathAndFolders(path: string): readonly string[] {
  const segments = path.split("/");
  return segments.map((_segment, index) => segments.slice(0, index + 1).join("/"));
}
