/** What the machine says of the file system that holds a path. */
export interface FileSystemSpace {
  /** The system's number for the kind of file system; on Linux the magic number of statfs(2). */
  readonly type: number;
  readonly totalBytes: number;
  /** What may still be written by this user. */
  readonly freeBytes: number;
}

/** Asks for the file system that holds a path, as a port. */
export type SpaceProbe = (path: string) => Promise<FileSystemSpace>;
