import { createHash } from "node:crypto";
import { isJsonObject } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import { isSameStat, millisecondsOf, type NotableStat, notedAlone, noteStat, statLength } from "./noted-stat.ts";

/** What a scan remembers of files: by path, what a file looked like when its content had this digest. */
export interface StatTable {
  readonly count: number;
  readonly paths: readonly string[];
  /** The paths once more as one text, separated by NUL. */
  readonly joined: string;
  /** The digest of a file that looks as it did then, or null. Asking in the order of the table costs no search. */
  readonly digestOf: (path: string, stat: NotableStat) => Digest | null;
}

const format = "gov.stat_cache";
const version = 2;
/** Its numbers were 64-bit integers, its times in nanoseconds. */
const versionOfIntegers = 1;

/** One row to remember. */
export interface StatRow {
  readonly path: string;
  readonly stat: NotableStat;
  readonly digest: Digest;
}

/**
 * The bytes of a table: a line of JSON, then the paths, each ended by a NUL, then four 64-bit floating point numbers a row (size, inode, times of change of content
 * and of attributes, in milliseconds), then 32 bytes of digest a row.
 */
export function encodeStatTable(rows: readonly StatRow[]): Uint8Array {
  const paths = Buffer.from(rows.map(({ path }) => `${path}\0`).join(""), "utf8");
  const numbers = new Float64Array(rows.length * statLength);
  rows.forEach(({ stat }, at) => noteStat(numbers, at * statLength, stat));
  const digests = Buffer.from(rows.map(({ digest }) => digest.slice(7)).join(""), "hex");
  const body = Buffer.concat([paths, Buffer.from(numbers.buffer), digests]);
  const head = { format, version, count: rows.length, pathBytes: paths.byteLength, checksum: checksumOf(body) };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`, "utf8"), body]);
}

/** Reads a table of any version; anything that is not a whole one is null, and then nothing is known. */
export function decodeStatTable(bytes: Uint8Array): StatTable | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headEnd = buffer.indexOf(10);
  if (headEnd < 0 || headEnd > 512) return null;
  const head = jsonOf(buffer.toString("utf8", 0, headEnd));
  if (!isJsonObject(head) || head["format"] !== format) return null;
  if (head["version"] !== version && head["version"] !== versionOfIntegers) return null;
  const { count, pathBytes, checksum } = head;
  const body = buffer.subarray(headEnd + 1);
  if (typeof count !== "number" || typeof pathBytes !== "number" || body.byteLength !== pathBytes + count * 64) return null;
  if (checksum !== checksumOf(body)) return null;
  // Each path is ended by a NUL, so that nothing stands behind the last.
  const text = body.toString("utf8", 0, pathBytes);
  if (count > 0 && !text.endsWith("\0")) return null;
  const joined = text.slice(0, -1);
  const paths = count === 0 ? [] : joined.split("\0");
  if (paths.length !== count) return null;
  // Copied, because a 64-bit view has to begin at a multiple of 8.
  const { buffer: copy } = new Uint8Array(body.subarray(pathBytes, pathBytes + count * 32));
  const numbers = head["version"] === version ? new Float64Array(copy) : numbersOf(new BigInt64Array(copy));
  return tableOf({ count, paths, joined, numbers, hex: body.toString("hex", pathBytes + count * 32) });
}

function numbersOf(integers: BigInt64Array): Float64Array {
  return Float64Array.from(integers, (integer, at) => (at % statLength < 2 ? Number(integer) : millisecondsOf(integer)));
}

function tableOf(columns: {
  readonly count: number;
  readonly paths: readonly string[];
  readonly joined: string;
  readonly numbers: Float64Array;
  readonly hex: string;
}): StatTable {
  const { count, paths, joined, numbers, hex } = columns;
  // One for all rows, since an object for each would be most of the work.
  const row = { numbers, halves: new Int32Array(numbers.buffer), at: 0 };
  let cursor = 0;
  let places: Map<string, number> | null = null;
  const placeOf = (path: string): number => {
    if (paths[cursor] === path) return cursor++;
    places ??= new Map(paths.map((known, at) => [known, at]));
    const found = places.get(path) ?? -1;
    if (found >= 0) cursor = found + 1;
    return found;
  };
  return {
    count,
    paths,
    joined,
    digestOf: (path, stat) => {
      const place = placeOf(path);
      if (place < 0 || stat.kind !== "file") return null;
      row.at = place * statLength;
      return isSameStat(row, stat.noted ?? notedAlone(stat)) ? `sha256:${hex.slice(place * 64, place * 64 + 64)}` : null;
    },
  };
}

function checksumOf(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
