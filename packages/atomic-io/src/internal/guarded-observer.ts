import type { Observer } from "../observer.ts";

/** The same observer, whose own failures are passed over: what has been done is not undone because somebody could not hear of it. */
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
