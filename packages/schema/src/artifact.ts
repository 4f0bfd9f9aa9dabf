import type { Digest } from "./canonical/digest.ts";
import type { Severity } from "./finding.ts";
import type { JsonValue } from "./json.ts";

/** Every status an artifact can have, least first (seed 0, A-003). Promoted is a tag, never a status. */
export const artifactStatuses = ["draft", "review", "approved"] as const;

/** Status of an artifact: exactly `draft`, `review` or `approved`. */
export type ArtifactStatus = (typeof artifactStatuses)[number];

/** How a document is written; `opaque` files are only hashed and take their metadata from a sidecar. */
export type DocumentFormat = "markdown" | "yaml" | "json" | "opaque";

/** A tag in its canonical form; `Risk:Low` has a value, `Critical` has none. */
export interface Tag {
  readonly key: string;
  readonly value: string | null;
}

/** A pointer from one artifact to another, with the place it was written at. */
export interface Reference {
  /** The text as written: an id or a path. */
  readonly target: string;
  readonly by: "id" | "path";
  /** Kinds the target may have; empty means any. */
  readonly kinds: readonly string[];
  readonly line: number | null;
  readonly column: number | null;
  /** Weight of the finding when the target is not there. @default "error" */
  readonly severity?: Severity | undefined;
}

/** A governed document after reading: one shape, whatever its format, and wherever its metadata stood. */
export interface Artifact {
  /** POSIX path relative to the governed root, NFC, without `.` or `..` segments. */
  readonly path: string;
  /** Name of a shipped kind or of one that `gov.yaml` defines. */
  readonly kind: string;
  readonly format: DocumentFormat;
  readonly id: string;
  readonly version: string | null;
  readonly status: ArtifactStatus | null;
  readonly title: string | null;
  readonly owners: readonly string[];
  readonly tags: readonly Tag[];
  readonly references: readonly Reference[];
  /** Front matter of Markdown, or the whole YAML or JSON document; null for opaque files. */
  readonly data: JsonValue;
  /** Markdown text after the front matter; null for other formats. */
  readonly body: string | null;
  /** Digest of the exact bytes of the document. */
  readonly digest: Digest;
  /** Length of the document in bytes. */
  readonly size: number;
}
