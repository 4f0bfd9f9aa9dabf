import type { FileSystem } from "../file-system.ts";
import { eitherOf } from "../node-file-system.ts";
import { resolveTarget, type Target } from "./resolve-target.ts";
import { runAsync } from "./steps.ts";

const tails = new WeakMap<FileSystem, Map<string, Promise<void>>>();

/**
 * Runs a task on the file that a path leads to, after all earlier tasks on that file in this process, by whatever path they came. Calls with the same path run
 * in the order in which they were made: they queue before their links are followed, since following takes a different time each time.
 */
export function inTurn<T>(
  fs: FileSystem,
  path: string,
  work: { readonly find: Parameters<typeof resolveTarget>[2]; readonly task: (target: Target) => Promise<T> },
): Promise<T> {
  const { find, task } = work;
  return inQueue(fs, `given ${path}`, async () => {
    const target = await runAsync(resolveTarget(eitherOf(fs), path, find));
    const key = `real ${target.key}`;
    if (tails.get(fs)?.has(key) !== true) return inQueue(fs, key, () => task(target));
    // Looked up again when its turn has come: the task before it puts another file there.
    return inQueue(fs, key, async () => task(await runAsync(resolveTarget(eitherOf(fs), path, find))));
  });
}

/** The last task queued for a path so far, to tell whether anything has come after it. */
export function tailOf(fs: FileSystem, path: string): Promise<void> | undefined {
  return tails.get(fs)?.get(`given ${path}`);
}

/** Runs tasks of one key one after the other, in the order of the calls; tasks of other keys run at the same time. */
function inQueue<T>(fs: FileSystem, key: string, task: () => Promise<T>): Promise<T> {
  let queue = tails.get(fs);
  if (queue === undefined) tails.set(fs, (queue = new Map<string, Promise<void>>()));
  const before = queue.get(key);
  const run = before === undefined ? task() : before.then(task);
  const forgetTail = (): void => {
    if (queue.get(key) === tail) queue.delete(key);
  };
  const tail: Promise<void> = run.then(forgetTail, forgetTail);
  queue.set(key, tail);
  return run;
}
