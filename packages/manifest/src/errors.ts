import type { Finding } from "@gov/schema";

/** Every code a {@link ManifestError} can carry. */
export const manifestErrorCodes = [
  "MANIFEST_ALREADY_SEALED",
  "MANIFEST_BUNDLE_INVALID",
  "MANIFEST_BUNDLE_KEYLESS",
  "MANIFEST_CHAIN_REFUSED",
  "MANIFEST_ENVELOPE_INVALID",
  "MANIFEST_FREEZE_HELD",
  "MANIFEST_FREEZE_UNKNOWN",
  "MANIFEST_KEY_LOCKED",
  "MANIFEST_KEY_NOT_FOUND",
  "MANIFEST_KEY_REFUSED",
  "MANIFEST_LEDGER_CONFLICT",
  "MANIFEST_LEDGER_CORRUPT",
  "MANIFEST_NOT_SEALABLE",
  "MANIFEST_OBJECT_CORRUPT",
  "MANIFEST_OBJECT_KEY_MISSING",
  "MANIFEST_OBJECT_RETAINED",
  "MANIFEST_PLAYBOOK_FINISHED",
  "MANIFEST_PLAYBOOK_STEP_FAILED",
  "MANIFEST_POLICY_CHAIN_REFUSED",
  "MANIFEST_POLICY_INVALID",
  "MANIFEST_PROMOTION_FROZEN",
  "MANIFEST_PROMOTION_REFUSED",
  "MANIFEST_PROMOTION_STATE_INVALID",
  "MANIFEST_RESTORE_FAILED",
  "MANIFEST_RESTORE_PENDING",
  "MANIFEST_RESTORE_UNSAFE",
  "MANIFEST_SNAPSHOT_MISSING",
  "MANIFEST_SNAPSHOT_REFUSED",
  "MANIFEST_SNAPSHOT_TORN",
  "MANIFEST_STORE_UNSAFE",
  "MANIFEST_VERIFICATION_FAILED",
] as const;

/** Code of a {@link ManifestError}; callers switch on it, never on the message. */
export type ManifestErrorCode = (typeof manifestErrorCodes)[number];

/** What a {@link ManifestError} carries beside its code and message. */
export interface ManifestErrorOptions {
  /** Values that help to find the cause; never a secret. @default {} */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** Every reason, when there is more than one to tell. @default [] */
  readonly findings?: readonly Finding[] | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** The one error of this package: a refused key, a broken envelope, a failed verification; never an expected outcome. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
  readonly code: ManifestErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  /** Every finding of the check that failed. */
  readonly findings: readonly Finding[];
  readonly hint: string | undefined;

  /** Creates the error; the message names the current state, then the desired one. */
  constructor(code: ManifestErrorCode, message: string, options: ManifestErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.findings = options.findings ?? [];
    this.hint = options.hint;
  }
}

/** True for an error of this package, whichever copy of it threw. */
export function isManifestError(error: unknown): error is ManifestError {
  return (
    error instanceof Error &&
    error.name === "ManifestError" &&
    (manifestErrorCodes as readonly unknown[]).includes((error as { code?: unknown }).code)
  );
}
