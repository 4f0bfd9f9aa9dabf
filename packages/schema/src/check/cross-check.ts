import { type Artifact, type Reference } from "../artifact.ts";
import { compareFindings, type Finding } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { type KindRegistry } from "../kinds/kind-registry.ts";
import { findPathCollisions } from "../paths/find-path-collisions.ts";
import { type CheckedDocument } from "./check-document.ts";
import { referencePaths } from "./reference-paths.ts";

/**
 * Checks documents against each other, in linear time: ids are unique, references lead somewhere, no two paths are one file and none is that of
 * two documents (ART-12).
 *
 * Documents of one id are candidates for hydration, not duplicates, when their version or their status differs. Kinds that ship
 * share one space of ids; each of a user's own kinds has its own.
 *
 * @param options - `paths`: further files that references by path may mean. @default none
 */
export function crossCheck(
  documents: readonly CheckedDocument[],
  registry: KindRegistry,
  options: { readonly paths?: Iterable<string> | undefined } = {},
): readonly Finding[] {
  const ordered = [...documents].sort(
    (a, b) => compareText(a.path, b.path) || compareText(a.artifact?.digest ?? "", b.artifact?.digest ?? ""),
  );
  const targets = indexTargets(ordered, options.paths ?? []);
  const findings = [
    ...findPathCollisions(ordered.map((document) => document.path)),
    ...repeatedPaths(ordered.map((document) => document.path)),
    ...duplicateIds(ordered, registry),
    ...ordered.flatMap(({ artifact }) =>
      artifact === null ? [] : artifact.references.flatMap((reference) => dangling(artifact, reference, targets)),
    ),
  ];
  return findings.sort(compareFindings);
}

interface Targets {
  readonly kindsById: ReadonlyMap<string, ReadonlySet<string>>;
  /** Every known file and every folder above one; the root is the empty path. */
  readonly paths: ReadonlySet<string>;
  /** One path for each last segment, to suggest. */
  readonly byName: ReadonlyMap<string, string>;
}

function indexTargets(documents: readonly CheckedDocument[], further: Iterable<string>): Targets {
  const kindsById = new Map<string, Set<string>>();
  const paths = new Set([""]);
  const byName = new Map<string, string>();
  const addPath = (path: string): void => {
    for (let end = path.length; end > 0 && !paths.has(path.slice(0, end)); end = path.lastIndexOf("/", end - 1)) {
      const known = path.slice(0, end);
      paths.add(known);
      const name = known.slice(known.lastIndexOf("/") + 1);
      if (!byName.has(name)) byName.set(name, known);
    }
  };
  for (const { path, artifact } of documents) {
    addPath(path);
    if (artifact === null) continue;
    const kinds = kindsById.get(artifact.id) ?? new Set();
    kindsById.set(artifact.id, kinds.add(artifact.kind));
  }
  for (const path of [...further].sort()) addPath(path.normalize("NFC"));
  return { kindsById, paths, byName };
}

/** An error for each path that stands more than once among sorted paths. */
export function repeatedPaths(paths: readonly string[]): Finding[] {
  const repeated = paths.filter((path, index) => path === paths[index + 1] && path !== paths[index - 1]);
  const expected = "one document at each path";
  const hint = "Rename one of them, or give it once";
  return repeated.map((path) => {
    const message = `Path ${JSON.stringify(path)} is given twice, perhaps in two Unicode forms`;
    return makeFinding("SCHEMA_PATH_COLLISION", message, { path, expected, hint });
  });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function duplicateIds(documents: readonly CheckedDocument[], registry: KindRegistry): Finding[] {
  const first = new Map<string, Artifact>();
  const findings: Finding[] = [];
  for (const { artifact, idPlace } of documents) {
    if (artifact === null) continue;
    const { id, version, status, kind, path } = artifact;
    const space = registry.get(kind)?.shipped === false ? kind : null;
    // Without a version nothing tells two documents of one id apart, whatever their status.
    const key = JSON.stringify(version === null ? [space, id] : [space, id, version, status]);
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, artifact);
    } else if (other.path !== path) {
      const message = `Id ${JSON.stringify(id)} is already the id of "${other.path}"${version === null ? "" : ` with version ${JSON.stringify(version)}`}`;
      const place = { path: idPlace?.path ?? path, at: idPlace?.at ?? null };
      findings.push(
        makeFinding("SCHEMA_DUPLICATE_ID", message, { ...place, hint: "Give each document an id of its own, or each candidate a version" }),
      );
    }
  }
  return findings;
}

function dangling(artifact: Artifact, reference: Reference, targets: Targets): Finding[] {
  const { target, by, kinds, line, column, severity } = reference;
  const place = { path: artifact.path, at: line === null || column === null ? null : { line, column }, severity };
  if (by === "path") {
    const candidates = referencePaths(target, artifact.path);
    if (candidates.some((candidate) => targets.paths.has(candidate))) return [];
    const last = candidates[0]?.slice(candidates[0].lastIndexOf("/") + 1) ?? "";
    const near = targets.byName.get(last);
    const message = candidates.length === 0 ? `Reference "${target}" leaves the root` : `Reference "${target}" leads to no document`;
    const hint = near === undefined ? undefined : `Did you mean "/${near}"?`;
    return [
      makeFinding("SCHEMA_DANGLING_REFERENCE", message, { ...place, expected: "the path of a document, or of a folder with one", hint }),
    ];
  }
  const found = targets.kindsById.get(target);
  if (found !== undefined && (kinds.length === 0 || kinds.some((kind) => found.has(kind)))) return [];
  const expected =
    kinds.length === 0 ? "the id of a document" : `the id of a document of kind ${kinds.map((kind) => `"${kind}"`).join(" or ")}`;
  const message =
    found === undefined
      ? `Reference "${target}" names no document`
      : `Reference "${target}" names a document of kind "${[...found].sort().join('", "')}"`;
  return [makeFinding("SCHEMA_DANGLING_REFERENCE", message, { ...place, expected })];
}
