import { createHash } from "node:crypto";
import { isJsonObject } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import type { ScanStat } from "../../scan/scan-file-system.ts";

/** What a scan remembers of files: by path, what a file looked like when its content had this digest. */
export interface StatTable {
  readonly count: number;
  readonly paths: readonly string[];
  /** The digest of a file that looks as it did then, or null. Asking in the order of the table costs no search. */
  readonly digestOf: (path: string, stat: NotableStat) => Digest | null;
}

/** What a file looks like as numbers in memory: size, inode and both times, 64 bits each, from a place on in halves. */
export interface NotedStat {
  readonly halves: Int32Array;
  readonly at: number;
}

type NotableStat = ScanStat & { readonly noted?: NotedStat | undefined };

const format = "gov.stat_cache";
const version = 1;

/** One row to remember. */
export interface StatRow {
  readonly path: string;
  readonly stat: NotableStat;
  readonly digest: Digest;
}

/**
 * The bytes of a table: a line of JSON, then the paths, each ended by a NUL, then four 64-bit numbers a row (size, inode, times of change of content and of
 * attributes, in nanoseconds), then 32 bytes of digest a row.
 */
export function encodeStatTable(rows: readonly StatRow[]): Uint8Array {
  const paths = Buffer.from(rows.map(({ path }) => `${path}\0`).join(""), "utf8");
  const numbers = new BigInt64Array(rows.length * 4);
  const halves = new Int32Array(numbers.buffer);
  rows.forEach(({ stat }, at) => {
    if (stat.noted !== undefined) {
      for (let half = 0; half < 8; half++) halves[at * 8 + half] = stat.noted.halves[stat.noted.at + half] as number;
      return;
    }
    numbers[at * 4] = BigInt(stat.size);
    numbers[at * 4 + 1] = stat.inode;
    numbers[at * 4 + 2] = stat.modifiedNs;
    numbers[at * 4 + 3] = stat.changedNs;
  });
  const digests = Buffer.from(rows.map(({ digest }) => digest.slice(7)).join(""), "hex");
  const body = Buffer.concat([paths, Buffer.from(numbers.buffer), digests]);
  const head = { format, version, count: rows.length, pathBytes: paths.byteLength, checksum: checksumOf(body) };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`, "utf8"), body]);
}

/** Reads a table; anything that is not a whole one of this version is null, and then nothing is known. */
export function decodeStatTable(bytes: Uint8Array): StatTable | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headEnd = buffer.indexOf(10);
  if (headEnd < 0 || headEnd > 512) return null;
  const head = jsonOf(buffer.toString("utf8", 0, headEnd));
  if (!isJsonObject(head) || head["format"] !== format || head["version"] !== version) return null;
  const { count, pathBytes, checksum } = head;
  const body = buffer.subarray(headEnd + 1);
  if (typeof count !== "number" || typeof pathBytes !== "number" || body.byteLength !== pathBytes + count * 64) return null;
  if (checksum !== checksumOf(body)) return null;
  const paths = body.toString("utf8", 0, pathBytes).split("\0");
  // Each is ended by a NUL, so that nothing stands behind the last.
  if (paths.pop() !== "" || paths.length !== count) return null;
  // Copied, because a 64-bit view has to begin at a multiple of 8.
  const numbers = new BigInt64Array(new Uint8Array(body.subarray(pathBytes, pathBytes + count * 32)).buffer);
  return tableOf({ count, paths, numbers, hex: body.toString("hex", pathBytes + count * 32) });
}

function tableOf(columns: {
  readonly count: number;
  readonly paths: readonly string[];
  readonly numbers: BigInt64Array;
  readonly hex: string;
}): StatTable {
  const { count, paths, numbers, hex } = columns;
  const halves = new Int32Array(numbers.buffer);
  let cursor = 0;
  let places: Map<string, number> | null = null;
  const placeOf = (path: string): number => {
    if (paths[cursor] === path) return cursor++;
    places ??= new Map(paths.map((known, at) => [known, at]));
    const found = places.get(path) ?? -1;
    if (found >= 0) cursor = found + 1;
    return found;
  };
  const isStat = (at: number, stat: ScanStat): boolean =>
    Number(numbers[at * 4]) === stat.size &&
    numbers[at * 4 + 1] === stat.inode &&
    numbers[at * 4 + 2] === stat.modifiedNs &&
    numbers[at * 4 + 3] === stat.changedNs;
  // The same, exactly, without a number being made for each.
  const isNoted = (at: number, noted: NotedStat): boolean => {
    for (let half = 0; half < 8; half++) if (halves[at * 8 + half] !== noted.halves[noted.at + half]) return false;
    return true;
  };
  return {
    count,
    paths,
    digestOf: (path, stat) => {
      const at = placeOf(path);
      const same = at >= 0 && stat.kind === "file" && (stat.noted === undefined ? isStat(at, stat) : isNoted(at, stat.noted));
      return same ? `sha256:${hex.slice(at * 64, at * 64 + 64)}` : null;
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
