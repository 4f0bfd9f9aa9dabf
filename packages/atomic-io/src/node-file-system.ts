import * as fs from "node:fs";
import { handleOf, settled } from "./node-file-handle.ts";
import { statOf } from "./internal/stat-of.ts";
import type { FileSystem, OpenIntent } from "./file-system.ts";

// O_NONBLOCK changes nothing for regular files and keeps a FIFO that was swapped in from blocking forever; it is absent on Windows.
const nonBlocking = (fs.constants as { O_NONBLOCK?: number }).O_NONBLOCK ?? 0;
const directoryOnly = (fs.constants as { O_DIRECTORY?: number }).O_DIRECTORY ?? 0;

const flags: Readonly<Record<OpenIntent, number>> = {
  read: fs.constants.O_RDONLY | nonBlocking,
  "read-write": fs.constants.O_RDWR | nonBlocking,
  create: fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_EXCL,
  append: fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_APPEND | nonBlocking,
  directory: fs.constants.O_RDONLY | directoryOnly,
};

/**
 * The machine's file system: the one Node default of the {@link FileSystem} port.
 *
 * Calls that only touch names and inodes, and small writes, are made at once on the calling thread: each takes a few microseconds, the way through Node's
 * thread pool ten times as long. What waits for the disk (fsync, reads, large writes, listing a directory) goes through the pool.
 */
export const nodeFileSystem: FileSystem = {
  open: (path, intent, options) => settled(() => handleOf(fs.openSync(path, flags[intent], options?.mode ?? 0o666), intent)),
  stat: (path) => settled(() => statOf(fs.statSync(path, { bigint: true }))),
  lstat: (path) => settled(() => statOf(fs.lstatSync(path, { bigint: true }))),
  realpath: (path) => settled(() => fs.realpathSync.native(path)),
  readlink: (path) => settled(() => fs.readlinkSync(path)),
  readdir: async (path) => (await fs.promises.readdir(path)).sort(),
  mkdir: (path) => settled(() => fs.mkdirSync(path)),
  rename: (from, to) => settled(() => fs.renameSync(from, to)),
  link: (existing, name) => settled(() => fs.linkSync(existing, name)),
  unlink: (path) => settled(() => fs.unlinkSync(path)),
};
