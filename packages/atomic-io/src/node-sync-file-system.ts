import * as fs from "node:fs";
import type { OpenIntent, SyncFileHandle, SyncFileSystem } from "./file-system.ts";
import { statOf } from "./internal/stat-of.ts";

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

/** A synchronous handle that can name its descriptor, as long as it is open. */
export interface Opened extends SyncFileHandle {
  readonly descriptor: () => number;
  /** Gives the descriptor to the caller to close; null when it is closed. */
  readonly disown: () => number | null;
}

/** Opens a file of the machine. */
export function openNode(path: string, intent: OpenIntent, mode: number): Opened {
  const opened = fs.openSync(path, flags[intent], mode);
  let open = true;
  // A closed number may by now be another file's.
  const descriptor = (): number => {
    if (!open) throw Object.assign(new Error("EBADF: the file is closed"), { code: "EBADF" });
    return opened;
  };
  return {
    descriptor,
    read: (buffer, position) => fs.readSync(descriptor(), buffer, 0, buffer.byteLength, position),
    write: (bytes, position) => fs.writeSync(descriptor(), bytes, 0, bytes.byteLength, position),
    sync: () => fs.fsyncSync(descriptor()),
    datasync: () => fs.fdatasyncSync(descriptor()),
    stat: () => statOf(fs.fstatSync(descriptor(), { bigint: true })),
    chmod: (mode) => fs.fchmodSync(descriptor(), mode),
    chown: (uid, gid) => fs.fchownSync(descriptor(), uid, gid),
    truncate: (size) => fs.ftruncateSync(descriptor(), size),
    ...(intent === "directory" && process.platform === "linux" ? { renameWithin: (from, to) => renameAt(descriptor(), from, to) } : {}),
    disown: () => {
      if (!open) return null;
      open = false;
      return opened;
    },
    close: () => {
      if (!open) return;
      open = false;
      fs.closeSync(opened);
    },
  };
}

/** The machine's file system, synchronously: the one Node default of the {@link SyncFileSystem} port. */
export const nodeSyncFileSystem: SyncFileSystem = {
  open: (path, intent, options) => openNode(path, intent, options?.mode ?? 0o666),
  stat: (path) => statOf(fs.statSync(path, { bigint: true })),
  lstat: (path) => statOf(fs.lstatSync(path, { bigint: true })),
  realpath: (path) => fs.realpathSync.native(path),
  readlink: (path) => fs.readlinkSync(path),
  readdir: (path) => fs.readdirSync(path).sort(),
  mkdir: (path) => fs.mkdirSync(path),
  rename: (from, to) => fs.renameSync(from, to),
  link: (existing, name) => fs.linkSync(existing, name),
  unlink: (path) => fs.unlinkSync(path),
};

// Linux resolves these links to the open directory itself, so that this is what renameat(2) does.
function renameAt(directory: number, from: string, to: string): void {
  fs.renameSync(`/proc/self/fd/${directory}/${from}`, `/proc/self/fd/${directory}/${to}`);
}
