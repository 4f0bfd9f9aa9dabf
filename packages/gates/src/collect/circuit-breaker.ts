import { isJsonObject } from "@gov/schema";
import { type EvidencePart, evidenceParts } from "../evidence.ts";

/** Remembers which readers keep failing, so that a run of gates does not wait for them again and again (GAT-26). */
export interface CircuitBreaker {
  /** Why a reader is not asked now; null when it is. */
  readonly refusal: (part: EvidencePart) => string | null;
  /** Tells how asking it ended. */
  readonly report: (part: EvidencePart, failed: boolean) => void;
  /** What it remembers, to be given to the next run as `initial`; as JSON. */
  readonly memory: () => BreakerMemory;
}

/** Which readers failed how often in a row, and until when they are left alone. */
export type BreakerMemory = { readonly [Part in EvidencePart]?: { readonly count: number; readonly openUntil: number } };

/** When a reader is left alone, and for how long. */
export interface CircuitBreakerOptions {
  readonly clock: { readonly monotonicMs: () => number };
  /** Failures in a row after which a reader is left alone. @default 3 */
  readonly failures?: number | undefined;
  /** How long it is left alone, in milliseconds; then one call tries again. @default 30000 */
  readonly resetMs?: number | undefined;
  /** What another breaker remembered by a clock that goes on between the two; whatever in it cannot be read is forgotten. @default nothing */
  readonly initial?: unknown;
}

/**
 * Creates a circuit breaker for one process, or for several runs that hand on what it remembers. A reader that is left alone has failed, and so have the gates that need it: the breaker saves
 * time, and never lets anything through. After the pause one call tries again, and its end decides.
 *
 * @throws RangeError when `failures` is no whole number from 1, or `resetMs` is not above 0.
 */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { clock, failures = 3, resetMs = 30_000 } = options;
  if (!Number.isInteger(failures) || failures < 1)
    throw new RangeError(`Cannot create a circuit breaker: failures must be a whole number from 1, and is ${failures}`);
  if (!(resetMs > 0)) throw new RangeError(`Cannot create a circuit breaker: resetMs must be above 0, and is ${resetMs}`);
  const states = new Map<EvidencePart, { count: number; openUntil: number; isTrying: boolean }>(remembered(options, resetMs));
  return {
    refusal: (part) => {
      const state = states.get(part);
      if (state === undefined || state.count < failures) return null;
      if (!state.isTrying && clock.monotonicMs() >= state.openUntil) {
        state.isTrying = true;
        return null;
      }
      return `Not asked: it failed ${state.count} times in a row`;
    },
    report: (part, failed) => {
      if (!failed) return void states.delete(part);
      const count = (states.get(part)?.count ?? 0) + 1;
      states.set(part, { count, openUntil: clock.monotonicMs() + resetMs, isTrying: false });
    },
    memory: () => Object.fromEntries([...states].map(([part, { count, openUntil }]) => [part, { count, openUntil }])),
  };
}

/** A pause can never be longer than it was made, whatever a file says or a clock did. */
function* remembered(
  { clock, initial }: CircuitBreakerOptions,
  resetMs: number,
): Iterable<[EvidencePart, { count: number; openUntil: number; isTrying: boolean }]> {
  if (!isJsonObject(initial)) return;
  for (const part of evidenceParts) {
    const state = Object.hasOwn(initial, part) ? initial[part] : undefined;
    if (!isJsonObject(state)) continue;
    const { count, openUntil } = state;
    if (!Number.isSafeInteger(count) || Number(count) < 1 || typeof openUntil !== "number" || !(openUntil <= clock.monotonicMs() + resetMs))
      continue;
    yield [part, { count: Number(count), openUntil, isTrying: false }];
  }
}
