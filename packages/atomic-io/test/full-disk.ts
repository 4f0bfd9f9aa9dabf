import type { FileSystem } from "@gov/atomic-io";

/** A file system that can be full: then no file grows and none that is new takes a byte, while what is there can be written over and removed. */
export function fillable(fs: FileSystem): { readonly fs: FileSystem; full: boolean; freed: number } {
  const disk = {
    full: false,
    /** Bytes that removed files have given back since it was full. */
    freed: 0,
    fs: {
      ...fs,
      open: async (...given: Parameters<FileSystem["open"]>) => {
        const handle = await fs.open(...given);
        return {
          ...handle,
          write: async (bytes: Uint8Array, position: number | null) => {
            const { size } = await handle.stat();
            const grows = Math.max(0, (position ?? size) + bytes.byteLength - size);
            if (disk.full && grows > disk.freed) throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
            if (disk.full) disk.freed -= grows;
            return handle.write(bytes, position);
          },
        };
      },
      unlink: async (path: string) => {
        const { size } = await fs.stat(path);
        await fs.unlink(path);
        if (disk.full) disk.freed += size;
      },
    } satisfies FileSystem,
  };
  return disk;
}
