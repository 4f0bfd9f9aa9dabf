import type { FileSystem, OpenIntent } from "@gov/atomic-io";

const reading: ReadonlySet<OpenIntent> = new Set<OpenIntent>(["read", "directory"]);

/** A file system that refuses to change anything until it is permitted. */
export interface GuardedFileSystem {
  readonly fs: FileSystem;
  readonly permit: () => void;
  /** Whether it was: asked before anything is changed that is no file. */
  readonly isPermitted: () => boolean;
}

/** Guards a file system: reading commands and dry runs cannot write, even by mistake. */
export function guardFileSystem(fs: FileSystem): GuardedFileSystem {
  let isPermitted = false;
  const guarded =
    <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>, changes: (...args: A) => boolean = () => true) =>
    async (...args: A): Promise<R> => {
      if (!isPermitted && changes(...args)) throw new Error(`Cannot write "${String(args[0])}": nobody was asked whether that is allowed`);
      return call(...args);
    };
  return {
    isPermitted: () => isPermitted,
    permit: () => {
      isPermitted = true;
    },
    fs: {
      ...fs,
      open: guarded(fs.open, (_path, intent) => !reading.has(intent)),
      mkdir: guarded(fs.mkdir),
      rename: guarded(fs.rename),
      link: guarded(fs.link),
      unlink: guarded(fs.unlink),
    },
  };
}
