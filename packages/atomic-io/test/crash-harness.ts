import { createMemoryFileSystem, type CrashOptions, type FileSystemCall, type MemoryFileSystem } from "@gov/atomic-io/testing";

/** What a workload has been promised so far. */
export interface Promised<T> {
  /** Everything acknowledged, in order. */
  readonly acknowledged: T[];
  /** What was begun last and may or may not have happened. */
  attempted: T | undefined;
}

/** Runs a workload and hands every state that a power cut after any of its calls can leave to a check; returns how many states there were. */
export async function exploreCrashes<T>(
  workload: (fs: MemoryFileSystem, promised: Promised<T>) => Promise<void>,
  check: (image: MemoryFileSystem, promised: Promised<T>, after: FileSystemCall) => void | Promise<void>,
  // atOnce: the workload is synchronous, and so is the check.
  options: CrashOptions & { readonly files?: Readonly<Record<string, string | Uint8Array>>; readonly atOnce?: boolean } = {},
): Promise<number> {
  const promised: Promised<T> = { acknowledged: [], attempted: undefined };
  let states = 0;
  const explore = async (call: FileSystemCall): Promise<void> => {
    for (const image of fs.crashImages(options)) {
      states += 1;
      await check(image, promised, call);
    }
  };
  const fs: MemoryFileSystem = createMemoryFileSystem({
    files: options.files,
    afterCall: (call) => {
      if (options.atOnce !== true) return explore(call);
      for (const image of fs.crashImages(options)) {
        states += 1;
        void check(image, promised, call);
      }
    },
  });
  await workload(fs, promised);
  // Once more after the last acknowledgement.
  for (const image of fs.crashImages(options)) {
    states += 1;
    await check(image, promised, { index: fs.calls(), name: "end", path: "" });
  }
  return states;
}
