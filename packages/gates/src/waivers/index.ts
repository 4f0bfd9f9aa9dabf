/**
 * Exceptions that are signed, scoped, dated, and decided in one place.
 *
 * @packageDocumentation
 */
export { applyWaivers, type WaivedReport, type WaiverResult, type WaiverState, waiverStates } from "./apply-waivers.ts";
export { importTrivyignore, type WaiverDraft } from "./import-trivyignore.ts";
export { judgeWaiver, type WaiverJudgement, type WaiverPolicy } from "./judge-waiver.ts";
export { planRevocation, planWaiver, type WaiverPlan, waiverPolicyOf, type WaiverRequest } from "./plan-waiver.ts";
export { type SignatureVerifier, type VerifiedWaivers, verifyWaivers } from "./verify-waivers.ts";
export {
  foldWaivers,
  isWaiverEntry,
  proveWaivers,
  waiverDatabase,
  type WaiverEntry,
  type WaiverGrant,
  waiverGranted,
  waiverRevoked,
} from "./waiver-log.ts";
export { findingFingerprint, isWaiver, type SignedWaiver, type Waiver, type WaiverSigner } from "./waiver.ts";
