import type { Spread } from "./statistics.ts";

/** A median with its p10 to p90. */
export function range({ median, p10, p90 }: Spread): string {
  return `${figure(median)} (${figure(p10)}–${figure(p90)})`;
}

/** Milliseconds, in the unit that reads best. */
export function time(ms: number): string {
  return ms < 1 ? `${figure(ms * 1000)} µs` : `${figure(ms)} ms`;
}

/** Three significant figures, roughly: more would be noise. */
export function figure(value: number): string {
  if (value === 0) return "0";
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
