import { type Artifact } from "../artifact.ts";
import { type Result } from "../finding.ts";
import { hasError, makeFinding } from "../internal/make-finding.ts";
import { type KindRegistry } from "../kinds/kind-registry.ts";
import { type DocumentInput } from "../reading/parse-document.ts";
import { checkDocument, type CheckDocumentOptions } from "./check-document.ts";

/**
 * Reads one governed document into a typed artifact. Front matter, a sidecar `<file>.meta.yaml` and embedded metadata give the
 * same artifact, apart from what only the file itself can say: path, format, data, body, digest and size (SCH-01, SCH-02).
 *
 * @returns The artifact with warnings and notes, or every finding when there is an error.
 * @example Read an artifact
 * ```ts
 * import assert from "node:assert/strict";
 * import { createKindRegistry, parseArtifact } from "@gov/schema";
 *
 * const registry = createKindRegistry();
 * assert.ok(registry.ok);
 * const bytes = new TextEncoder().encode('---\nid: PLN-1\nversion: "1.0"\nstatus: draft\ntags: [Risk:Low]\n---\n# Plan\n');
 * const result = parseArtifact({ path: "plan.md", bytes }, registry.value);
 * assert.ok(result.ok);
 * assert.deepEqual(result.value.tags, [{ key: "Risk", value: "Low" }]);
 * ```
 */
export function parseArtifact(
  input: DocumentInput,
  registry: KindRegistry,
  options: Omit<CheckDocumentOptions, "noteUnknown"> = {},
): Result<Artifact> {
  const { path, artifact, findings } = checkDocument(input, registry, options);
  if (hasError(findings)) return { ok: false, findings };
  if (artifact !== null) return { ok: true, value: artifact, findings };
  const hint = "Give it id, version and status, or define a kind for it";
  return {
    ok: false,
    findings: [...findings, makeFinding("SCHEMA_NO_KIND", "Document is of no kind and is not governed", { path, hint })],
  };
}
