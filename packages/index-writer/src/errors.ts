/** Every code an {@link IndexError} can carry. */
export const indexErrorCodes = [
  "INDEX_BACKFILL_REFUSED",
  "INDEX_BRIDGE_CONFLICT",
  "INDEX_BRIDGE_FULL",
  "INDEX_CLOSED",
  "INDEX_COMMIT_UNCERTAIN",
  "INDEX_CORRUPT",
  "INDEX_HISTORY_FAILED",
  "INDEX_ID_CONFLICT",
  "INDEX_LOCKED",
  "INDEX_RECORD_INVALID",
  "INDEX_ROOT_MISSING",
  "INDEX_SEQUENCE_CONFLICT",
  "INDEX_STALE",
  "INDEX_STORE_UNSUITABLE",
  "INDEX_SUPERSEDED",
  "INDEX_TOO_LARGE",
  "INDEX_VERIFICATION_FROZEN",
  "INDEX_VERIFICATION_REFUSED",
  "INDEX_VERSION",
] as const;

/** A code of {@link IndexError}; callers switch on it, never on the message. */
export type IndexErrorCode = (typeof indexErrorCodes)[number];

/** What an {@link IndexError} carries beside its code and message. */
export interface IndexErrorOptions {
  /** Facts for a program: paths, counts, the holder of the lock. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** An index that is damaged, held by another writer, or not usable as it stands. */
export class IndexError extends Error {
  override readonly name = "IndexError";
  readonly code: IndexErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly hint: string | undefined;

  constructor(code: IndexErrorCode, message: string, options: IndexErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.hint = options.hint;
  }
}

/** True for an {@link IndexError}, also one of another copy of this package: it looks at name and code, not at the class. */
export function isIndexError(error: unknown): error is IndexError {
  return (
    error instanceof Error &&
    error.name === "IndexError" &&
    (indexErrorCodes as readonly unknown[]).includes((error as { code?: unknown }).code)
  );
}
