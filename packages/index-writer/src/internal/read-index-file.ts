import { createHash } from "node:crypto";
import { type FileSystem, isAtomicIoError } from "@gov/atomic-io";
import type { Digest } from "@gov/schema/canonical";
import { corrupt, emptyIndexDigest, indexFormat, indexVersion, newerVersion, parseIndex } from "../index-text.ts";
import { onDisk } from "./disk-failure.ts";
import { readText } from "./read-text.ts";
import { pathOfLine } from "./record-line.ts";
import { RecordStore } from "./record-store.ts";
import { textLines } from "./text-lines.ts";

/** An index file, or an empty index where none stands. */
export interface IndexFile {
  readonly records: RecordStore;
  readonly digest: Digest;
  readonly exists: boolean;
}

/** A text may be this long; a longer index has to be laid out as it was written. */
const maxTextBytes = 256 * 1024 * 1024;

/**
 * Reads an index file and proves it whole, as `parseIndex` does, but line by line: one record stands on each, so neither the file nor its parse is ever one
 * string. A file that someone has laid out anew, as formatters do, is read as the JSON it is.
 */
export async function readIndexFile(fs: FileSystem, path: string): Promise<IndexFile> {
  try {
    const read = await readLines(fs, path);
    if (read === "missing") return { records: new RecordStore(), digest: emptyIndexDigest, exists: false };
    if (read !== null) return { ...read, exists: true };
    if ((await onDisk(path, "stat", () => fs.stat(path))).size > maxTextBytes)
      throw corrupt("its lines are not laid out as they were written");
    const text = await readText(fs, path);
    if (text === null) return { records: new RecordStore(), digest: emptyIndexDigest, exists: false };
    const { records, digest } = parseIndex(text);
    return { records: RecordStore.of(records), digest, exists: true };
  } catch (error) {
    if (error instanceof TypeError) throw corrupt("it is not UTF-8", error);
    throw error;
  }
}

const head =
  /^\{\n {2}"format": "([^"]*)",\n {2}"version": (\d{1,9}),\n {2}"count": (\d{1,15}),\n {2}"digest": "(sha256:[0-9a-f]{64})",\n {2}"artifacts": \[(\]?)$/;

/** Null for another layout, which may still be an index. */
async function readLines(
  fs: FileSystem,
  path: string,
): Promise<{ readonly records: RecordStore; readonly digest: Digest } | "missing" | null> {
  const lines = textLines(fs, path);
  try {
    const begin: string[] = [];
    while (begin.length < 6) {
      const { value, done } = await lines.next();
      if (done === true) return null;
      begin.push(value);
    }
    const [, format, version, count, digest, closed] = head.exec(begin.join("\n")) ?? [];
    if (format !== indexFormat) return null;
    if (Number(version) > indexVersion) throw newerVersion(Number(version));
    if (Number(version) !== indexVersion) return null;
    const hash = createHash("sha256").update("[");
    const records = new RecordStore();
    let last = "";
    let isLast = closed === "]";
    while (!isLast) {
      const { value, done } = await lines.next();
      if (done === true) return null;
      isLast = !value.endsWith(",");
      const line = value.slice(4, isLast ? undefined : -1);
      const at = value.startsWith("    ") ? pathOfLine(line) : null;
      if (at === null || (records.size > 0 && at <= last)) return null;
      hash.update(records.size === 0 ? line : `,${line}`);
      records.append(at, line);
      last = at;
    }
    const end = [...(closed === "]" ? [] : ["  ]"]), "}", ""];
    for (const wanted of end) if ((await lines.next()).value !== wanted) return null;
    if ((await lines.next()).done !== true) return null;
    if (Number(count) !== records.size) throw corrupt(`it holds ${records.size} records, its count says ${String(count)}`);
    if (`sha256:${hash.update("]").digest("hex")}` !== digest) throw corrupt("its records do not have the digest it names");
    return { records, digest: digest as Digest };
  } catch (error) {
    if (isAtomicIoError(error) && error.details["errno"] === "ENOENT") return "missing";
    throw error;
  } finally {
    await lines.return();
  }
}
