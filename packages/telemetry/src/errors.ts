/** Every code a {@link TelemetryError} can carry. */
export const telemetryErrorCodes = [
  "TELEMETRY_AUDIT_CLOSED",
  "TELEMETRY_AUDIT_CORRUPT",
  "TELEMETRY_AUDIT_TORN",
  "TELEMETRY_AUDIT_UNCERTAIN",
  "TELEMETRY_CHECKPOINT_INVALID",
  "TELEMETRY_CLOCK_DRIFT",
  "TELEMETRY_SEALED_DATA_CORRUPT",
  "TELEMETRY_SEQUENCE_CONFLICT",
  "TELEMETRY_STORE_UNSUITABLE",
] as const;

/** Code of a {@link TelemetryError}; callers switch on it, never on the message. */
export type TelemetryErrorCode = (typeof telemetryErrorCodes)[number];

/** What a {@link TelemetryError} carries beside its code and message. */
export interface TelemetryErrorOptions {
  /** Facts for a program: paths, sequence numbers, findings. @default {} */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** The one error of this package: a lost race, a log that cannot be trusted, a clock that is too far off. */
export class TelemetryError extends Error {
  override readonly name = "TelemetryError";
  readonly code: TelemetryErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly hint: string | undefined;

  /** Creates the error; the message names the current state, then the desired one. */
  constructor(code: TelemetryErrorCode, message: string, options: TelemetryErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.hint = options.hint;
  }
}

/** True for an error of this package, whichever copy of it threw. */
export function isTelemetryError(error: unknown): error is TelemetryError {
  return (
    error instanceof Error &&
    error.name === "TelemetryError" &&
    (telemetryErrorCodes as readonly unknown[]).includes((error as { code?: unknown }).code)
  );
}
