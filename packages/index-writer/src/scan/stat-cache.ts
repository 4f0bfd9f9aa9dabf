import { dirname } from "node:path";
import { ensureDirectory, type FileSystem, nodeFileSystem, replaceFile } from "@gov/atomic-io";

/** Where a scan keeps what it knows of files from one time to the next. Losing it costs time and nothing else. */
export interface StatCache {
  /** What was saved last, or null. */
  readonly load: () => Promise<Uint8Array | null>;
  readonly save: (bytes: Uint8Array) => Promise<void>;
  /** The time that the file system would give a write made now, in nanoseconds. */
  readonly stampNs: () => Promise<bigint>;
}

/** Options of {@link openStatCache}. */
export interface OpenStatCacheOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/** So large the file of the stamps may become. */
const stampBytes = 4_096;

/** Keeps a stat cache in a file, whose directory is created when missing. It must lie on the file system of the files scanned, so that both have one clock. */
export function openStatCache(path: string, options: OpenStatCacheOptions = {}): StatCache {
  const { fs = nodeFileSystem } = options;
  return {
    load: async () => {
      try {
        return await readWhole(fs, path);
      } catch {
        return null;
      }
    },
    // It proves itself whole when it is read: a power cut may take it.
    save: async (bytes) => {
      await mustBeNoLink(fs, path);
      await replaceFile(path, bytes, { fs, durability: "none" });
    },
    stampNs: async () => {
      await ensureDirectory(dirname(path), { fs });
      await mustBeNoLink(fs, `${path}.stamp`);
      const handle = await fs.open(`${path}.stamp`, "append");
      try {
        await handle.write(Buffer.from("."), null);
        const { modifiedNs, size } = await handle.stat();
        // Only now and then: to free a block takes longer than all else here.
        if (size >= stampBytes) await handle.truncate(0);
        return modifiedNs;
      } finally {
        await handle.close();
      }
    },
  };
}

/** A repository of somebody else may have a link committed in place of the folder or the file, and what it leads to is not the cache's. */
async function mustBeNoLink(fs: FileSystem, path: string): Promise<void> {
  for (const place of [dirname(path), path]) {
    const standing = await fs.lstat(place).catch(() => null);
    if (standing?.kind === "symlink") throw new TypeError(`Cannot keep a cache in "${path}": "${place}" is a symbolic link`);
  }
}

async function readWhole(fs: FileSystem, path: string): Promise<Uint8Array> {
  const handle = await fs.open(path, "read");
  try {
    const bytes = new Uint8Array((await handle.stat()).size);
    for (let length = 0; length < bytes.byteLength;) {
      const got = await handle.read(bytes.subarray(length), length);
      if (got === 0) return bytes.subarray(0, length);
      length += got;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}
