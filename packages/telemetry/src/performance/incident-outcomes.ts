import { parseTime } from "../timestamps.ts";
import { fixedDuration } from "./internal/fixed-duration.ts";
import type { SloOutcome } from "./evaluate-slo.ts";

/** Something that went wrong, such as a document that drifted from what was approved. */
export interface Incident {
  /** When it began, RFC 3339. */
  readonly began: string;
  /** When it was noticed; null while it is not. */
  readonly detected: string | null;
  /** When all was well again; null while it is not. */
  readonly recovered: string | null;
}

/** How an incident counts: by the time until it was noticed, or until it was over. */
export interface IncidentOptions {
  readonly until: "detected" | "recovered";
  /** How long that may take. */
  readonly within: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Returns how incidents count against a promise (MET-08): good when noticed, or over, within the time; bad when later, and when that time has passed without. One that is
 * still within its time does not count yet. Each counts at the moment it was decided.
 *
 * @throws RangeError when a time is none, or before the incident began.
 */
export function incidentOutcomes(incidents: readonly Incident[], { until, within, now }: IncidentOptions): readonly SloOutcome[] {
  const limit = fixedDuration(within);
  return incidents.flatMap((incident): readonly SloOutcome[] => {
    const began = instantOf(incident.began);
    const text = incident[until];
    const ended = text === null ? null : instantOf(text);
    if (ended !== null && ended < began)
      throw new RangeError(`Cannot count an incident that was ${until} at "${incident[until] ?? ""}", before it began`);
    const deadline = began + limit;
    if (ended !== null && ended <= deadline) return ended > now ? [] : [{ at: ended, isGood: true }];
    return deadline >= now ? [] : [{ at: deadline, isGood: false }];
  });
}

/**
 * Mean time to recovery in hours over the incidents that are over; null when none is (MET-01).
 *
 * @throws RangeError when a time is none, or an incident was over before it began.
 */
export function meanHoursToRecovery(incidents: readonly Incident[]): number | null {
  const hours = incidents.flatMap(({ began, recovered }) => {
    if (recovered === null) return [];
    const elapsed = instantOf(recovered) - instantOf(began);
    if (elapsed < 0) throw new RangeError(`Cannot count an incident that was recovered at "${recovered}", before it began`);
    return [elapsed / 3_600_000];
  });
  return hours.length === 0 ? null : hours.reduce((sum, value) => sum + value, 0) / hours.length;
}

function instantOf(text: string): number {
  const instant = parseTime(text);
  if (instant === null) throw new RangeError(`Cannot use the time "${text}": it must be RFC 3339 with "Z" or an offset`);
  return instant;
}
