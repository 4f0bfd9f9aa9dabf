import type { JsonValue } from "../json.ts";

/** The shapes in which the sources write a handoff manifest (B-02). */
export const manifestShapes = ["c11", "c22", "c22-flat", "c33"] as const;

/** Name of one of them. */
export type ManifestShape = (typeof manifestShapes)[number];

/** The kind whose shipped schema judges each shape. */
export const manifestShapeKinds: Readonly<Record<ManifestShape, string>> = {
  c11: "handoff_manifest_c11",
  c22: "handoff_manifest_c22",
  "c22-flat": "handoff_manifest_c22_flat",
  c33: "handoff_manifest",
};

/** A member that a shape has no name for, with its place in that shape; kept so that nothing is lost. */
export interface ManifestExtension {
  readonly shape: ManifestShape;
  /** RFC 6901. */
  readonly pointer: string;
  readonly value: JsonValue;
}

/** What the four shapes say between them, as they say it; null stands for what a shape does not say. What it means is for the reader's model. */
export interface WireManifest {
  /** The shape it was read from. */
  readonly shape: ManifestShape;
  readonly version: string | number | null;
  readonly id: string | null;
  readonly cycleId: string | null;
  readonly planId: string | null;
  /** When it was made or sealed. */
  readonly createdAt: string;
  /** People or roles that made or sealed it. */
  readonly createdBy: readonly string[] | null;
  readonly snapshotRev: string;
  /** With or without the prefix `sha256:`, as written. */
  readonly rulebookHash: string;
  /** In the order written; `key` is a path, in the c22 shapes a logical name. */
  readonly artifacts: readonly { readonly key: string; readonly checksum: string }[];
  readonly gateResults: Readonly<Record<string, string>> | null;
  readonly tags: readonly string[] | null;
  readonly criticalIssues: number | null;
  readonly criticalViolations: number | null;
  readonly decisionLogRef: string | null;
  readonly priorId: string | null;
  readonly notes: string | null;
  /** `algorithm` is null for the detached signature of c11. */
  readonly seal: { readonly algorithm: string | null; readonly signature: string } | null;
  readonly extensions: readonly ManifestExtension[];
}

/** The members of a {@link WireManifest} that a shape may carry. */
export type WireFields = Omit<WireManifest, "shape" | "extensions">;
