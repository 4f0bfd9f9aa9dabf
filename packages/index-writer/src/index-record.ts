import { type Artifact, type ArtifactStatus, artifactStatuses, isJsonObject, type JsonObject } from "@gov/schema";
import { type Digest, isDigest } from "@gov/schema/canonical";
import { IndexError, isIndexError } from "./errors.ts";

// RFC 8785 has no form for half a surrogate pair.
const loneSurrogate = /\p{Cs}/u;

/** One artifact in the index: only what follows from its path and its bytes, never a time, an epoch or a place on disk (IDX-16). */
export interface IndexRecord {
  /** POSIX path relative to the governed root; the key of the index. */
  readonly path: string;
  readonly id: string;
  readonly kind: string;
  readonly version: string | null;
  readonly status: ArtifactStatus | null;
  readonly title: string | null;
  readonly owners: readonly string[];
  /** Tags as text: `Risk:Low`, or `Critical` without a value. */
  readonly tags: readonly string[];
  /** Digest of the exact bytes. */
  readonly digest: Digest;
  /** Length in bytes. */
  readonly size: number;
}

/** Returns what the index keeps of an artifact. */
export function toIndexRecord(artifact: Artifact): IndexRecord {
  const { path, id, kind, version, status, title, owners, digest, size } = artifact;
  const tags = artifact.tags.map((tag) => (tag.value === null ? tag.key : `${tag.key}:${tag.value}`));
  return { path, id, kind, version, status, title, owners: [...owners], tags, digest, size };
}

/**
 * Returns a record with exactly the fields of {@link IndexRecord}, copied, from a value of unknown origin.
 *
 * @throws {@link IndexError} `INDEX_RECORD_INVALID` naming the first field that is wrong.
 */
export function checkRecord(value: unknown): IndexRecord {
  if (!isJsonObject(value)) throw invalid(value, "record", "an object");
  const record: IndexRecord = {
    path: pathOf(value),
    id: textOf(value, "id"),
    kind: textOf(value, "kind"),
    version: textOrNullOf(value, "version"),
    status: statusOf(value),
    title: textOrNullOf(value, "title"),
    owners: textsOf(value, "owners"),
    tags: textsOf(value, "tags"),
    digest: digestOf(value),
    size: sizeOf(value),
  };
  const extra = Object.keys(value).find((key) => !Object.hasOwn(record, key));
  if (extra !== undefined) throw invalid(value, extra, "left out: the index has no such field");
  return record;
}

/** True when two records say the same. */
export function sameRecord(a: IndexRecord, b: IndexRecord): boolean {
  return (
    a.digest === b.digest &&
    a.path === b.path &&
    a.id === b.id &&
    a.kind === b.kind &&
    a.version === b.version &&
    a.status === b.status &&
    a.title === b.title &&
    a.size === b.size &&
    sameTexts(a.owners, b.owners) &&
    sameTexts(a.tags, b.tags)
  );
}

/** Orders records by path, by code unit. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

function own(value: JsonObject, field: string): unknown {
  return Object.hasOwn(value, field) ? value[field] : undefined;
}

function pathOf(value: JsonObject): string {
  const path = textOf(value, "path");
  if (!indexPath.test(path)) throw invalid(value, "path", "a relative POSIX path inside the root");
  return path;
}

// Every segment is something, and none is "." or "..".
const indexPath = /^(?!\.{1,2}(?:\/|$))[^/\\\0]+(?:\/(?!\.{1,2}(?:\/|$))[^/\\\0]+)*$/;

/** True for a relative POSIX path that stays inside the root. */
export function isIndexPath(path: string): boolean {
  return indexPath.test(path) && !loneSurrogate.test(path);
}

/** What keeps a record of a file from being kept, as a person reads it; null when nothing does. */
export function recordFault(record: IndexRecord, path: string): string | null {
  if (!isIndexPath(path)) return "its name has no relative POSIX path";
  try {
    return checkRecord(record).path === path ? null : `its record is of ${JSON.stringify(record.path)}`;
  } catch (error) {
    if (!isIndexError(error)) throw error;
    return `its record is refused: ${error.message}`;
  }
}

function textOf(value: JsonObject, field: string): string {
  const text = own(value, field);
  if (typeof text !== "string" || text === "" || loneSurrogate.test(text)) throw invalid(value, field, "a non-empty, well-formed string");
  return text;
}

function textOrNullOf(value: JsonObject, field: string): string | null {
  const text = own(value, field);
  if (text === null || (typeof text === "string" && !loneSurrogate.test(text))) return text;
  throw invalid(value, field, "a well-formed string or null");
}

function statusOf(value: JsonObject): ArtifactStatus | null {
  const status = own(value, "status");
  if (status === null) return null;
  const known = artifactStatuses.find((candidate) => candidate === status);
  if (known === undefined) throw invalid(value, "status", `one of ${artifactStatuses.join(", ")}, or null`);
  return known;
}

function textsOf(value: JsonObject, field: string): readonly string[] {
  const texts = own(value, field);
  if (Array.isArray(texts) && texts.every((text): text is string => typeof text === "string" && !loneSurrogate.test(text)))
    return [...texts];
  throw invalid(value, field, "an array of well-formed strings");
}

function digestOf(value: JsonObject): Digest {
  const digest = own(value, "digest");
  if (!isDigest(digest)) throw invalid(value, "digest", "sha256: and 64 hexadecimal digits");
  return digest;
}

function sizeOf(value: JsonObject): number {
  const size = own(value, "size");
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) throw invalid(value, "size", "a whole number of bytes");
  return size;
}

function invalid(value: unknown, field: string, required: string): IndexError {
  const path = isJsonObject(value) ? own(value, "path") : undefined;
  const named = typeof path === "string" ? ` of "${path}"` : "";
  return new IndexError("INDEX_RECORD_INVALID", `Cannot index the field "${field}"${named}: it must be ${required}`, {
    details: { field, path: typeof path === "string" ? path : null },
  });
}
