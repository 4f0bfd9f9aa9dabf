import * as fs from "node:fs";
import type { FileHandle, FileSystem, OpenIntent, OpenOptions } from "./file-system.ts";
import type { EitherFileSystem, EitherHandle, Standing } from "./internal/either-file-system.ts";
import { standingOf } from "./internal/stat-of.ts";
import { nodeSyncFileSystem, openDescriptor, OpenFile, renameWithin } from "./node-sync-file-system.ts";

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
  looks: {
    examine: (path) => {
      const stat = fs.lstatSync(path, plainOrNone);
      return stat === undefined ? null : standingOf(stat);
    },
    stands: (path) => fs.existsSync(path),
    isStill: (path, { device, inode }) => {
      // A stat in plain numbers, which takes half the time, tells apart what is exact in them: no larger number is rounded to a safe one.
      const [plainInode, plainDevice] = [Number(inode), Number(device)];
      if (!Number.isSafeInteger(plainInode) || !Number.isSafeInteger(plainDevice)) {
        return () => {
          const stat = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
          return stat?.ino === inode && stat.dev === device;
        };
      }
      return () => {
        const stat = fs.statSync(path, plainOrNone);
        return stat?.ino === plainInode && stat.dev === plainDevice;
      };
    },
  },
};

const plainOrNone = { throwIfNoEntry: false } as const;

/** The same file system for steps: the calls of the machine's that are made at once then return their result and no promise of it. */
export function eitherOf(fs: FileSystem): EitherFileSystem {
  return fs === nodeFileSystem ? nodeEitherFileSystem : fs;
}

function openEither(path: string, intent: OpenIntent, options?: OpenOptions): EitherHandle {
  const file = new PooledFile(openDescriptor(path, intent, options));
  if (intent === "directory") file.renameWithin = renameWithin(intent, file);
  return file;
}

/** An open file whose calls that wait for the disk are made in the thread pool. */
class PooledFile extends OpenFile implements EitherHandle {
  renameWithin: EitherHandle["renameWithin"] = undefined;

  read(buffer: Uint8Array, position: number): Promise<number> {
    return pooled((done) => fs.read(this.descriptor, buffer, 0, buffer.byteLength, position, done));
  }

  write(bytes: Uint8Array, position: number | null): number | Promise<number> {
    return bytes.byteLength <= smallBytes
      ? fs.writeSync(this.descriptor, bytes, 0, bytes.byteLength, position)
      : pooled((done) => fs.write(this.descriptor, bytes, 0, bytes.byteLength, position, done));
  }

  examine(): Standing {
    return standingOf(fs.fstatSync(this.descriptor));
  }

  sync(): Promise<void> {
    return pooled((done) => fs.fsync(this.descriptor, done));
  }

  datasync(): Promise<void> {
    return pooled((done) => fs.fdatasync(this.descriptor, done));
  }

  closeAside(): Promise<void> {
    const closing = this.disown();
    return closing === null ? Promise.resolve() : pooled((done) => fs.close(closing, done));
  }
}

function handleOf(either: EitherHandle): FileHandle {
  const rename = either.renameWithin;
  return {
    read: async (buffer, position) => either.read(buffer, position),
    write: async (bytes, position) => either.write(bytes, position),
    sync: async () => either.sync(),
    datasync: async () => either.datasync(),
    stat: async () => either.stat(),
    chmod: async (mode) => either.chmod(mode),
    chown: async (uid, gid) => either.chown(uid, gid),
    truncate: async (size) => either.truncate(size),
    ...(rename === undefined ? {} : { renameWithin: async (from, to) => rename(from, to) }),
    close: async () => either.close(),
    closeAside: async () => either.closeAside?.(),
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
