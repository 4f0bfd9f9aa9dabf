import * as fs from "node:fs";
import type { FileHandle, FileSystem, OpenIntent, OpenOptions } from "./file-system.ts";
import type { EitherFileSystem, EitherHandle } from "./internal/either-file-system.ts";
import { nodeSyncFileSystem, openNode } from "./node-sync-file-system.ts";

// Up to here copying into the page cache takes less time than the way through the thread pool and back.
const smallBytes = 128 * 1024;

// Up to here the same goes for listing a directory.
const fewNames = 256;

/**
 * The machine's file system: the one Node default of the {@link FileSystem} port.
 *
 * Calls that only touch names and inodes, and small writes, are made at once on the calling thread: each takes a few microseconds, the way through Node's
 * thread pool ten times as long. So is the listing of a directory, as far as its first 256 names. What waits for the disk (fsync, reads, large writes, large
 * directories) goes through the pool.
 */
export const nodeFileSystem: FileSystem = {
  open: async (path, intent, options) => handleOf(openEither(path, intent, options)),
  stat: async (path) => nodeSyncFileSystem.stat(path),
  lstat: async (path) => nodeSyncFileSystem.lstat(path),
  realpath: async (path) => nodeSyncFileSystem.realpath(path),
  readlink: async (path) => nodeSyncFileSystem.readlink(path),
  readdir: async (path) => (fewNamesIn(path) ?? (await fs.promises.readdir(path))).sort(),
  mkdir: async (path) => nodeSyncFileSystem.mkdir(path),
  rename: async (from, to) => nodeSyncFileSystem.rename(from, to),
  link: async (existing, name) => nodeSyncFileSystem.link(existing, name),
  unlink: async (path) => nodeSyncFileSystem.unlink(path),
};

const nodeEitherFileSystem: EitherFileSystem = {
  ...nodeSyncFileSystem,
  open: openEither,
  readdir: (path) => nodeFileSystem.readdir(path),
  isStill: (path, { device, inode }) => {
    // A stat in plain numbers, which takes half the time, tells apart what is exact in them: no larger number is rounded to a safe one.
    const [plainInode, plainDevice] = [Number(inode), Number(device)];
    const exact = Number.isSafeInteger(plainInode) && Number.isSafeInteger(plainDevice);
    const stat = exact ? fs.statSync(path, { throwIfNoEntry: false }) : fs.statSync(path, { bigint: true, throwIfNoEntry: false });
    return exact ? stat?.ino === plainInode && stat.dev === plainDevice : stat?.ino === inode && stat.dev === device;
  },
};

/** The same file system for steps: the calls of the machine's that are made at once then return their result and no promise of it. */
export function eitherOf(fs: FileSystem): EitherFileSystem {
  return fs === nodeFileSystem ? nodeEitherFileSystem : fs;
}

function openEither(path: string, intent: OpenIntent, options?: OpenOptions): EitherHandle {
  const opened = openNode(path, intent, options?.mode ?? 0o666);
  const { descriptor, stat, chmod, chown, truncate, renameWithin, close } = opened;
  return {
    read: (buffer, position) => pooled<number>((done) => fs.read(descriptor(), buffer, 0, buffer.byteLength, position, done)),
    write: (bytes, position) =>
      bytes.byteLength <= smallBytes
        ? opened.write(bytes, position)
        : pooled<number>((done) => fs.write(descriptor(), bytes, 0, bytes.byteLength, position, done)),
    sync: () => pooled((done) => fs.fsync(descriptor(), done)),
    datasync: () => pooled((done) => fs.fdatasync(descriptor(), done)),
    ...{ stat, chmod, chown, truncate, renameWithin, close },
    closeAside: () => {
      const closing = opened.disown();
      return closing === null ? Promise.resolve() : pooled((done) => fs.close(closing, done));
    },
  };
}

function handleOf(either: EitherHandle): FileHandle {
  const { renameWithin, closeAside } = either;
  return {
    read: async (buffer, position) => either.read(buffer, position),
    write: async (bytes, position) => either.write(bytes, position),
    sync: async () => either.sync(),
    datasync: async () => either.datasync(),
    stat: async () => either.stat(),
    chmod: async (mode) => either.chmod(mode),
    chown: async (uid, gid) => either.chown(uid, gid),
    truncate: async (size) => either.truncate(size),
    ...(renameWithin === undefined ? {} : { renameWithin: async (from, to) => renameWithin(from, to) }),
    close: async () => either.close(),
    ...(closeAside === undefined ? {} : { closeAside: async () => closeAside() }),
  };
}

/** The names in a directory, or null when there are more than a few. */
function fewNamesIn(path: string): string[] | null {
  const directory = fs.opendirSync(path);
  try {
    const names: string[] = [];
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
      if (names.push(entry.name) > fewNames) return null;
    }
    return names;
  } finally {
    directory.closeSync();
  }
}

function pooled<T = void>(call: (done: (error: Error | null, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => call((error, value) => (error === null ? resolve(value as T) : reject(error))));
}
