/** What stands at a path; `other` is a socket, a FIFO or a device. */
export type FileKind = "file" | "directory" | "symlink" | "other";

/** The state of one inode; numbers that may exceed 2^53 are bigint. */
export interface FileStat {
  readonly kind: FileKind;
  /** Length in bytes. */
  readonly size: number;
  /** Permission bits only, `0o7777` at most. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Identity of the inode together with {@link FileStat.inode}. */
  readonly device: bigint;
  readonly inode: bigint;
  /** Number of names. */
  readonly links: number;
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
  readonly bornNs: bigint;
}

/**
 * How a file is opened: `read` and `read-write` need an existing file, `create` refuses an existing one (`O_EXCL`, so no link is followed),
 * `append` creates when absent and writes at the end, `directory` opens a directory to sync it.
 */
export type OpenIntent = "read" | "read-write" | "create" | "append" | "directory";

/** Options of {@link FileSystem.open}. */
export interface OpenOptions {
  /** Permission bits of a file that is created, before the umask. @default 0o666 */
  readonly mode?: number | undefined;
}

/** An open file; every call may fail with a Node error that carries `code`. */
export interface FileHandle {
  /** Reads at a position into the buffer; fewer bytes than asked may come, 0 means the end. */
  readonly read: (buffer: Uint8Array, position: number) => Promise<number>;
  /** Writes at a position (null: at the end, for `append`) and returns how many bytes were taken, which may be fewer than given. */
  readonly write: (bytes: Uint8Array, position: number | null) => Promise<number>;
  /** `fsync`: data and all metadata of the inode. A failure is terminal for the file: it must never be retried. */
  readonly sync: () => Promise<void>;
  /** `fdatasync`: data and what is needed to find it. */
  readonly datasync: () => Promise<void>;
  readonly stat: () => Promise<FileStat>;
  readonly chmod: (mode: number) => Promise<void>;
  readonly chown: (uid: number, gid: number) => Promise<void>;
  readonly truncate: (size: number) => Promise<void>;
  /**
   * Renames one name of this open directory to another, whatever has become of the directory's path. Absent where the system cannot; only handles of intent
   * `directory` have it.
   */
  readonly renameWithin?: ((from: string, to: string) => Promise<void>) | undefined;
  readonly close: () => Promise<void>;
  /**
   * Closes a file that has lost its name. What it occupied is freed by that, which takes the longer the larger it is, so it is done beside the calling thread.
   * Absent where `close` already does it there, or where it takes no time.
   */
  readonly closeAside?: (() => Promise<void>) | undefined;
}

/**
 * The calls that durable writing needs, as a port: Node's in `nodeFileSystem`, a crashing twin in `@gov/atomic-io/testing`.
 * Paths are native; failures are errors with a Node `code` such as `ENOENT`.
 */
export interface FileSystem {
  readonly open: (path: string, intent: OpenIntent, options?: OpenOptions) => Promise<FileHandle>;
  /** Follows symbolic links. */
  readonly stat: (path: string) => Promise<FileStat>;
  /** Does not follow a symbolic link in the last segment. */
  readonly lstat: (path: string) => Promise<FileStat>;
  readonly realpath: (path: string) => Promise<string>;
  readonly readlink: (path: string) => Promise<string>;
  /** Names in the directory, sorted by code unit. */
  readonly readdir: (path: string) => Promise<readonly string[]>;
  readonly mkdir: (path: string) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
  /** Gives an inode a second name; fails with `EEXIST` when the name is taken. */
  readonly link: (existing: string, name: string) => Promise<void>;
  readonly unlink: (path: string) => Promise<void>;
}

type Synchronous<F> = F extends (...args: infer A) => Promise<infer R> ? (...args: A) => R : F;

/** A {@link FileHandle} whose calls return at once. */
export type SyncFileHandle = { readonly [K in keyof FileHandle]: Synchronous<FileHandle[K]> };

/** A {@link FileSystem} whose calls return at once; for `replaceFileSync`. */
export type SyncFileSystem = { readonly [K in Exclude<keyof FileSystem, "open">]: Synchronous<FileSystem[K]> } & {
  readonly open: (path: string, intent: OpenIntent, options?: OpenOptions) => SyncFileHandle;
};
