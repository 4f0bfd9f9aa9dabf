/**
 * Work written once for both kinds of file system: it yields what a call returned, and whoever runs it waits for that or, with a synchronous file system,
 * hands it straight back.
 */
export type Steps<T> = Generator<unknown, T, unknown>;

/** One call within {@link Steps}: gives its result, or throws what it threw. */
export function* step<T>(value: T | Promise<T>): Steps<T> {
  return (yield value) as T;
}

/** Runs steps and waits at each that has not returned yet: a turn of the microtask queue takes longer than many of the calls. */
export async function runAsync<T>(steps: Steps<T>): Promise<T> {
  let next = steps.next();
  while (next.done !== true) {
    let { value } = next;
    if (!(value instanceof Promise)) {
      next = steps.next(value);
      continue;
    }
    try {
      value = await (value as Promise<unknown>);
    } catch (error) {
      next = steps.throw(error);
      continue;
    }
    next = steps.next(value);
  }
  return next.value;
}

/** Runs steps whose calls return at once; for a file system that is synchronous throughout. */
export function runSync<T>(steps: Steps<T>): T {
  let next = steps.next();
  while (next.done !== true) {
    if (next.value instanceof Promise) throw new TypeError("Cannot work synchronously: a call of the file system returned a promise");
    next = steps.next(next.value);
  }
  return next.value;
}
