import { type Durability, durabilityOf } from "./durability.ts";
import { AtomicIoError, type AtomicIoErrorCode } from "./errors.ts";
import type { FileHandle, FileSystem } from "./file-system.ts";
import { failed } from "./internal/errno.ts";
import { noDirectory } from "./internal/directory.ts";
import { modeOf } from "./internal/mode.ts";
import { inTurn } from "./internal/path-queue.ts";
import { makeNameDurable } from "./internal/publish.ts";
import { notAFile, type Target } from "./internal/resolve-target.ts";
import { readFully, writeFully } from "./internal/write-fully.ts";
import { eitherOf, nodeFileSystem } from "./node-file-system.ts";

/** Options of {@link appendLine}. */
export interface AppendLineOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** Permission bits of a file that is created, before the umask. @default 0o666 */
  readonly mode?: number | undefined;
  /** What the acknowledgement must survive. @default "power" */
  readonly durability?: Durability | undefined;
  /**
   * What to do with a last line that has no line feed, which a crash in an append leaves and which was never acknowledged: `refuse` it, or `remove` it
   * first. A line glued to it would be lost with it. @default "refuse"
   */
  readonly tornLine?: "refuse" | "remove" | undefined;
}

/** What {@link appendLine} did. */
export interface AppendLineResult {
  /** The real path written, links followed. */
  readonly path: string;
  /** Position of the first byte of the line. */
  readonly offset: number;
  /** Length of the line with its line feed. */
  readonly bytes: number;
  readonly durability: Durability;
}

// Directory entries this process has made durable, by inode and birth, so that a long-lived log costs one fsync per line.
const durableNames = new WeakMap<FileSystem, Set<string>>();

/**
 * Appends one line, and a line feed, and resolves once both survive a power cut; the first append also syncs the directory entry.
 * Calls for one file run one after the other in this process; across processes the caller holds a lock. When the append fails, the file is cut back to
 * where it was as far as the file system allows; a last line without a line feed was never acknowledged, and readers must not count it.
 *
 * @throws TypeError when the line holds a line feed or a carriage return, RangeError for an option that makes no sense.
 * @throws {@link AtomicIoError} `ATOMIC_IO_LINE_TORN` when the last line has no line feed; `ATOMIC_IO_WRITE_FAILED`, `ATOMIC_IO_SYNC_FAILED`,
 * `ATOMIC_IO_NOT_A_FILE`, `ATOMIC_IO_CREATE_FAILED`, `ATOMIC_IO_READ_FAILED`: the line is not acknowledged; `ATOMIC_IO_COMMIT_UNCERTAIN`: it stands there, but
 * the name of the file may not survive a power cut.
 * @example Append to a log
 * ```ts
 * import assert from "node:assert/strict";
 * import { readFile } from "node:fs/promises";
 * import { appendLine } from "@gov/atomic-io";
 *
 * await appendLine("log.jsonl", '{"seq":1}');
 * await appendLine("log.jsonl", '{"seq":2}');
 * assert.equal(await readFile("log.jsonl", "utf8"), '{"seq":1}\n{"seq":2}\n');
 * ```
 */
export async function appendLine(path: string, line: string, options: AppendLineOptions = {}): Promise<AppendLineResult> {
  const { fs = nodeFileSystem, tornLine = "refuse" } = options;
  const mode = modeOf(options.mode);
  const durability = durabilityOf(options.durability);
  if (typeof line !== "string" || /[\n\r]/.test(line)) throw new TypeError("Cannot append a line: it must be a string without line breaks");
  if (tornLine !== "refuse" && tornLine !== "remove")
    throw new RangeError(`Cannot append with tornLine "${String(tornLine)}": it must be "refuse" or "remove"`);
  const bytes = Buffer.from(`${line}\n`, "utf8");
  const task = async (target: Target): Promise<AppendLineResult> => {
    const { existing } = target;
    if (existing !== null && existing.kind !== "file") throw notAFile(path, existing.kind);
    const handle = await openToAppend(fs, target, mode);
    try {
      const offset = await endOfLines(handle, target, tornLine);
      await append(handle, target, { bytes, offset, durability });
      return { path: target.real, offset, bytes: bytes.byteLength, durability: await keepName(fs, handle, target, durability) };
    } finally {
      // What was to be durable has been synced, so nothing can be lost with a failure.
      await handle.close().catch(() => undefined);
    }
  };
  return inTurn(fs, path, { known: noDirectory, task });
}

