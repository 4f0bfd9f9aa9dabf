import { createHash } from "node:crypto";
import type { Digest } from "@gov/schema/canonical";
import type { ContentHasher, HashFault, HashInput } from "../../scan/content-hasher.ts";
import type { ScanFileSystem, ScanStat } from "../../scan/scan-file-system.ts";

const chunkBytes = 1 << 20;

/** Hashes through a file system, one file after the other. */
export function hashThrough(fs: ScanFileSystem): ContentHasher {
  return async (files, { signal }) => {
    const results: (Digest | HashFault)[] = [];
    for (const file of files) {
      signal?.throwIfAborted();
      results.push(await hashOne(fs, file).catch((): HashFault => "INDEX_FILE_UNREADABLE"));
    }
    return results;
  };
}

async function hashOne(fs: ScanFileSystem, { absolute, stat }: HashInput): Promise<Digest | HashFault> {
  const handle = await fs.open(absolute, "read");
  try {
    if (!sameStat(await handle.stat(), stat)) return "INDEX_FILE_CHANGED";
    const hash = createHash("sha256");
    const buffer = new Uint8Array(Math.min(chunkBytes, stat.size + 1));
    let length = 0;
    for (;;) {
      const got = await handle.read(buffer, length);
      if (got === 0) break;
      hash.update(buffer.subarray(0, got));
      length += got;
    }
    if (length !== stat.size || !sameStat(await handle.stat(), stat)) return "INDEX_FILE_CHANGED";
    return `sha256:${hash.digest("hex")}`;
  } finally {
    await handle.close();
  }
}

/** True when two looks at a name show the same file with the same content, as far as the file system's times can tell. */
function sameStat(a: ScanStat, b: ScanStat): boolean {
  return a.kind === b.kind && a.size === b.size && a.inode === b.inode && a.modifiedNs === b.modifiedNs && a.changedNs === b.changedNs;
}
