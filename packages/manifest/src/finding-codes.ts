import type { Finding, Severity } from "@gov/schema";

/** Every code a finding of this package can carry. */
export const manifestFindingCodes = [
  "MANIFEST_APPROVAL_MISSING",
  "MANIFEST_ARTIFACT_MISMATCH",
  "MANIFEST_ARTIFACT_MISSING",
  "MANIFEST_ARTIFACT_UNREADABLE",
  "MANIFEST_CHAIN_BROKEN",
  "MANIFEST_CHAIN_EMPTY",
  "MANIFEST_CHAIN_FORKED",
  "MANIFEST_CHAIN_GAP",
  "MANIFEST_CHAIN_ID_REUSED",
  "MANIFEST_CHAIN_NOT_YET",
  "MANIFEST_CHAIN_ROLLBACK",
  "MANIFEST_CHAIN_STALE",
  "MANIFEST_CHAIN_TIME_REVERSED",
  "MANIFEST_CLOSING_CONFLICT",
  "MANIFEST_CRITICAL_NOT_ZERO",
  "MANIFEST_DIGEST_INVALID",
  "MANIFEST_EMPTY",
  "MANIFEST_ENVELOPE_MALFORMED",
  "MANIFEST_ENVIRONMENT_SKIPPED",
  "MANIFEST_ENVIRONMENT_SOAKING",
  "MANIFEST_ENVIRONMENT_UNKNOWN",
  "MANIFEST_FIELD_INVALID",
  "MANIFEST_FIELD_MISSING",
  "MANIFEST_FIELD_UNKNOWN",
  "MANIFEST_GATE_MISSING",
  "MANIFEST_GATE_NOT_PASSED",
  "MANIFEST_INLINE_SEAL_INVALID",
  "MANIFEST_KEY_DUPLICATE",
  "MANIFEST_KEY_NOT_VALID_THEN",
  "MANIFEST_KEY_UNUSABLE",
  "MANIFEST_LEDGER_OBJECT_LOST",
  "MANIFEST_LOCKFILE_INVALID",
  "MANIFEST_NOT_APPROVED",
  "MANIFEST_PATH_COLLISION",
  "MANIFEST_PATH_INVALID",
  "MANIFEST_PAYLOAD_TYPE_MISMATCH",
  "MANIFEST_PERSON_COUNTED_ONCE",
  "MANIFEST_PLAYBOOK_INVALID",
  "MANIFEST_POLICY_EXPIRED",
  "MANIFEST_POLICY_MALFORMED",
  "MANIFEST_POLICY_NOT_HANDED_OVER",
  "MANIFEST_POLICY_NOT_TAKEN_OVER",
  "MANIFEST_POLICY_UNREACHABLE",
  "MANIFEST_PROMOTION_BACKWARD",
  "MANIFEST_PROMOTION_HELD",
  "MANIFEST_PROMOTION_NOT_AUTOMATIC",
  "MANIFEST_RECOVERY_DIFFERS",
  "MANIFEST_RECOVERY_POINT_MISSED",
  "MANIFEST_RECOVERY_TIME_MISSED",
  "MANIFEST_REHEARSAL_FAILED",
  "MANIFEST_REHEARSAL_MISSING",
  "MANIFEST_REHEARSAL_STALE",
  "MANIFEST_RESTORE_MISMATCH",
  "MANIFEST_ROLE_NOT_MET",
  "MANIFEST_SEAL_STATE",
  "MANIFEST_SIGNATURE_DUPLICATE",
  "MANIFEST_SIGNATURE_MALFORMED",
  "MANIFEST_SIGNATURE_NOT_VERIFIED",
  "MANIFEST_SIGNED_DIGEST_MISMATCH",
  "MANIFEST_SNAPSHOT_OBJECT_LOST",
  "MANIFEST_SNAPSHOT_UNREADABLE",
  "MANIFEST_STATEMENT_INVALID",
  "MANIFEST_STATEMENT_MISMATCH",
  "MANIFEST_STATUS_ORDER",
  "MANIFEST_SUCCESSOR_UNCHANGED",
  "MANIFEST_THRESHOLD_NOT_MET",
  "MANIFEST_UNSIGNED",
] as const;

/** Code of a finding of this package. */
export type ManifestFindingCode = (typeof manifestFindingCodes)[number];

/** What a finding of this package adds to its code and message. */
interface FindingOptions {
  readonly severity?: Severity | undefined;
  readonly path?: string | null | undefined;
  readonly line?: number | null | undefined;
  readonly column?: number | null | undefined;
  readonly expected?: string | undefined;
  readonly hint?: string | undefined;
}

/** Makes a finding of this package; an error without a place unless told. @internal */
export function finding(code: ManifestFindingCode, message: string, options: FindingOptions = {}): Finding {
  const { severity = "error", path = null, line = null, column = null, expected, hint } = options;
  return {
    code,
    severity,
    message,
    path,
    line,
    column,
    ...(expected === undefined ? {} : { expected }),
    ...(hint === undefined ? {} : { hint }),
  };
}
