import { printable } from "./render/printable.ts";
import type { Terminal } from "./terminal.ts";

/** What is being done, for a person who waits: on standard error, and gone before anything else is printed. */
export interface Progress {
  readonly show: (doing: string) => void;
  readonly clear: () => void;
}

const patienceMs = 500;
const intervalMs = 80;

/** Shows nothing in the first half second and where nobody looks; with `verbose` every step with its time, one line each. */
export function createProgress(
  terminal: Terminal,
  options: { readonly monotonicMs: () => number; readonly verbosity: "quiet" | "normal" | "verbose" },
): Progress {
  const { monotonicMs, verbosity } = options;
  const startedMs = monotonicMs();
  let drawnMs = Number.NEGATIVE_INFINITY;
  let isDrawn = false;
  return {
    show: (doing) => {
      const now = monotonicMs();
      const elapsed = now - startedMs;
      if (verbosity === "verbose") terminal.err(`gov: ${String(Math.round(elapsed)).padStart(5)} ms  ${printable(doing)}\n`);
      else if (verbosity === "normal" && terminal.isWatched && elapsed >= patienceMs && now - drawnMs >= intervalMs) {
        terminal.err(`\r\u001b[2K… ${printable(doing).slice(0, terminal.columns - 3)}`);
        drawnMs = now;
        isDrawn = true;
      }
    },
    clear: () => {
      if (isDrawn) terminal.err("\r\u001b[2K");
      isDrawn = false;
    },
  };
}
