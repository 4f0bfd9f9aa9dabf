/**
 * Verification reports through one writer: serialised changes, close-out in its order, summary and master report that always fit, and a freeze at the end.
 *
 * @example Close out a vertical
 * ```ts
 * import assert from "node:assert/strict";
 * import { openVerification } from "@gov/index-writer/verification";
 *
 * const verification = await openVerification(".", { verticals: ["routing", "docs"] });
 * const { status } = await verification.closeOut("routing", { verify: async () => [], rationale: "all invariants hold", at: "2026-01-01T00:00:00Z" });
 * assert.equal(status, "PASS");
 * assert.equal(verification.state().status, "PENDING"); // docs has not reported yet
 * await verification.close();
 * ```
 *
 * @packageDocumentation
 */
export type { EntryLog, LogInput } from "./entry-log.ts";
export { defaultVerticals, openVerification, type OpenVerificationOptions } from "./open-verification.ts";
export {
  type CloseOut,
  type Freeze,
  type Runbook,
  type Verification,
  type VerificationState,
  type VerificationStatus,
  verificationStatuses,
  type VerticalReport,
  type VerticalState,
} from "./verification.ts";
