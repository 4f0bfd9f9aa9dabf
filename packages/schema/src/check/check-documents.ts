import { type Artifact } from "../artifact.ts";
import { compareFindings, type Finding } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { type KindRegistry } from "../kinds/kind-registry.ts";
import { type DocumentInput } from "../reading/parse-document.ts";
import { checkDocument, type CheckDocumentOptions } from "./check-document.ts";
import { crossCheck } from "./cross-check.ts";

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
 * Pure and linear in the bytes given; the order of the inputs does not matter.
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
  const byPath = new Map(inputs.map((input) => [input.path, input]));
  const orphans: Finding[] = [];
  const documents = inputs.flatMap((input) => {
    const owner = input.path.endsWith(sidecarSuffix) ? input.path.slice(0, -sidecarSuffix.length) : null;
    if (owner === null) return [checkDocument(input, registry, { ...options, sidecar: byPath.get(input.path + sidecarSuffix) })];
    if (!byPath.has(owner)) orphans.push(orphan(input.path, owner));
    return [];
  });
  const findings = [...orphans, ...documents.flatMap((document) => document.findings), ...crossCheck(documents, registry, options)];
  const artifacts = documents.flatMap(({ artifact }) => (artifact === null ? [] : [artifact]));
  return {
    files: inputs.length,
    artifacts: artifacts.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    findings: findings.sort(compareFindings),
  };
}

function orphan(path: string, owner: string): Finding {
  const message = `Sidecar belongs to "${owner}", which is not among the documents`;
  return makeFinding("SCHEMA_ORPHAN_SIDECAR", message, { path, severity: "warning", hint: "Remove it, or include its document" });
}
