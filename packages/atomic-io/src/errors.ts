/** Every code an {@link AtomicIoError} can carry. */
export const atomicIoErrorCodes = [
  "ATOMIC_IO_COMMIT_UNCERTAIN",
  "ATOMIC_IO_CREATE_FAILED",
  "ATOMIC_IO_JOURNAL_CLOSED",
  "ATOMIC_IO_JOURNAL_CORRUPT",
  "ATOMIC_IO_JOURNAL_POISONED",
  "ATOMIC_IO_JOURNAL_SUPERSEDED",
  "ATOMIC_IO_JOURNAL_VERSION",
  "ATOMIC_IO_LEASE_LOST",
  "ATOMIC_IO_LINE_TORN",
  "ATOMIC_IO_LOCK_FAILED",
  "ATOMIC_IO_LOCK_HELD",
  "ATOMIC_IO_LOCK_MISMATCH",
  "ATOMIC_IO_MODE_REJECTED",
  "ATOMIC_IO_NETWORK_FILE_SYSTEM",
  "ATOMIC_IO_NOT_A_FILE",
  "ATOMIC_IO_OUTSIDE_ROOT",
  "ATOMIC_IO_OWNER_FAILED",
  "ATOMIC_IO_READ_FAILED",
  "ATOMIC_IO_RENAME_FAILED",
  "ATOMIC_IO_SYNC_FAILED",
  "ATOMIC_IO_TARGET_EXISTS",
  "ATOMIC_IO_WRITE_FAILED",
] as const;

/** A code of {@link AtomicIoError}; callers switch on it, never on the message. */
export type AtomicIoErrorCode = (typeof atomicIoErrorCodes)[number];

/** What an {@link AtomicIoError} carries beside its code and message. */
export interface AtomicIoErrorOptions {
  /** Facts for a program: paths, counts, the errno. Never file contents. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** An I/O step that failed, a lock that was not granted, or a journal that is damaged. */
export class AtomicIoError extends Error {
  override readonly name = "AtomicIoError";
  readonly code: AtomicIoErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly hint: string | undefined;

  constructor(code: AtomicIoErrorCode, message: string, options: AtomicIoErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.hint = options.hint;
  }
}

/** True for an {@link AtomicIoError}, also one of another copy of this package: it looks at name and code, not at the class. */
export function isAtomicIoError(error: unknown): error is AtomicIoError {
  return (
    error instanceof Error &&
    error.name === "AtomicIoError" &&
    (atomicIoErrorCodes as readonly unknown[]).includes((error as { code?: unknown }).code)
  );
}
