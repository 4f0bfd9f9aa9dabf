import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { type ManifestShape, manifestShapeKinds } from "./wire-manifest.ts";

/** The shape that a manifest most looks like: each has a member that no other has. */
export function manifestShapeOf(data: JsonObject): ManifestShape {
  if (Object.hasOwn(data, "manifest")) return "c22";
  if (Object.hasOwn(data, "artifacts") || Object.hasOwn(data, "sealed_at")) return "c11";
  return Object.hasOwn(data, "checksums") || Object.hasOwn(data, "plan_id") ? "c22-flat" : "c33";
}

/** The kind whose shipped schema judges a manifest, in whichever shape it is written (B-02). */
export function manifestKindOf(data: JsonValue): string {
  return manifestShapeKinds[isJsonObject(data) ? manifestShapeOf(data) : "c33"];
}
