import { type Artifact } from "../artifact.ts";
import { digestBytes } from "../canonical/digest.ts";
import { compareFindings, type Finding } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { type KindRegistry } from "../kinds/kind-registry.ts";
import { type DocumentInput } from "../reading/parse-document.ts";
import { checkDocument, type CheckDocumentOptions } from "./check-document.ts";
import { crossCheck, repeatedPaths } from "./cross-check.ts";

/** What checking a set of documents gives. */
export interface CheckReport {
  /** Number of files given, sidecars included. */
  readonly files: number;
  /** Every artifact that could be read, by path; one with an error among the findings of its path is readable, not valid. */
  readonly artifacts: readonly Artifact[];
  /** Every finding, sorted by {@link compareFindings}. */
  readonly findings: readonly Finding[];
}

/** Options of {@link checkDocuments}. */
export interface CheckDocumentsOptions extends Omit<CheckDocumentOptions, "sidecar"> {
  /** Further files that references by path may mean. @default none */
  readonly paths?: Iterable<string> | undefined;
}

const sidecarSuffix = ".meta.yaml";

/**
 * Checks a set of documents: pairs each with its sidecar, reads and judges it, then checks all against each other.
 * Pure and linear in the bytes given; the order of the inputs does not matter. A path that is given twice, in one Unicode form or in two, is an error.
 *
 * @example Find a missing status
 * ```ts
 * import assert from "node:assert/strict";
 * import { checkDocuments, createKindRegistry } from "@gov/schema";
 *
 * const registry = createKindRegistry();
 * assert.ok(registry.ok);
 * const bytes = new TextEncoder().encode('id: PLN-1\nversion: "1.0"\n');
 * const report = checkDocuments([{ path: "plan.yaml", bytes }], registry.value);
 * assert.deepEqual(report.findings.map((finding) => [finding.code, finding.line]), [["SCHEMA_MISSING_METADATA", 1]]);
 * ```
 */
export function checkDocuments(inputs: readonly DocumentInput[], registry: KindRegistry, options: CheckDocumentsOptions = {}): CheckReport {
  const named = inputs.map(({ path, bytes }) => ({ path: path.normalize("NFC"), bytes })).sort(compareInputs);
  const byPath = new Map(named.map((input) => [input.path, input]));
  const orphans: Finding[] = [];
  const documents = named.flatMap((input) => {
    const owner = ownerOf(input.path);
    if (owner === null) return [checkDocument(input, registry, { ...options, sidecar: byPath.get(input.path + sidecarSuffix) })];
    if (!byPath.has(owner)) orphans.push(orphan(input.path, owner));
    return [];
  });
  // Of documents the cross check tells it.
  const sidecars = repeatedPaths(named.map((input) => input.path).filter((path) => ownerOf(path) !== null));
  const findings = [
    ...orphans,
    ...sidecars,
    ...documents.flatMap((document) => document.findings),
    ...crossCheck(documents, registry, options),
  ];
  const artifacts = documents.flatMap(({ artifact }) => (artifact === null ? [] : [artifact]));
  return {
    files: inputs.length,
    artifacts: artifacts.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    findings: findings.sort(compareFindings),
  };
}

function ownerOf(path: string): string | null {
  return path.endsWith(sidecarSuffix) ? path.slice(0, -sidecarSuffix.length) : null;
}

/** By path; two of one path by their content, so that the report of their error is the same in whatever order they come. */
function compareInputs(a: DocumentInput, b: DocumentInput): number {
  const [first, second] = a.path === b.path ? [digestBytes(a.bytes), digestBytes(b.bytes)] : [a.path, b.path];
  return first < second ? -1 : first > second ? 1 : 0;
}

function orphan(path: string, owner: string): Finding {
  const message = `Sidecar belongs to "${owner}", which is not among the documents`;
  return makeFinding("SCHEMA_ORPHAN_SIDECAR", message, { path, severity: "warning", hint: "Remove it, or include its document" });
}
