import type { FileHandle, FileSystem } from "@gov/atomic-io";

/** When a process dies: at one of its calls of the file system. */
export interface Fate {
  /** Calls made so far. */
  calls: number;
  /** The call at which the process dies; infinite for one that lives. */
  readonly last: number;
  /** Whether that call has still done its work. */
  readonly isLastDone: boolean;
}

/** Nothing of a dead process is heard of any more. */
class Death extends Error {
  override readonly name = "Death";
}

/** A file system as one process sees it, until the process dies: from then on no call does anything. */
export function mortalFileSystem(fs: FileSystem, fate: Fate, device: bigint): FileSystem {
  const call =
    <A extends readonly unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      fate.calls += 1;
      if (fate.calls > fate.last || (fate.calls === fate.last && !fate.isLastDone)) throw new Death("The process is dead");
      const result = await work(...args);
      if (fate.calls >= fate.last) throw new Death("The process is dead");
      return result;
    };
  const stated = (work: FileSystem["stat"]) => async (path: string) => ({ ...(await work(path)), device });
  const handle = (open: FileHandle): FileHandle => ({
    read: call(open.read),
    write: call(open.write),
    sync: call(open.sync),
    datasync: call(open.datasync),
    stat: call(async () => ({ ...(await open.stat()), device })),
    chmod: call(open.chmod),
    chown: call(open.chown),
    truncate: call(open.truncate),
    // A process that is gone has no open files.
    close: open.close,
    ...(open.renameWithin === undefined ? {} : { renameWithin: call(open.renameWithin) }),
  });
  return {
    open: call(async (...args: Parameters<FileSystem["open"]>) => handle(await fs.open(...args))),
    stat: call(stated(fs.stat)),
    lstat: call(stated(fs.lstat)),
    realpath: call(fs.realpath),
    readlink: call(fs.readlink),
    readdir: call(fs.readdir),
    mkdir: call(fs.mkdir),
    rename: call(fs.rename),
    link: call(fs.link),
    unlink: call(fs.unlink),
  };
}
