/**
 * The same candidates always give the same artifact, with the reason.
 *
 * @packageDocumentation
 */
export { type Candidate, groupCandidates } from "./candidate.ts";
export {
  artifactsOfFramework,
  checkContract,
  type ContractedArtifact,
  type ContractReport,
  type ContractViolation,
  frameworkAliases,
} from "./check-contract.ts";
export { explainSelection } from "./explain-selection.ts";
export { type HydrationEvent, hydrationEventNames } from "./hydration-event.ts";
export { type HydrationFindingCode, hydrationFindingCodes } from "./finding-codes.ts";
export { type CandidateComparison, compareCandidates, type SelectionRule, type TieBreaker } from "./precedence.ts";
export {
  compareSentinelRuns,
  runSentinel,
  type SentinelDifference,
  type SentinelInput,
  sentinelInputs,
  type SentinelReport,
  type SentinelRun,
} from "./sentinel.ts";
export { selectionEvents } from "./selection-events.ts";
export { selectAll, selectArtifact, type Selection, type SelectionTrace } from "./select-artifact.ts";
export { selectWinners } from "./select-winners.ts";
