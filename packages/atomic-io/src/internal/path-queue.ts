import type { FileSystem } from "../file-system.ts";
import { resolveTarget, type Target } from "./resolve-target.ts";

const tails = new WeakMap<FileSystem, Map<string, Promise<void>>>();

/**
 * Runs a task on the file that a path leads to, after all earlier tasks on that file in this process, by whatever path they came. Calls with the same path run
 * in the order in which they were made: they queue before their links are followed, since following takes a different time each time.
 */
export async function inTurn<T>(fs: FileSystem, path: string, task: (target: Target) => Promise<T>): Promise<T> {
  return inQueue(fs, `given ${path}`, async () => {
    const target = await resolveTarget(fs, path);
    return inQueue(fs, `real ${target.key}`, () => task(target));
  });
}

/** Runs tasks of one key one after the other, in the order of the calls; tasks of other keys run at the same time. */
async function inQueue<T>(fs: FileSystem, key: string, task: () => Promise<T>): Promise<T> {
  let queue = tails.get(fs);
  if (queue === undefined) tails.set(fs, (queue = new Map<string, Promise<void>>()));
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
