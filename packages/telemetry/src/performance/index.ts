/**
 * Whether things are as fast, and as reliable, as promised: measurements with their machine and their noise, limits for steps, and objectives with error budgets
 * (docs/performance-methodology.md).
 *
 * @packageDocumentation
 */
export { type DurationsSla, evaluateDurations, type JudgedDuration } from "./evaluate-durations.ts";
export {
  type AcceptanceCriteria,
  baselineWindow,
  evaluatePerformance,
  type Measurement,
  type PerformanceReport,
} from "./evaluate-performance.ts";
export { type BurnRate, burnRateLimits, evaluateSlo, shippedSlos, type Slo, type SloOutcome, type SloReport } from "./evaluate-slo.ts";
export { describeHardware, type HardwareProfile, profileDifferences, type RequiredProfile } from "./hardware-profile.ts";
export { type Incident, type IncidentOptions, incidentOutcomes, meanHoursToRecovery } from "./incident-outcomes.ts";
export { type Machine, nodeMachine } from "./node-machine.ts";
export { measuredDurations } from "./measured-durations.ts";
export { slowestTests, type TestDuration, type TestDurations } from "./slowest-tests.ts";
export { type QuantileEstimate, type SampleSummary, summarizeSamples } from "./summarize-samples.ts";
