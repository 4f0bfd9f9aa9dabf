import { type FileStat, type FileSystem, nodeFileSystem } from "@gov/atomic-io";
import type { Result } from "@gov/schema";
import { atLeast } from "../internal/option-range.ts";
import { fileFinding, type IndexFindingCode } from "./file-finding.ts";

/** Options of {@link readFileBounded}. */
export interface ReadFileBoundedOptions {
  /** How the file is called in findings. @default the path given */
  readonly path?: string | undefined;
  /** The most bytes that are read. @default 16 MiB */
  readonly maxBytes?: number | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/**
 * Reads a whole regular file, or says why not: unreadable, not regular, too large, or changed while it was read. Never reads more than the limit, whatever size
 * the file claims, and never waits for a pipe.
 *
 * @throws RangeError when `maxBytes` is out of range.
 */
export async function readFileBounded(absolute: string, options: ReadFileBoundedOptions = {}): Promise<Result<Uint8Array>> {
  const { path = absolute, maxBytes = 16 * 1024 * 1024, fs = nodeFileSystem } = options;
  atLeast(0, maxBytes, "Cannot read a file: maxBytes");
  const refuse = (code: IndexFindingCode, what: string, hint?: string): Result<Uint8Array> => ({
    ok: false,
    findings: [fileFinding(code, path, what, hint)],
  });
  let handle;
  try {
    handle = await fs.open(absolute, "read");
  } catch (error) {
    const reason = reasonOf(error);
    // No permission helps where nothing is.
    const hint = reason === "ENOENT" ? "give the path of a file that is there" : undefined;
    return refuse("INDEX_FILE_UNREADABLE", `the file cannot be opened: ${reason}`, hint);
  }
  try {
    const before = await handle.stat();
    if (before.kind !== "file") return refuse("INDEX_FILE_SPECIAL", "it is not a regular file");
    if (before.size > maxBytes) return refuse("INDEX_FILE_TOO_LARGE", `it has ${before.size} bytes, at most ${maxBytes} are read`);
    // One byte more, so that a file that grows meanwhile shows it.
    const buffer = new Uint8Array(before.size + 1);
    let length = 0;
    for (let got = -1; got !== 0 && length < buffer.byteLength; length += got) got = await handle.read(buffer.subarray(length), length);
    if (length !== before.size || changed(before, await handle.stat())) return refuse("INDEX_FILE_CHANGED", "it changed while it was read");
    return { ok: true, value: buffer.subarray(0, length), findings: [] };
  } catch (error) {
    return refuse("INDEX_FILE_UNREADABLE", `the file cannot be read: ${reasonOf(error)}`);
  } finally {
    await handle.close().catch(() => undefined);
  }
}

function changed(before: FileStat, after: FileStat): boolean {
  return before.size !== after.size || before.modifiedNs !== after.modifiedNs || before.changedNs !== after.changedNs;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "an unknown error";
}
