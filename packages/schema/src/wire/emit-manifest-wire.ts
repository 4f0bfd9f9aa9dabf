import { stableJson } from "../canonical/stable-json.ts";
import type { Finding, Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import type { JsonObject } from "../json.ts";
import { validateKind } from "../validate/validate-kind.ts";
import { carry } from "./carried-fields.ts";
import { applyDifferences } from "./json-differences.ts";
import { manifestCodecs } from "./manifest-codecs.ts";
import { type ManifestShape, manifestShapeKinds, type WireFields, type WireManifest } from "./wire-manifest.ts";

/**
 * Writes a manifest in a shape. In the shape it was read from the data is equal to what was read; in another, what that shape has no
 * name for stands in its member `extensions`, and comes back when it is read.
 *
 * @returns every member that the shape needs and the manifest does not have.
 */
export function emitManifestWire(manifest: WireManifest, shape: ManifestShape): Result<JsonObject> {
  const { shape: _, extensions, ...fields } = manifest;
  const codec = manifestCodecs[shape];
  const refuse = (message: string, expected?: string): Finding =>
    makeFinding("SCHEMA_VIOLATION", `Cannot write the manifest as ${shape}: ${message}`, { path: null, expected });
  const judge = (data: JsonObject): readonly Finding[] =>
    (validateKind(manifestShapeKinds[shape], data) ?? []).map((issue) => refuse(`"${issue.pointer}" ${issue.message}`, issue.expected));
  const plain = codec.write(fields);
  const missing = judge(plain);
  if (missing.length > 0) return { ok: false, findings: missing };
  const own = extensions.filter((extension) => extension.shape === shape);
  const written = applyDifferences(plain, own);
  const broken = judge(written);
  if (broken.length > 0) return { ok: false, findings: broken };
  if (stableJson(codec.write(codec.read(written))) !== stableJson(codec.write(codec.read(plain)))) {
    return { ok: false, findings: [refuse("an extension contradicts the manifest")] };
  }
  const others = extensions.filter((extension) => extension.shape !== shape);
  return { ok: true, value: carry(written, lostFields(fields, codec.read(plain)), others), findings: [] };
}

function lostFields(fields: WireFields, kept: WireFields): Partial<WireFields> {
  const names = Object.keys(fields) as (keyof WireFields)[];
  return Object.fromEntries(
    names.filter((name) => JSON.stringify(fields[name]) !== JSON.stringify(kept[name])).map((name) => [name, fields[name]]),
  );
}
