/** Resolves in the next turn of the event loop, when what was asked for is on its way. */
export function nodeNextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
