import type { FileHandle, FileSystem } from "@gov/atomic-io";

/** A rename that is none: it writes the target in place, piece by piece, as many programs do. */
export function withoutAtomicRename(fs: FileSystem): FileSystem {
  return {
    ...fs,
    rename: async (from, to) => {
      const source = await fs.open(from, "read");
      const bytes = new Uint8Array((await source.stat()).size);
      await source.read(bytes, 0);
      await source.close();
      const isThere = await fs.lstat(to).then(
        () => true,
        () => false,
      );
      const target = await fs.open(to, isThere ? "read-write" : "create");
      await target.truncate(0);
      const half = Math.floor(bytes.byteLength / 2);
      await target.write(bytes.subarray(0, half), 0);
      await target.write(bytes.subarray(half), half);
      await target.close();
      await fs.unlink(from);
    },
  };
}

/** A disk that says it has synced, and has not. */
export function withoutSync(fs: FileSystem): FileSystem {
  const handle = (open: FileHandle): FileHandle => ({ ...open, sync: async () => undefined, datasync: async () => undefined });
  return { ...fs, open: async (...args) => handle(await fs.open(...args)) };
}
