import type { Digest } from "@gov/schema/canonical";
import type { Breathe, ScanFileSystem, ScanStat } from "../../scan/scan-file-system.ts";
import type { NotableStat } from "./noted-stat.ts";

/** The entries of a directory, one at each place. */
export interface TreeListing {
  readonly names: readonly string[];
  readonly kinds: readonly (ScanStat["kind"] | "unknown")[];
  /** What they look like, or the errors where that could not be seen; null as long as nobody has looked. */
  readonly seen: readonly unknown[] | null;
}

/** What a file looks like, and what it holds where that was read in the same go. */
export interface SeenFile extends NotableStat {
  readonly digest?: Digest | undefined;
}

/** Reads a tree for one walk. */
export interface TreeReader {
  readonly fs: ScanFileSystem;
  readonly list: (directory: string) => TreeListing | Promise<TreeListing>;
  /**
   * Wants to know what a file looks like that was listed without having been looked at. Gives its path, as the text that it was expected by, if it was.
   * `respelled` tells that the file system may spell the path otherwise.
   */
  readonly examine: (file: { readonly path: string; readonly absolute: string; readonly respelled: boolean }) => string;
  /** What the files to be examined look like, or the error, in the order in which they were asked for. */
  readonly examined: (signal: AbortSignal | undefined) => Promise<readonly unknown[]>;
}

const breatheEvery = 2_000;

/** Reads a tree through a file system, which tells no more of entries than their names. */
export function openTreeThrough(fs: ScanFileSystem, breathe: Breathe): TreeReader {
  return {
    fs,
    list: async (directory) => {
      const names = await fs.readdir(directory);
      const prefix = directory.endsWith("/") ? directory : `${directory}/`;
      const looks: unknown[] = [];
      for (const [at, name] of names.entries()) {
        looks.push(lookAt(fs, prefix + name));
        if (at % breatheEvery === breatheEvery - 1) await breathe();
      }
      // One round for all that answer later: a call at a time would spend most of a walk waiting.
      const seen = looks.some((look) => look instanceof Promise) ? await Promise.all(looks) : looks;
      return { names, kinds: seen.map((each) => (isStat(each) ? each.kind : "unknown")), seen };
    },
    examine: () => {
      throw new TypeError("Cannot examine again what the listing has looked at");
    },
    examined: async () => [],
  };
}

/** True for what a file looks like, false for the error when that could not be seen. */
export function isStat(value: unknown): value is SeenFile {
  return typeof value === "object" && value !== null && "kind" in value;
}

function lookAt(fs: ScanFileSystem, path: string): unknown {
  try {
    const stat = fs.lstat(path);
    return stat instanceof Promise ? stat.catch((error: unknown) => error) : stat;
  } catch (error) {
    return error;
  }
}
