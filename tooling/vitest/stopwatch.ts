/**
 * Begins to measure and returns what tells the milliseconds since: time on the clock, or of the processor where that is less, because other
 * processes on the machine say nothing about the code under test.
 */
export function stopwatch(): () => number {
  const wall = performance.now();
  const processor = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(processor);
    return Math.min(performance.now() - wall, (user + system) / 1000);
  };
}
