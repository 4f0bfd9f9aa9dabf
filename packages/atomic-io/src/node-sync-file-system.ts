import * as fs from "node:fs";
import type { FileStat, OpenIntent, OpenOptions, SyncFileHandle, SyncFileSystem } from "./file-system.ts";
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

/** An open file of the machine, with the calls that only touch its inode and return at once. One object, since one is opened for every replace. */
export class OpenFile {
  readonly #descriptor: number;
  #open = true;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** @throws Error `EBADF` once it is closed: a closed number may by now be another file's. */
  get descriptor(): number {
    if (!this.#open) throw Object.assign(new Error("EBADF: the file is closed"), { code: "EBADF" });
    return this.#descriptor;
  }

  stat(): FileStat {
    return statOf(fs.fstatSync(this.descriptor, { bigint: true }));
  }

  chmod(mode: number): void {
    fs.fchmodSync(this.descriptor, mode);
  }

  chown(uid: number, gid: number): void {
    fs.fchownSync(this.descriptor, uid, gid);
  }

  truncate(size: number): void {
    fs.ftruncateSync(this.descriptor, size);
  }

  close(): void {
    const closing = this.disown();
    if (closing !== null) fs.closeSync(closing);
  }

  /** Gives the descriptor to the caller to close; null when it is closed. */
  disown(): number | null {
    if (!this.#open) return null;
    this.#open = false;
    return this.#descriptor;
  }
}

/** How a descriptor is opened for an intent. */
export function openDescriptor(path: string, intent: OpenIntent, options: OpenOptions | undefined): number {
  return fs.openSync(path, flags[intent], options?.mode ?? 0o666);
}

/** Exchanges names within an open directory; undefined for what is none, and where the system cannot. */
export function renameWithin(intent: OpenIntent, directory: OpenFile): SyncFileHandle["renameWithin"] {
  if (intent !== "directory" || process.platform !== "linux") return undefined;
  // Linux resolves these links to the open directory itself, so that this is what renameat(2) does.
  return (from, to) => {
    const within = `/proc/self/fd/${directory.descriptor}/`;
    fs.renameSync(within + from, within + to);
  };
}

function openSync(path: string, intent: OpenIntent, options: OpenOptions | undefined): SyncFileHandle {
  const file = new OpenFile(openDescriptor(path, intent, options));
  const rename = renameWithin(intent, file);
  return {
    read: (buffer, position) => fs.readSync(file.descriptor, buffer, 0, buffer.byteLength, position),
    write: (bytes, position) => fs.writeSync(file.descriptor, bytes, 0, bytes.byteLength, position),
    sync: () => fs.fsyncSync(file.descriptor),
    datasync: () => fs.fdatasyncSync(file.descriptor),
    stat: () => file.stat(),
    chmod: (mode) => file.chmod(mode),
    chown: (uid, gid) => file.chown(uid, gid),
    truncate: (size) => file.truncate(size),
    ...(rename === undefined ? {} : { renameWithin: rename }),
    close: () => file.close(),
  };
}

/** The machine's file system, synchronously: the one Node default of the {@link SyncFileSystem} port. */
export const nodeSyncFileSystem: SyncFileSystem = {
  open: openSync,
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