function openToAppend(fs: FileSystem, target: Target, mode: number | undefined): Promise<FileHandle> {
  return doing(target, { code: "ATOMIC_IO_CREATE_FAILED", step: "open" }, () => fs.open(target.path, "append", { mode }));
}

async function doing<T>(
  { real }: Target,
  { code, step }: { readonly code: AtomicIoErrorCode; readonly step: string },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failed(code, `Cannot append to "${real}"`, { path: real, step, cause: error });
  }
}

async function endOfLines(handle: FileHandle, target: Target, tornLine: "refuse" | "remove"): Promise<number> {
  const finding = { code: "ATOMIC_IO_READ_FAILED", step: "finding its last line" } as const;
  const { size, end } = await doing(target, finding, () => lastFeed(handle));
  if (end === size) return size;
  if (tornLine === "refuse") {
    throw new AtomicIoError("ATOMIC_IO_LINE_TORN", `Cannot append to "${target.real}": its last line has no line feed`, {
      details: { path: target.real, offset: end, size },
      hint: 'verify the log, then append with tornLine "remove" or end the line by hand',
    });
  }
  await doing(target, { code: "ATOMIC_IO_WRITE_FAILED", step: "removing its torn line" }, () => handle.truncate(end));
  return end;
}

/** The size of a file, and where the line after its last line feed would begin. */
async function lastFeed(handle: FileHandle): Promise<{ readonly size: number; readonly end: number }> {
  const { size } = await handle.stat();
  const block = new Uint8Array(4096);
  for (let end = size; end > 0;) {
    const from = Math.max(0, end - block.byteLength);
    const got = await readFully(handle, block.subarray(0, end - from), from);
    const feed = block.subarray(0, got).lastIndexOf(10);
    if (feed >= 0) return { size, end: from + feed + 1 };
    end = from;
  }
  return { size, end: 0 };
}

async function append(
  handle: FileHandle,
  target: Target,
  line: { readonly bytes: Uint8Array; readonly offset: number; readonly durability: Durability },
): Promise<void> {
  const wanted = `Cannot append to "${target.real}"`;
  try {
    await writeFully(handle, line.bytes, null);
  } catch (error) {
    await cutBack(handle, line.offset);
    throw failed("ATOMIC_IO_WRITE_FAILED", wanted, { path: target.real, step: "write", cause: error });
  }
  if (line.durability === "none") return;
  try {
    await handle.sync();
  } catch (error) {
    await cutBack(handle, line.offset);
    throw failed("ATOMIC_IO_SYNC_FAILED", wanted, {
      path: target.real,
      step: "fsync",
      cause: error,
      hint: "verify the log before appending again",
    });
  }
}

async function cutBack(handle: FileHandle, size: number): Promise<void> {
  try {
    await handle.truncate(size);
  } catch {
    // The reader takes a line without a line feed as torn; the failure to report is the append's.
  }
}

async function keepName(fs: FileSystem, handle: FileHandle, target: Target, durability: Durability): Promise<Durability> {
  if (durability !== "power") return durability;
  const stat = await doing(target, { code: "ATOMIC_IO_READ_FAILED", step: "fstat" }, () => handle.stat());
  const identity = `${target.key}:${stat.device}:${stat.inode}:${stat.bornNs}`;
  let known = durableNames.get(fs);
  if (known === undefined) durableNames.set(fs, (known = new Set()));
  if (known.has(identity)) return "power";
  const achieved = await makeNameDurable(eitherOf(fs), target, null);
  if (achieved === "power") known.add(identity);
  return achieved;
}
