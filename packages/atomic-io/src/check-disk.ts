import { dirname } from "node:path";
import type { FileStat, FileSystem } from "./file-system.ts";
import type { FileSystemSpace, SpaceProbe } from "./file-system-space.ts";
import { inDirectory } from "./internal/directory.ts";
import { errnoOf, failed } from "./internal/errno.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { nodeOwnerHost } from "./node-owner-host.ts";
import { nodeSpaceProbe } from "./node-space-probe.ts";

/** Every code a {@link DiskFinding} can carry. */
export const diskFindingCodes = ["ATOMIC_IO_DISK_FREE_SPACE", "ATOMIC_IO_DISK_QUOTA", "ATOMIC_IO_DISK_RETENTION"] as const;

/** A code of {@link DiskFinding}. */
export type DiskFindingCode = (typeof diskFindingCodes)[number];

/** What one directory, with everything below it, may hold. */
export interface DirectoryLimits {
  readonly path: string;
  readonly maxBytes?: number | undefined;
  readonly maxFiles?: number | undefined;
  /** How old, in milliseconds since its last change, a file may become. */
  readonly maxAgeMs?: number | undefined;
  /** What must be free on its file system. */
  readonly minFreeBytes?: number | undefined;
  /** The same as a part of the whole, 0 to 1. */
  readonly minFreeRatio?: number | undefined;
}

/** One limit that is not kept. */
export interface DiskFinding {
  readonly code: DiskFindingCode;
  readonly path: string;
  readonly message: string;
  readonly measured: number;
  readonly limit: number;
}

/** Options of {@link checkDisk}. */
export interface CheckDiskOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** @default the machine's statfs */
  readonly probe?: SpaceProbe | undefined;
  /** The present time in milliseconds since the epoch. @default the machine's clock */
  readonly now?: (() => number) | undefined;
}

/** What {@link checkDisk} measured, and every limit that is not kept. */
export interface DiskReport {
  readonly ok: boolean;
  readonly directories: readonly { readonly path: string; readonly bytes: number; readonly files: number; readonly freeBytes: number }[];
  readonly findings: readonly DiskFinding[];
}

/**
 * Measures directories and checks them against quota, retention and free space, so that a full disk is met before a write meets it (AIO-10). Symbolic links are
 * not followed; a missing directory holds nothing, and the space is then that of the nearest directory above it that exists.
 *
 * @throws RangeError for a limit that is negative or no number; TypeError without a path; {@link AtomicIoError} `ATOMIC_IO_READ_FAILED` when something cannot be measured.
 * @example Fail a build before the disk is full
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdirSync, writeFileSync } from "node:fs";
 * import { checkDisk } from "@gov/atomic-io";
 *
 * mkdirSync("reports");
 * writeFileSync("reports/a", "x".repeat(2000));
 * const { ok, findings } = await checkDisk([{ path: "reports", maxBytes: 1000 }]);
 * assert.equal(ok, false);
 * assert.deepEqual(findings.map(({ code, measured }) => [code, measured]), [["ATOMIC_IO_DISK_QUOTA", 2000]]);
 * ```
 */
