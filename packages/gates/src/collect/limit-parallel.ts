/**
 * Runs at most `max` tasks at once; the others wait their turn, in the order they came.
 *
 * @throws RangeError when `max` is no whole number from 1.
 */
export function limitParallel(max: number): <T>(task: () => Promise<T>) => Promise<T> {
  if (!Number.isInteger(max) || max < 1)
    throw new RangeError(`Cannot run in parallel: maxParallel must be a whole number from 1, and is ${max}`);
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
