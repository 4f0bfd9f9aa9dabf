/** The machine's randomness, for jitter alone. */
export const nodeRandom = (): number => Math.random();
