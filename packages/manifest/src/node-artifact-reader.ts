import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ReadArtifact } from "./verify-manifest.ts";

/** Options of {@link createArtifactReader}. */
export interface ArtifactReaderOptions {
  /** Larger artifacts are refused, in bytes. @default 268435456 */
  readonly maxBytes?: number | undefined;
}

/** Without waiting for somebody to write to a pipe; a link is not followed where the platform can be told so. */
const noFollow = constants.O_NOFOLLOW as number | undefined;
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (noFollow ?? 0);

/**
 * Reads the artifacts below a root for `verifyManifest()`, one after the other, with as few calls as there can be: the Node default of that port. Only files reached through
 * folders are read; a symbolic link below the root is refused, so that nothing outside is taken for an artifact. The bytes stand until the next artifact is read.
 *
 * What is returned throws what the file system throws, and an `Error` for a link, another thing than a file, or too large a file; `verifyManifest()` makes findings of them.
 */
export function createArtifactReader(root: string, options: ArtifactReaderOptions = {}): ReadArtifact {
  const { maxBytes = 1 << 28 } = options;
  const folders = new Set<string>([".", ""]);
  let buffer = Buffer.allocUnsafeSlow(1 << 16);
  const assertFolder = (folder: string): void => {
    if (folders.has(folder)) return;
    assertFolder(dirname(folder));
    if (!lstatSync(join(root, folder)).isDirectory()) throw new Error(`"${folder}" is no folder, and a link is not followed`);
    folders.add(folder);
  };
  const readWhole = (file: number): Uint8Array => {
    for (let length = 0; ;) {
      const room = buffer.length - length;
      const got = readSync(file, buffer, length, room, null);
      length += got;
      if (length > maxBytes) throw new Error(`Larger than ${String(maxBytes)} bytes`);
      // Less than there was room for: a file has ended there.
      if (got < room) {
        // A pipe nobody writes to ends at once, too.
        if (length === 0 && !fstatSync(file).isFile()) throw new Error("No file");
        return buffer.subarray(0, length);
      }
      buffer = Buffer.concat([buffer], buffer.length * 2);
    }
  };
  return (path) => {
    try {
      assertFolder(path.slice(0, Math.max(path.lastIndexOf("/"), 0)));
      const place = `${root}/${path}`;
      if (noFollow === undefined && !lstatSync(place).isFile()) throw new Error("No file, and a link is not followed");
      const file = openSync(place, openFlags);
      try {
        return readWhole(file);
      } finally {
        closeSync(file);
      }
    } catch (error) {
      if ((error as { code?: unknown }).code === "ENOENT") return null;
      throw error;
    }
  };
}
