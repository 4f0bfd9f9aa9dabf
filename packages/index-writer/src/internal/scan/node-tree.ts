import { type Dirent, readdirSync } from "node:fs";
import { nodeScanFileSystem } from "../../scan/node-scan-file-system.ts";
import type { ScanStat } from "../../scan/scan-file-system.ts";
import { finishWork, hasScanThread, shareWork } from "./node-scan-threads.ts";
import { createScanWork, done, type ScanWork } from "./node-scan-work.ts";
import type { TreeReader } from "./tree-reader.ts";

/** Files that are examined together. */
const batchSize = 512;
/** Starting a thread takes as long as examining so many files. */
const worthAThread = 8_000;

interface Batch {
  readonly work: ScanWork;
  readonly paths: readonly string[];
  readonly shared: boolean;
}

/**
 * Reads trees of the machine. Listing a directory tells what its entries are; the wanted files are examined in batches, of which other threads take theirs while
 * the walk goes on.
 */
export function openNodeTree(): TreeReader {
  const batches: Batch[] = [];
  let paths: string[] = [];
  const close = (): void => {
    const work = createScanWork("examine", paths, 0);
    const shared = hasScanThread() || batches.length * batchSize >= worthAThread;
    if (shared) shareWork(work);
    batches.push({ work, paths, shared });
    paths = [];
  };
  return {
    fs: nodeScanFileSystem,
    list: (directory) =>
      readdirSync(directory, { withFileTypes: true }).map((entry) => ({ name: entry.name, kind: kindOf(entry), seen: null })),
    examine: (path) => {
      paths.push(path);
      if (paths.length === batchSize) close();
    },
    examined: async (signal) => {
      if (paths.length > 0) close();
      // From the end, where the others come last.
      for (const { work, paths: mine, shared } of batches.toReversed())
        await finishWork(work, { ...work, paths: mine }, { shared, signal });
      return batches.flatMap(seenIn);
    },
  };
}

function kindOf(entry: Dirent): ScanStat["kind"] {
  return entry.isFile() ? "file" : entry.isDirectory() ? "directory" : entry.isSymbolicLink() ? "symlink" : "other";
}

function seenIn({ work: { outcomes, stats }, paths }: Batch): readonly unknown[] {
  return paths.map((path, at) => {
    // Whatever was strange is looked at again, for the reason.
    if (outcomes[at] !== done) return lookAgain(path);
    return {
      kind: "file",
      size: Number(stats[at * 4]),
      inode: stats[at * 4 + 1],
      modifiedNs: stats[at * 4 + 2],
      changedNs: stats[at * 4 + 3],
    };
  });
}

function lookAgain(path: string): unknown {
  try {
    return nodeScanFileSystem.lstat(path);
  } catch (error) {
    return error;
  }
}
