import type { Breathe, ScanFileSystem, ScanStat } from "../../scan/scan-file-system.ts";

/** An entry of a directory. */
export interface TreeEntry {
  readonly name: string;
  readonly kind: ScanStat["kind"] | "unknown";
  /** What it looks like, or the error when that could not be seen; null as long as nobody has looked. */
  readonly seen: unknown;
}

/** Reads a tree for one walk. */
export interface TreeReader {
  readonly fs: ScanFileSystem;
  readonly list: (directory: string) => readonly TreeEntry[] | Promise<readonly TreeEntry[]>;
  /** Wants to know what a file looks like that was listed without having been looked at. */
  readonly examine: (absolute: string) => void;
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
      return names.map((name, at) => ({ name, kind: isStat(seen[at]) ? seen[at].kind : "unknown", seen: seen[at] }));
    },
    examine: () => {
      throw new TypeError("Cannot examine again what the listing has looked at");
    },
    examined: async () => [],
  };
}

/** True for what a file looks like, false for the error when that could not be seen. */
export function isStat(value: unknown): value is ScanStat {
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
