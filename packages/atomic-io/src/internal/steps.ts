/**
 * Work written once for both kinds of file system: it yields what a call has not returned yet, and whoever runs it waits for that. Nothing is yielded with a
 * synchronous file system: a turn through the generators takes longer than many of the calls, so what has returned already is taken as it is.
 */
export type Steps<T> = Generator<unknown, T, unknown>;

/** True for what a call has not returned yet; to be given to {@link step} then. */
export function isPending<T>(value: T | Promise<T>): value is Promise<T> {
  return value instanceof Promise;
}

/** One call within {@link Steps}: gives its result, or throws what it threw. */
export function* step<T>(value: T | Promise<T>): Steps<T> {
  return isPending(value) ? ((yield value) as T) : value;
}

/** Runs steps: gives the result at once when every call has returned at once, else a promise of it. */
export function run<T>(steps: Steps<T>): T | Promise<T> {
  const next = steps.next();
  return next.done === true ? next.value : goOn(steps, next.value);
}

async function goOn<T>(steps: Steps<T>, yielded: unknown): Promise<T> {
  let next: IteratorResult<unknown, T>;
  let pending = yielded;
  do {
    let value;
    try {
      value = await pending;
    } catch (error) {
      next = steps.throw(error);
      pending = next.value;
      continue;
    }
    next = steps.next(value);
    pending = next.value;
  } while (next.done !== true);
  return next.value;
}

/** Runs steps and waits for their end. */
export async function runAsync<T>(steps: Steps<T>): Promise<T> {
  return run(steps);
}

/** Runs steps whose calls return at once; for a file system that is synchronous throughout. */
export function runSync<T>(steps: Steps<T>): T {
  const next = steps.next();
  if (next.done !== true) throw new TypeError("Cannot work synchronously: a call of the file system returned a promise");
  return next.value;
}
