const isFull = process.env["GOV_PROOF"] === "full";

/** How often something is tried: a seeded sample in the ordinary tests, at full length as a proof. */
export function times(sample: number, full: number): number {
  return isFull ? full : sample;
}
