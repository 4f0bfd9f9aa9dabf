/** Runs something once after a time, without keeping the process alive for it: the one Node default. */
export function nodeRunLater(ms: number, run: () => void): void {
  setTimeout(run, ms).unref();
}
