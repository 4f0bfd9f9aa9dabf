import { type BigIntStats, constants } from "node:fs";
import * as nodeFs from "node:fs/promises";
import type { FileHandle, FileStat, FileSystem, OpenIntent } from "./file-system.ts";

// O_NONBLOCK changes nothing for regular files and keeps a FIFO that was swapped in from blocking forever; it is absent on Windows.
const nonBlocking = (constants as { O_NONBLOCK?: number }).O_NONBLOCK ?? 0;
const directoryOnly = (constants as { O_DIRECTORY?: number }).O_DIRECTORY ?? 0;

const flags: Readonly<Record<OpenIntent, number>> = {
  read: constants.O_RDONLY | nonBlocking,
  "read-write": constants.O_RDWR | nonBlocking,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_EXCL,
  append: constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | nonBlocking,
  directory: constants.O_RDONLY | directoryOnly,
};

/** The machine's file system: the one Node default of the {@link FileSystem} port. */
export const nodeFileSystem: FileSystem = {
  open: async (path, intent, options) => handleOf(await nodeFs.open(path, flags[intent], options?.mode ?? 0o666)),
  stat: async (path) => statOf(await nodeFs.stat(path, { bigint: true })),
  lstat: async (path) => statOf(await nodeFs.lstat(path, { bigint: true })),
  realpath: (path) => nodeFs.realpath(path),
  readlink: (path) => nodeFs.readlink(path),
  readdir: async (path) => (await nodeFs.readdir(path)).sort(),
  mkdir: async (path) => {
    await nodeFs.mkdir(path);
  },
  rename: (from, to) => nodeFs.rename(from, to),
  link: (existing, name) => nodeFs.link(existing, name),
  unlink: (path) => nodeFs.unlink(path),
};

function handleOf(handle: nodeFs.FileHandle): FileHandle {
  return {
    read: async (buffer, position) => (await handle.read(buffer, 0, buffer.byteLength, position)).bytesRead,
    write: async (bytes, position) => (await handle.write(bytes, 0, bytes.byteLength, position)).bytesWritten,
    sync: () => handle.sync(),
    datasync: () => handle.datasync(),
    stat: async () => statOf(await handle.stat({ bigint: true })),
    chmod: (mode) => handle.chmod(mode),
    chown: (uid, gid) => handle.chown(uid, gid),
    truncate: (size) => handle.truncate(size),
    close: () => handle.close(),
  };
}

function statOf(stats: BigIntStats): FileStat {
  return {
    kind: stats.isFile() ? "file" : stats.isDirectory() ? "directory" : stats.isSymbolicLink() ? "symlink" : "other",
    size: Number(stats.size),
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    device: stats.dev,
    inode: stats.ino,
    links: Number(stats.nlink),
    modifiedNs: stats.mtimeNs,
    changedNs: stats.ctimeNs,
    bornNs: stats.birthtimeNs,
  };
}
