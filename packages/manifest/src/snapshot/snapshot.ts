import { isJsonObject, type JsonObject } from "@gov/schema";
import { canonicalJson, type Digest, digestBytes, isDigest } from "@gov/schema/canonical";
import { checkArtifacts } from "../internal/check-model.ts";
import { parseInstant } from "../internal/instant.ts";
import type { SealedArtifact } from "../model.ts";

/** Why a snapshot was taken (B-35): before a promotion, after a gate, or because it was time. */
export const snapshotTriggers = ["promotion", "gate", "periodic"] as const;

/** One of {@link snapshotTriggers}. */
export type SnapshotTrigger = (typeof snapshotTriggers)[number];

/** Predicate type of a signed snapshot; a signature for a manifest never makes a snapshot. */
export const snapshotPredicate = "urn:gov:predicate:snapshot:1";

/** The state of a set of artifacts at one instant, by digest; the bytes stand in the object store. */
export interface Snapshot {
  readonly version: 1;
  /** Number among the snapshots of its backend, from 1. */
  readonly sequence: number;
  readonly trigger: SnapshotTrigger;
  /** RFC 3339 UTC. */
  readonly takenAt: string;
  /** Digest of the manifest file that was in force, or null. */
  readonly manifest: Digest | null;
  /** At least one, sorted by path. */
  readonly artifacts: readonly SealedArtifact[];
}

/** Returns the bytes of a snapshot: its RFC 8785 form in UTF-8. */
export function encodeSnapshot(snapshot: Snapshot): Uint8Array {
  const artifacts = snapshot.artifacts.map(({ path, digest, size }) => ({ path, digest, size }));
  return new TextEncoder().encode(canonicalJson({ ...snapshot, artifacts }));
}

/** Reads a snapshot strictly, or returns null when it is none: every path below the root, none equal to another on any file system. */
export function decodeSnapshot(bytes: Uint8Array): Snapshot | null {
  const value = parseJson(bytes);
  if (value === null || Object.keys(value).length !== 6) return null;
  const { version, sequence, trigger, takenAt, manifest, artifacts } = value;
  const sound =
    version === 1 &&
    typeof sequence === "number" &&
    Number.isSafeInteger(sequence) &&
    sequence >= 1 &&
    (snapshotTriggers as readonly unknown[]).includes(trigger) &&
    typeof takenAt === "string" &&
    parseInstant(takenAt) !== null &&
    (manifest === null || isDigest(manifest)) &&
    Array.isArray(artifacts) &&
    artifacts.every((one) => isJsonObject(one) && typeof one["path"] === "string");
  if (!sound) return null;
  const snapshot = value as unknown as Snapshot;
  if (checkArtifacts(snapshot.artifacts).length > 0) return null;
  // One form only: no field besides, none twice.
  return digestBytes(encodeSnapshot(snapshot)) === digestBytes(bytes) ? snapshot : null;
}

function parseJson(bytes: Uint8Array): JsonObject | null {
  try {
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
