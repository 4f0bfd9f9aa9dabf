/** A measure with its values in the cycles before. */
export interface MeasuredKpi {
  readonly name: string;
  readonly unit: string;
  readonly actual: number | null;
  /** Newest first. @default none */
  readonly earlier?: readonly (number | null)[] | undefined;
}

/** Earlier cycles that are needed before anything can be called unusual. */
const leastCycles = 3;

/**
 * Returns a note for each KPI that is unusual against the cycles before (MET-09): further from their middle than three times the middle distance of theirs, or five percent
 * of it where they hardly differ. It says what to look at, not what is wrong; with fewer than three earlier values nothing is unusual.
 */
export function findAnomalies(kpis: readonly MeasuredKpi[]): readonly string[] {
  return kpis.flatMap(({ name, unit, actual, earlier = [] }) => {
    const known = earlier.filter((value) => value !== null && Number.isFinite(value)) as readonly number[];
    if (actual === null || !Number.isFinite(actual) || known.length < leastCycles) return [];
    const middle = medianOf(known);
    const usual = Math.max(3 * medianOf(known.map((value) => Math.abs(value - middle))), Math.abs(middle) * 0.05);
    if (Math.abs(actual - middle) <= usual) return [];
    return [
      `Anomaly: ${name} is ${shown(actual, unit)}, and was ${shown(middle, unit)} in the middle of the last ${String(known.length)} cycles`,
    ];
  });
}

function shown(value: number, unit: string): string {
  return `${String(value)}${unit === "%" ? "%" : unit === "" ? "" : ` ${unit}`}`;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[at] as number) : ((sorted[at - 1] as number) + (sorted[at] as number)) / 2;
}
