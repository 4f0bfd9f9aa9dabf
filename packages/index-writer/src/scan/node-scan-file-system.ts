import { type BigIntStats, lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { nodeSyncFileSystem } from "@gov/atomic-io";
import type { ScanFileSystem, ScanStat } from "./scan-file-system.ts";

const fileType = 0o170000n;
const kinds: ReadonlyMap<bigint, ScanStat["kind"]> = new Map([
  [0o100000n, "file"],
  [0o040000n, "directory"],
  [0o120000n, "symlink"],
]);

/** The machine's file system for scans: the one Node default of the {@link ScanFileSystem} port. It answers at once, and reads no more of a stat than a scan uses. */
export const nodeScanFileSystem: ScanFileSystem = {
  open: (path) => nodeSyncFileSystem.open(path, "read"),
  stat: (path) => scanStatOf(statSync(path, { bigint: true })),
  lstat: (path) => scanStatOf(lstatSync(path, { bigint: true })),
  realpath: (path) => realpathSync.native(path),
  readdir: (path) => readdirSync(path),
};

function scanStatOf(stats: BigIntStats): ScanStat {
  return {
    kind: kinds.get(stats.mode & fileType) ?? "other",
    size: Number(stats.size),
    inode: stats.ino,
    modifiedNs: stats.mtimeNs,
    changedNs: stats.ctimeNs,
  };
}
