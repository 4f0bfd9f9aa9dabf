import type { FileSystem } from "../file-system.ts";
import { eitherOf } from "../node-file-system.ts";
import type { KnownDirectory } from "./directory.ts";
import { resolveTarget, type Target } from "./resolve-target.ts";
import { isPending, run } from "./steps.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** The ends of the queues of one file system, by the path that was given and by the file that it leads to. */
interface Queues {
  readonly given: Map<string, Promise<void>>;
  readonly files: Map<string, Promise<void>>;
}

const queuesByFileSystem = new WeakMap<FileSystem, Queues>();

/** What a task is run on. */
interface Work<T> {
  readonly known: KnownDirectory;
  readonly task: (target: Target) => Promise<T>;
  /** Ends the wait for its turn at once; what becomes of a task that has begun is the task's own to decide. */
  readonly signal?: AbortSignal | undefined;
  /** Is told, before the call returns, that the task does not begin yet. */
  readonly onWait?: (() => void) | undefined;
}

/**
 * Runs a task on the file that a path leads to, after all earlier tasks on that file in this process, by whatever path they came. Calls with the same path run
 * in the order in which they were made: they queue before their links are followed, since following takes a different time each time. A task that has nothing to
 * wait for begins before this returns.
 *
 * @throws at once what finding the file throws at once.
 */
export function inTurn<T>(fs: FileSystem, path: string, work: Work<T>): Promise<T> {
  const { given, files } = queuesOf(fs);
  const before = given.get(path);
  const turn = new Turn(given, path);
  try {
    if (before !== undefined) {
      work.onWait?.();
      return turn.endAfter(before, work, () => onFile(fs, files, { path, found: find(fs, path, work), work }));
    }
    const found = find(fs, path, work);
    if (isPending(found) || files.has(found.key)) {
      work.onWait?.();
      return turn.endWith(onFile(fs, files, { path, found, work }));
    }
    // Nobody else is at work on it: one turn in both queues.
    turn.takeAlso(files, found.key);
    return turn.endWith(work.task(found));
  } catch (error) {
    turn.end();
    throw error;
  }
}

/** The last task queued for a path so far, to tell whether anything has come after it. */
export function tailOf(fs: FileSystem, path: string): Promise<void> | undefined {
  return queuesByFileSystem.get(fs)?.given.get(path);
}

function queuesOf(fs: FileSystem): Queues {
  let queues = queuesByFileSystem.get(fs);
  if (queues === undefined) queuesByFileSystem.set(fs, (queues = { given: new Map(), files: new Map() }));
  return queues;
}

function find<T>(fs: FileSystem, path: string, { known }: Work<T>): Target | Promise<Target> {
  return run(resolveTarget(eitherOf(fs), path, known));
}

async function onFile<T>(
  fs: FileSystem,
  files: Queues["files"],
  at: { readonly path: string; readonly found: Target | Promise<Target>; readonly work: Work<T> },
): Promise<T> {
  const { path, work } = at;
  const target = await at.found;
  const before = files.get(target.key);
  const turn = new Turn(files, target.key);
  if (before === undefined) return turn.endWith(work.task(target));
  // Looked up again when its turn has come: the task before it puts another file there.
  return turn.endAfter(before, work, async () => work.task(await find(fs, path, work)));
}

/** A place in a queue, taken before its task begins, so that what the task calls itself queues behind it. */
class Turn {
  readonly end: () => void;
  readonly #over: Promise<void>;
  #also: { readonly queue: Map<string, Promise<void>>; readonly key: string } | null = null;

  constructor(queue: Map<string, Promise<void>>, key: string) {
    let resolve = (): void => undefined;
    this.#over = new Promise((done) => (resolve = done));
    this.end = () => {
      this.#leave(queue, key);
      if (this.#also !== null) this.#leave(this.#also.queue, this.#also.key);
      resolve();
    };
    queue.set(key, this.#over);
  }

  /** Takes a place in an empty queue as well. */
  takeAlso(queue: Map<string, Promise<void>>, key: string): void {
    this.#also = { queue, key };
    queue.set(key, this.#over);
  }

  /** Ends when the task does, and returns what it returns. */
  endWith<T>(task: Promise<T>): Promise<T> {
    task.then(this.end, this.end);
    return task;
  }

  /**
   * Ends when the task does that follows the one before, or with that one when the wait is given up: whoever comes next must not begin beside the one before.
   */
  endAfter<T>(before: Promise<void>, { signal }: Pick<Work<T>, "signal">, task: () => Promise<T>): Promise<T> {
    if (signal === undefined) return this.endWith(before.then(task));
    const waited = unlessAborted(before, signal);
    const done = waited.then(task);
    waited
      .then(
        () => done,
        () => before,
      )
      .then(this.end, this.end);
    return done;
  }

  #leave(queue: Map<string, Promise<void>>, key: string): void {
    if (queue.get(key) === this.#over) queue.delete(key);
  }
}
