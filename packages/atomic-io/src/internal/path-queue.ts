import type { FileSystem } from "../file-system.ts";

const tails = new WeakMap<FileSystem, Map<string, Promise<void>>>();

/** Runs tasks of one key one after the other, in the order of the calls; tasks of other keys run at the same time. */
export async function inQueue<T>(fs: FileSystem, key: string, task: () => Promise<T>): Promise<T> {
  let queue = tails.get(fs);
  if (queue === undefined) tails.set(fs, (queue = new Map()));
  const run = (queue.get(key) ?? Promise.resolve()).then(task);
  const tail = run.then(
    () => undefined,
    () => undefined,
  );
  queue.set(key, tail);
  try {
    return await run;
  } finally {
    if (queue.get(key) === tail) queue.delete(key);
  }
}
