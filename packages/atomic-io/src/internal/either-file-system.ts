import type { FileHandle, FileStat, FileSystem, OpenIntent, OpenOptions } from "../file-system.ts";

type Either<F> = F extends (...args: infer A) => Promise<infer R> ? (...args: A) => R | Promise<R> : F;

/** A {@link FileHandle} whose calls return at once or later. */
export type EitherHandle = { readonly [K in keyof FileHandle]: Either<FileHandle[K]> };

/** A {@link FileSystem} whose calls return at once or later. */
export type EitherFileSystem = { readonly [K in Exclude<keyof FileSystem, "open">]: Either<FileSystem[K]> } & {
  readonly open: (path: string, intent: OpenIntent, options?: OpenOptions) => EitherHandle | Promise<EitherHandle>;
  /** True when that very inode stands at the path; absent where that takes no less than a stat. */
  readonly isStill?: ((path: string, inode: Pick<FileStat, "device" | "inode">) => boolean) | undefined;
};
