/** Every code a finding of this package can carry. */
export const telemetryFindingCodes = [
  "TELEMETRY_AUDIT_CHAIN_BROKEN",
  "TELEMETRY_AUDIT_CHECKPOINT_MISMATCH",
  "TELEMETRY_AUDIT_ENTRY_ALTERED",
  "TELEMETRY_AUDIT_ENTRY_INVALID",
  "TELEMETRY_AUDIT_FORK_UNJOINED",
  "TELEMETRY_AUDIT_TAIL_UNVERIFIED",
  "TELEMETRY_AUDIT_TRUNCATED",
  "TELEMETRY_DIGEST_INPUT_INVALID",
  "TELEMETRY_DIGEST_INPUT_MISSING",
  "TELEMETRY_KPI_INPUT_MISSING",
  "TELEMETRY_KPI_NOT_COMPUTABLE",
  "TELEMETRY_LOG_FIELD_INVALID",
] as const;

/** Code of a finding of this package. */
export type TelemetryFindingCode = (typeof telemetryFindingCodes)[number];