export async function checkDisk(directories: readonly DirectoryLimits[], options: CheckDiskOptions = {}): Promise<DiskReport> {
  const { fs = nodeFileSystem, probe = nodeSpaceProbe, now = nodeOwnerHost.now } = options;
  for (const limits of directories) mustBeLimits(limits);
  const measured: { path: string; bytes: number; files: number; freeBytes: number }[] = [];
  const findings: DiskFinding[] = [];
  for (const limits of directories) {
    const { path } = limits;
    const use: Use = { bytes: 0, files: 0, oldest: null };
    const present = await measure(fs, path, { use, now: now() });
    const space = await spaceOf(probe, present ? path : dirname(path));
    measured.push({ path, bytes: use.bytes, files: use.files, freeBytes: space.freeBytes });
    const check = (code: DiskFindingCode, message: string, values: { readonly measured: number; readonly limit: number }): void =>
      void findings.push({ code, path, message, ...values });
    const { maxBytes, maxFiles, maxAgeMs, minFreeBytes, minFreeRatio } = limits;
    if (maxBytes !== undefined && use.bytes > maxBytes)
      check("ATOMIC_IO_DISK_QUOTA", `"${path}" holds ${use.bytes} bytes, at most ${maxBytes} are allowed`, {
        measured: use.bytes,
        limit: maxBytes,
      });
    if (maxFiles !== undefined && use.files > maxFiles)
      check("ATOMIC_IO_DISK_QUOTA", `"${path}" holds ${use.files} files, at most ${maxFiles} are allowed`, {
        measured: use.files,
        limit: maxFiles,
      });
    if (maxAgeMs !== undefined && use.oldest !== null && use.oldest.ageMs > maxAgeMs) {
      const message = `"${use.oldest.path}" has not been changed for ${use.oldest.ageMs} ms, at most ${maxAgeMs} are allowed`;
      check("ATOMIC_IO_DISK_RETENTION", message, { measured: use.oldest.ageMs, limit: maxAgeMs });
    }
    const required = Math.max(minFreeBytes ?? 0, Math.ceil((minFreeRatio ?? 0) * space.totalBytes));
    if (space.freeBytes < required) {
      const message = `The file system of "${path}" has ${space.freeBytes} bytes free, at least ${required} are required`;
      check("ATOMIC_IO_DISK_FREE_SPACE", message, { measured: space.freeBytes, limit: required });
    }
  }
  return { ok: findings.length === 0, directories: measured, findings };
}

interface Use {
  bytes: number;
  files: number;
  oldest: { path: string; ageMs: number } | null;
}

async function measure(fs: FileSystem, directory: string, into: { readonly use: Use; readonly now: number }): Promise<boolean> {
  let names;
  try {
    names = await fs.readdir(directory);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return false;
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot measure "${directory}"`, { path: directory, step: "listing it", cause: error });
  }
  for (const name of names) {
    const path = inDirectory(directory, name);
    const stat = await statOf(fs, path);
    if (stat === null) continue;
    if (stat.kind === "directory") await measure(fs, path, into);
    else add(into.use, { path, size: stat.size, ageMs: Math.floor(into.now - Number(stat.modifiedNs / 1_000_000n)) });
  }
  return true;
}

function add(use: Use, file: { readonly path: string; readonly size: number; readonly ageMs: number }): void {
  use.bytes += file.size;
  use.files += 1;
  if (use.oldest === null || file.ageMs > use.oldest.ageMs) use.oldest = { path: file.path, ageMs: file.ageMs };
}

async function statOf(fs: FileSystem, path: string): Promise<FileStat | null> {
  try {
    return await fs.lstat(path);
  } catch (error) {
    // Removed since it was listed.
    if (errnoOf(error) === "ENOENT") return null;
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot measure "${path}"`, { path, step: "lstat", cause: error });
  }
}

async function spaceOf(probe: SpaceProbe, path: string): Promise<FileSystemSpace> {
  try {
    return await probe(path);
  } catch (error) {
    // Several directories may be missing, and the last of them may just have gone.
    if (errnoOf(error) === "ENOENT" && dirname(path) !== path) return spaceOf(probe, dirname(path));
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot measure the file system of "${path}"`, { path, step: "statfs", cause: error });
  }
}

function mustBeLimits(limits: DirectoryLimits): void {
  const { path, ...numbers } = limits;
  if (typeof path !== "string" || path === "")
    throw new TypeError("Cannot measure a directory without a path: a non-empty string is required");
  for (const [name, value] of Object.entries<number | undefined>(numbers)) {
    if (value === undefined) continue;
    if (typeof value !== "number" || !(value >= 0) || (name === "minFreeRatio" && value > 1))
      throw new RangeError(`Cannot check "${path}" against ${name} ${String(value)}: it must be a number that is not negative`);
  }
}
