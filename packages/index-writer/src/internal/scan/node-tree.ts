import { type Dirent, readdirSync } from "node:fs";
import type { Digest } from "@gov/schema/canonical";
import { nodeScanFileSystem } from "../../scan/node-scan-file-system.ts";
import type { ScanStat } from "../../scan/scan-file-system.ts";
import { finishWork, hasScanThread, type ScanPart, shareWork } from "./node-scan-threads.ts";
import { createScanWork, digestReader, done, noted, type ScanLoad } from "./node-scan-work.ts";
import { slashed } from "./repository-rules.ts";
import { isSameStat, notedAlone, type NotedStat, statLength } from "./noted-stat.ts";
import type { StatTable } from "./stat-table.ts";
import { isStat, type SeenFile, type TreeReader } from "./tree-reader.ts";

/** Files that are looked at together. */
const batchSize = 512;
/** Starting a thread takes as long as looking at so many files. */
const worthAThread = { examine: 8_000, read: 1_500 } as const;
/** One that runs takes its share of fewer. */
const worthSharing = 200;

/** Paths, and the same as one text, separated by NUL. */
type Expected = Pick<StatTable, "paths" | "joined">;

/** What a walk of the machine's files is for. */
export interface NodeTreeOptions {
  readonly task: "examine" | "read";
  /** Real path of the root. */
  readonly root: string;
  /** Paths below it that will most likely be wanted, in the order of the walk; null for none. */
  readonly expected: Expected | null;
}

/**
 * Reads trees of the machine. Listing a directory tells what its entries are; the wanted files are examined, or read as well, in batches, of which other threads
 * take theirs while the walk goes on. Expected files they examine from the beginning, in one batch: waking a thread for each would take longer than the work.
 */
export function openNodeTree({ task, root, expected: known }: NodeTreeOptions): TreeReader {
  const parts: ScanPart[] = [];
  const begin = (paths: readonly string[], { prefix, joined, shared }: BeginOptions): ScanPart => {
    const work = createScanWork(task, paths, { prefix, joined });
    if (shared) shareWork(work);
    return { work, load: { ...work, pathOf: (at) => prefix + (paths[at] as string) }, shared };
  };
  const expected = known?.paths ?? [];
  const isWorthIt = known !== null && expected.length >= (hasScanThread() ? worthSharing : worthAThread[task]);
  const early = isWorthIt ? begin(expected, { prefix: slashed(root), joined: known.joined, shared: true }) : null;
  /** For each file asked for its place in the early part, or -1. */
  const places: number[] = [];
  let next = 0;
  let paths: string[] = [];
  const close = (): void => {
    parts.push(begin(paths, { prefix: "", joined: undefined, shared: hasScanThread() || parts.length * batchSize >= worthAThread[task] }));
    paths = [];
  };
  return {
    fs: nodeScanFileSystem,
    list: (directory) => {
      const entries = readdirSync(directory, { withFileTypes: true });
      return { names: entries.map(({ name }) => name), kinds: entries.map(kindOf), seen: null };
    },
    examine: ({ path, absolute, respelled }) => {
      if (early !== null) {
        // Both are in the order of the walk: what is expected and does not come is gone.
        while (expected[next] !== path && next < expected.length && (expected[next] as string) < path) next += 1;
        // What is expected was examined where its path leads, which is another place, or none, where the file system spells it otherwise.
        if (expected[next] === path && !(respelled && absolute !== slashed(root) + path)) {
          places.push(next);
          return expected[next++] as string;
        }
      }
      places.push(-1);
      paths.push(absolute);
      if (paths.length === batchSize) close();
      return path;
    },
    examined: async (signal) => {
      if (paths.length > 0) close();
      await finishWork(early === null ? parts : [early, ...parts], signal);
      const seen = parts.flatMap((part) => seenIn(part));
      if (early === null) return seen;
      const known = seenIn(early);
      let at = 0;
      return places.map((place) => (place < 0 ? seen[at++] : known[place]));
    },
  };
}

interface BeginOptions {
  readonly prefix: string;
  readonly joined: string | undefined;
  readonly shared: boolean;
}

function kindOf(entry: Dirent): ScanStat["kind"] {
  return entry.isFile() ? "file" : entry.isDirectory() ? "directory" : entry.isSymbolicLink() ? "symlink" : "other";
}

function seenIn({ load }: ScanPart): readonly unknown[] {
  const { task, outcomes, stats } = load;
  const digestAt = task === "read" ? digestReader(load) : null;
  const halves = new Int32Array(stats.buffer);
  const seen: unknown[] = [];
  // By place, as every line here is run for each of very many files.
  for (let at = 0; at < outcomes.length; at++) {
    const outcome = outcomes[at];
    // Whatever was strange is looked at again, for the reason.
    if (outcome !== done && outcome !== noted) seen.push(lookAgain(load.pathOf(at)));
    else seen.push(new NotedFile(load, halves, at, digestAt !== null && outcome === done ? digestAt(at) : undefined));
  }
  return seen;
}

/** A file as it was noted. Its exact numbers are asked for again, by the few who need them. */
class NotedFile implements SeenFile, NotedStat {
  readonly size: number;
  readonly digest: Digest | undefined;
  readonly halves: Int32Array;
  readonly at: number;
  readonly #load: ScanLoad;
  #exact: ScanStat | null = null;

  constructor(load: ScanLoad, halves: Int32Array, place: number, digest: Digest | undefined) {
    this.halves = halves;
    this.at = place * statLength;
    this.size = load.stats[this.at] as number;
    this.digest = digest;
    this.#load = load;
  }

  get kind(): "file" {
    return "file";
  }

  get noted(): NotedStat {
    return this;
  }

  get numbers(): Float64Array {
    return this.#load.stats;
  }

  get inode(): bigint {
    return this.#exactly().inode;
  }

  get modifiedNs(): bigint {
    return this.#exactly().modifiedNs;
  }

  get changedNs(): bigint {
    return this.#exactly().changedNs;
  }

  #exactly(): ScanStat {
    return (this.#exact ??= this.#lookAgain());
  }

  /** Numbers that no file has, unless the one that was noted is still there. */
  #lookAgain(): ScanStat {
    const found = lookAgain(this.#load.pathOf(this.at / statLength));
    return isStat(found) && isSameStat(this, notedAlone(found)) ? found : { kind: "file", size: this.size, ...gone };
  }
}

const gone = { inode: -1n, modifiedNs: -1n, changedNs: -1n } as const;

function lookAgain(path: string): unknown {
  try {
    return nodeScanFileSystem.lstat(path);
  } catch (error) {
    return error;
  }
}
