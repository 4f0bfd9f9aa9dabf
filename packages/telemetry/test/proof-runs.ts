const isFull = process.env["GOV_PROOF"] === "full";

/** How often a property is tried: as often as given in the ordinary tests, many times as often by `pnpm proof telemetry`. */
export function proofRuns(ordinary: number): number {
  return isFull ? ordinary * 30 : ordinary;
}
