import type { Observer } from "./observer.ts";

/**
 * Returns the same observer, whose own failures are passed over: what has been done is not undone because somebody could not hear of it.
 *
 * @example Go on though the observer fails
 * ```ts
 * import assert from "node:assert/strict";
 * import { guardedObserver } from "@gov/atomic-io/lock";
 *
 * const observer = guardedObserver({
 *   event: () => {
 *     throw new Error("nobody listens");
 *   },
 * });
 * assert.doesNotThrow(() => observer?.event("lock.acquired", {}));
 * ```
 */
export function guardedObserver(observer: Observer | undefined): Observer | undefined {
  return (
    observer && {
      event: (name, fields) => {
        try {
          observer.event(name, fields);
        } catch {
          return;
        }
      },
    }
  );
}
