import { parseTime } from "../timestamps.ts";
import type { KpiInput, KpiInputs } from "./evaluate-kpis.ts";

/** A deployment, as the DORA measures count it. */
export interface Deployment {
  /** RFC 3339. */
  readonly at: string;
  /** True when it led to a failure in production. */
  readonly hasFailed: boolean;
  /** When service was back, RFC 3339; null while it is not, or when nothing failed. */
  readonly recoveredAt: string | null;
}

/** Which deployments count, and where they were read. */
export interface DoraPeriod {
  /** RFC 3339, included. */
  readonly from: string;
  /** RFC 3339, not included. */
  readonly to: string;
  /** @default null: somebody stated them */
  readonly source?: KpiInput["source"] | undefined;
}

/**
 * Returns the inputs of deployment frequency, change failure rate and MTTR for the deployments within a period (KPI-01). Without deployments the counts are 0,
 * and so the rates are missing; a failure that nobody has recovered from yet leaves the recovery times missing.
 *
 * @throws RangeError when a time is none, the period ends before it begins, or service was back before the deployment.
 */
export function doraInputs(deployments: readonly Deployment[], { from, to, source = null }: DoraPeriod): KpiInputs {
  const [start, end] = [instantOf(from), instantOf(to)];
  if (end <= start) throw new RangeError(`Cannot count deployments from "${from}" to "${to}": the period must end after it begins`);
  const within = deployments.filter(({ at }) => instantOf(at) >= start && instantOf(at) < end);
  const failed = within.filter(({ hasFailed }) => hasFailed);
  const recoveries = failed.map(hoursToRecovery);
  const hours = recoveries.filter((value) => value !== null);
  const stated = (value: number | readonly number[] | null): KpiInputs[string] => ({ value, source });
  return {
    deployments: stated(within.length),
    failed_deployments: stated(failed.length),
    period_days: stated((end - start) / 86_400_000),
    recovery_hours: stated(hours.length < recoveries.length || hours.length === 0 ? null : hours),
  };
}

function hoursToRecovery({ at, recoveredAt }: Deployment): number | null {
  if (recoveredAt === null) return null;
  const hours = (instantOf(recoveredAt) - instantOf(at)) / 3_600_000;
  if (hours < 0) throw new RangeError(`Cannot count a recovery at "${recoveredAt}", before the deployment at "${at}"`);
  return hours;
}

function instantOf(text: string): number {
  const instant = parseTime(text);
  if (instant === null) throw new RangeError(`Cannot use the time "${text}": it must be RFC 3339 with "Z" or an offset`);
  return instant;
}
