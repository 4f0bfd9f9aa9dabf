import { stableJson } from "../canonical/stable-json.ts";
import type { Finding, Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { validateKind } from "../validate/validate-kind.ts";
import { carriedOf, withoutCarried } from "./carried-fields.ts";
import { differences } from "./json-differences.ts";
import { manifestCodecs } from "./manifest-codecs.ts";
import { manifestShapeOf } from "./manifest-shape-of.ts";
import { manifestShapeKinds, type WireManifest } from "./wire-manifest.ts";

/**
 * Reads a handoff manifest in whichever of the four shapes of the sources it is written (MAN-01, MAN-03, MAN-04, MAN-05, B-02).
 * Nothing is lost: what a shape has no name for is kept in `extensions`, so that {@link emitManifestWire} writes equal data again.
 * Says nothing about signatures, nor whether the manifest may be sealed.
 *
 * @param data - the data of the document, as a reader of YAML or JSON gives it.
 * @returns every reason against the shape that it most looks like.
 * @example Read a manifest of another team
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseManifestWire } from "@gov/schema";
 *
 * const manifest = parseManifestWire({
 *   version: 1,
 *   cycle_id: "2025-09-02",
 *   snapshot_rev: "7a9b3c4d",
 *   rulebook_hash: "0a".repeat(32),
 *   artifacts: [{ path: "tasks.yaml", sha256: "0b".repeat(32) }],
 *   governance: { tags: ["Release"], critical_issues: 0 },
 *   sealed_at: "2025-09-02T10:00:00Z",
 *   sealed_by: ["PM"],
 * });
 * assert.ok(manifest.ok);
 * assert.deepEqual([manifest.value.shape, manifest.value.artifacts.length], ["c11", 1]);
 * ```
 */
export function parseManifestWire(data: JsonValue, options: { readonly path?: string | undefined } = {}): Result<WireManifest> {
  const { path = null } = options;
  const refuse = (message: string, expected?: string): Finding => makeFinding("SCHEMA_VIOLATION", message, { path, expected });
  if (!isJsonObject(data)) return { ok: false, findings: [refuse("A manifest must be a mapping")] };
  const carried = carriedOf(data);
  const body = carried === null ? data : withoutCarried(data);
  const shape = manifestShapeOf(body);
  const issues = validateKind(manifestShapeKinds[shape], body) ?? [];
  if (issues.length > 0) {
    return {
      ok: false,
      findings: issues.map((issue) => refuse(`Manifest (${shape}): "${issue.pointer}" ${issue.message}`, issue.expected)),
    };
  }
  const codec = manifestCodecs[shape];
  const fields = codec.read(body);
  const plain = codec.write(fields);
  const own = differences(body, plain).map((difference) => ({ shape, ...difference }));
  const value = { ...fields, ...carried?.fields, shape, extensions: [...(carried?.extensions ?? []), ...own] };
  // What is carried only adds to what this shape says; it never says otherwise.
  if (stableJson(codec.write(value)) !== stableJson(plain) || carried?.extensions.some((extension) => extension.shape === shape) === true) {
    return { ok: false, findings: [refuse(`Manifest (${shape}): "/extensions" contradicts the manifest`)] };
  }
  return { ok: true, value, findings: [] };
}
