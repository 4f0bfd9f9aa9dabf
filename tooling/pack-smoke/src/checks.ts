/** One thing that must hold. It passes when `run` resolves; the text it resolves with is shown. */
export interface Check {
  readonly subject: string;
  readonly name: string;
  /** The Node release it ran on, or `-`. */
  readonly node: string;
  readonly run: () => Promise<string>;
}

/** What came of one check. */
export interface Outcome {
  readonly check: Check;
  readonly passed: boolean;
  readonly detail: string;
  readonly ms: number;
}

/** Runs all checks, a few at a time, in order. A check that throws, for whatever reason, has failed: none is skipped. */
export async function runChecks(
  checks: readonly Check[],
  options: { readonly concurrency: number; readonly onOutcome?: ((outcome: Outcome) => void) | undefined },
): Promise<readonly Outcome[]> {
  const outcomes = new Array<Outcome>(checks.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < checks.length; index = next++) {
      const outcome = await runCheck(checks[index] as Check);
      outcomes[index] = outcome;
      options.onOutcome?.(outcome);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  return outcomes;
}

/** Returns a function that does the work once and hands everyone the same result, or the same failure. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}

async function runCheck(check: Check): Promise<Outcome> {
  const start = performance.now();
  try {
    const detail = await check.run();
    return { check, passed: true, detail, ms: performance.now() - start };
  } catch (error) {
    return { check, passed: false, detail: error instanceof Error ? error.message : String(error), ms: performance.now() - start };
  }
}
