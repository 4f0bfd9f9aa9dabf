import { isJsonObject, type JsonValue } from "@gov/schema";
import { canonicalJson, type Digest, digestBytes } from "@gov/schema/canonical";
import { IndexError, isIndexError } from "./errors.ts";
import { byPath, checkRecord, type IndexRecord } from "./index-record.ts";

/** Name of the format of `artifacts_index.json`. */
export const indexFormat = "gov.artifacts_index";

/** Version of the format this package writes. */
export const indexVersion = 1;

/** An index that has been read and found whole. */
export interface ParsedIndex {
  /** Sorted by path. */
  readonly records: readonly IndexRecord[];
  readonly digest: Digest;
}

/** Name and digest of an index that has no records. */
export const emptyIndexDigest: Digest = digestBytes("[]");

/**
 * Returns the digest of an index: SHA-256 of the RFC 8785 form of its records, sorted by path. Equal records have equal digests, by whatever
 * way they came into the index.
 */
export function indexDigest(records: readonly IndexRecord[]): Digest {
  return digestBytes(`[${linesOf(records).join(",")}]`);
}

/**
 * Returns the exact bytes of `artifacts_index.json`: count, digest, and one record per line, sorted by path (IDX-16). Equal sets of records give equal
 * bytes.
 *
 * @throws {@link IndexError} `INDEX_RECORD_INVALID` for a record that does not fit, or two of one path.
 * @example Render, damage, notice
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseIndex, renderIndex } from "@gov/index-writer";
 *
 * const digest = `sha256:${"0".repeat(64)}`;
 * const text = renderIndex([
 *   { path: "plan.md", id: "plan", kind: "plan", version: "1.0.0", status: "approved", title: null, owners: [], tags: ["Risk:Low"], digest, size: 7 },
 * ]);
 * assert.equal(parseIndex(text).records[0].id, "plan");
 * assert.throws(() => parseIndex(text.replace("approved", "draft")), { code: "INDEX_CORRUPT" });
 * ```
 */
export function renderIndex(records: readonly IndexRecord[]): string {
  const lines = linesOf(records);
  const digest = digestBytes(`[${lines.join(",")}]`);
  const head = indexHead(lines.length, digest);
  return lines.length === 0 ? `${head}]\n}\n` : `${head}\n    ${lines.join(",\n    ")}\n  ]\n}\n`;
}

/** What stands in an index file before its first record. */
export function indexHead(count: number, digest: Digest): string {
  return `{\n  "format": "${indexFormat}",\n  "version": ${indexVersion},\n  "count": ${count},\n  "digest": "${digest}",\n  "artifacts": [`;
}

/**
 * Reads the text of an `artifacts_index.json` and proves it whole: format, version, count, digest, order, and the shape of every record.
 *
 * @throws {@link IndexError} `INDEX_CORRUPT`; `INDEX_VERSION` when a newer version wrote it.
 */
export function parseIndex(text: string): ParsedIndex {
  const value = jsonOf(text);
  if (!isJsonObject(value) || value["format"] !== indexFormat) throw corrupt(`its format is not "${indexFormat}"`);
  const { version, count, digest, artifacts } = value;
  if (typeof version === "number" && version > indexVersion) throw newerVersion(version);
  if (version !== indexVersion || !Array.isArray(artifacts)) throw corrupt("it has no version or no artifacts");
  const records = (artifacts as readonly JsonValue[]).map((entry) => recordOf(entry));
  if (count !== records.length) throw corrupt(`it holds ${records.length} records, its count says ${JSON.stringify(count)}`);
  const unsorted = records.find((record, index) => index > 0 && (records[index - 1] as IndexRecord).path >= record.path);
  if (unsorted !== undefined) throw corrupt(`"${unsorted.path}" is out of order`);
  const found = indexDigest(records);
  if (digest !== found) throw corrupt("its records do not have the digest it names");
  return { records, digest: found };
}

/** The error for an index that a newer version of this package wrote. */
export function newerVersion(version: number): IndexError {
  return new IndexError("INDEX_VERSION", `Cannot read the index: it has version ${version}, this package reads ${indexVersion}`, {
    details: { version, supported: indexVersion },
    hint: "update @gov/index-writer",
  });
}

/** The error for an index whose bytes are not what was written. */
export function corrupt(what: string, cause?: unknown): IndexError {
  return new IndexError("INDEX_CORRUPT", `Cannot read the index: ${what}`, { cause, hint: "rebuild the index from the artifacts" });
}

function linesOf(records: readonly IndexRecord[]): string[] {
  const sorted = records.map((record) => checkRecord(record)).sort(byPath);
  sorted.forEach((record, index) => {
    if (index > 0 && sorted[index - 1]?.path === record.path) {
      throw new IndexError("INDEX_RECORD_INVALID", `Cannot index "${record.path}" twice: a path has one record`, {
        details: { field: "path", path: record.path },
      });
    }
  });
  return sorted.map((record) => canonicalJson(record as unknown as JsonValue));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw corrupt("it is not JSON", error);
  }
}

function recordOf(entry: JsonValue): IndexRecord {
  try {
    return checkRecord(entry);
  } catch (error) {
    throw isIndexError(error) ? corrupt("a record of it is invalid", error) : error;
  }
}
