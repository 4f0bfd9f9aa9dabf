import type { Step } from "./steps.ts";

/** What became of a step. */
export interface Outcome {
  readonly step: Step;
  readonly ok: boolean;
  /** Milliseconds, 0 for a step that was not begun because one before it failed. */
  readonly duration: number;
}

/**
 * Runs steps, `jobs` at a time, each as soon as what it comes after is done; a step that is `alone` has the machine to itself.
 * A step after one that failed counts as failed and is not begun. A step that is left out holds nobody up.
 */
export async function runSteps(
  steps: readonly Step[],
  run: (step: Step) => Promise<boolean>,
  { jobs, clock }: { readonly jobs: number; readonly clock: () => number },
): Promise<readonly Outcome[]> {
  const waiting = [...steps];
  const running = new Map<string, Promise<void>>();
  const outcomes: Outcome[] = [];
  const named = new Set(steps.map(({ name }) => name));
  const endOf = (name: string): Outcome | undefined => outcomes.find(({ step }) => step.name === name);

  while (waiting.length > 0 || running.size > 0) {
    const failed = waiting.findIndex(({ after = [] }) => after.some((name) => endOf(name)?.ok === false));
    if (failed !== -1) {
      outcomes.push(...waiting.splice(failed, 1).map((step) => ({ step, ok: false, duration: 0 })));
      continue;
    }
    const next = waiting.findIndex((step) => mayBegin(step));
    if (next === -1) {
      if (running.size === 0) throw new Error(`Steps wait for each other: ${waiting.map(({ name }) => name).join(", ")}`);
      await Promise.race(running.values());
      continue;
    }
    for (const step of waiting.splice(next, 1)) running.set(step.name, follow(step));
  }
  return outcomes;

  function mayBegin({ alone = false, after = [] }: Step): boolean {
    if (running.size >= (alone ? 1 : jobs)) return false;
    if (steps.some((other) => other.alone === true && running.has(other.name))) return false;
    return after.every((name) => !named.has(name) || endOf(name)?.ok === true);
  }

  async function follow(step: Step): Promise<void> {
    const started = clock();
    const ok = await run(step);
    outcomes.push({ step, ok, duration: clock() - started });
    running.delete(step.name);
  }
}
