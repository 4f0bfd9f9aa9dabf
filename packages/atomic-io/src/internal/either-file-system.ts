import type { FileHandle, FileStat, FileSystem, OpenIntent, OpenOptions } from "../file-system.ts";

type Either<F> = F extends (...args: infer A) => Promise<infer R> ? (...args: A) => R | Promise<R> : F;

/** What a replace needs to know of a file. */
export type Standing = Pick<FileStat, "kind" | "size" | "mode" | "uid" | "gid">;

/** A {@link FileHandle} whose calls return at once or later. */
export type EitherHandle = { readonly [K in keyof FileHandle]: Either<FileHandle[K]> } & {
  /** Less than a stat, and at once; absent where there is no such thing. */
  readonly examine?: (() => Standing) | undefined;
};

/** A {@link FileSystem} whose calls return at once or later. */
export type EitherFileSystem = { readonly [K in Exclude<keyof FileSystem, "open">]: Either<FileSystem[K]> } & {
  readonly open: (path: string, intent: OpenIntent, options?: OpenOptions) => EitherHandle | Promise<EitherHandle>;
  /** Looks that take less than a stat and no promise; absent where there are none. */
  readonly looks?: Looks | undefined;
};

/** Looks at one name, each made at once. */
interface Looks {
  /** What stands at the path, links not followed; null when nothing does. */
  readonly examine: (path: string) => Standing | null;
  /** True when something stands at the path; false also when that could not be found out. */
  readonly stands: (path: string) => boolean;
  /** A look that is true when that very inode stands at the path, and fails when that cannot be found out. */
  readonly isStill: (path: string, inode: Pick<FileStat, "device" | "inode">) => () => boolean;
}
