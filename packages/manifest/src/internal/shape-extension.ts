import { isJsonObject, type JsonObject, type JsonValue, type WireManifest } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import type { ManifestModel, PriorManifest } from "../model.ts";

/** Name of the member that carries, in each shape, what none of the four shapes has a name for. */
export const shapeMember = "gov_manifest";

/** What no shape says and a manifest needs: place in the chain, sizes, digests of what it names, and which path a logical name stands for. */
export interface ShapeExtension {
  readonly sequence: number;
  /** Size in bytes by the key of the artifact in the shape. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Path by logical name, where they differ. */
  readonly paths: Readonly<Record<string, string>>;
  readonly priorDigest: Digest | null;
  readonly closes: PriorManifest | null;
  readonly restores: PriorManifest | null;
}

/** Returns the member that carries it. */
export function encodeExtension(model: ManifestModel, names: ReadonlyMap<string, string>): JsonObject {
  const keyed = model.artifacts.map(({ path, size }) => [names.get(path) ?? path, path, size] as const);
  return {
    version: 1,
    sequence: model.sequence,
    artifact_sizes: Object.fromEntries(keyed.map(([key, , size]) => [key, size])),
    ...(names.size === 0
      ? {}
      : { artifact_paths: Object.fromEntries(keyed.filter(([key, path]) => key !== path).map(([key, path]) => [key, path])) }),
    ...(model.prior === null ? {} : { prior_manifest_digest: model.prior.digest }),
    ...(model.closes === undefined ? {} : { closes: { ...model.closes } }),
    ...(model.restores === undefined ? {} : { restores: { ...model.restores } }),
  };
}

/** Reads the member strictly; null when it is not there, an error text when it cannot be understood. Values are judged with the model. */
export function decodeExtension({ shape, extensions }: WireManifest): ShapeExtension | null | string {
  const own = extensions.find((one) => one.shape === shape && one.pointer === `/${shapeMember}`)?.value;
  if (own === undefined) return null;
  if (!isJsonObject(own)) return "is no mapping";
  const {
    version,
    sequence,
    artifact_sizes: sizes,
    artifact_paths: paths = {},
    prior_manifest_digest: prior = null,
    closes,
    restores,
    ...rest
  } = own;
  if (version !== 1) return `is of version ${JSON.stringify(version ?? null)}: version 1 is read`;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return `has an unknown field "${unknown}"`;
  if (typeof sequence !== "number") return 'has no number "sequence"';
  if (!isRecordOf(sizes, "number")) return 'has no sizes by key in "artifact_sizes"';
  if (!isRecordOf(paths, "string")) return 'has no paths by name in "artifact_paths"';
  if (prior !== null && typeof prior !== "string") return 'has a "prior_manifest_digest" that is no text';
  const [closed, restored] = [referenceOf(closes), referenceOf(restores)];
  if (closed === undefined || restored === undefined) return "names a manifest without its id and digest";
  return {
    sequence,
    sizes: sizes as Readonly<Record<string, number>>,
    paths: paths as Readonly<Record<string, string>>,
    priorDigest: prior as Digest | null,
    closes: closed,
    restores: restored,
  };
}

function isRecordOf(value: JsonValue | undefined, type: "number" | "string"): boolean {
  return isJsonObject(value ?? null) && Object.values(value as JsonObject).every((one) => typeof one === type);
}

/** Null when nothing is named, undefined when what is named is not whole. */
function referenceOf(value: JsonValue | undefined): PriorManifest | null | undefined {
  if (value === undefined) return null;
  if (!isJsonObject(value)) return undefined;
  const { manifestId, digest, ...rest } = value;
  return typeof manifestId === "string" && typeof digest === "string" && Object.keys(rest).length === 0
    ? { manifestId, digest: digest as Digest }
    : undefined;
}
