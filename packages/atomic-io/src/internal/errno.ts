import { AtomicIoError, type AtomicIoErrorCode, isAtomicIoError } from "../errors.ts";

/** The Node error code of a failure, or undefined when it carries none. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : undefined;
}

/** A failed step as an {@link AtomicIoError}: what was wanted, then what happened. */
export function failed(
  code: AtomicIoErrorCode,
  wanted: string,
  failure: { readonly path: string; readonly step: string; readonly cause: unknown; readonly hint?: string | undefined },
): AtomicIoError {
  const { path, step, cause, hint } = failure;
  // A failure that was told already keeps what the operating system said.
  const told = isAtomicIoError(cause) ? cause.details["errno"] : undefined;
  const errno = typeof told === "string" ? told : errnoOf(cause);
  const reason = errno ?? (cause instanceof Error ? cause.message : "an unknown error");
  return new AtomicIoError(code, `${wanted}: ${step} failed with ${reason}`, {
    cause,
    hint,
    details: { path, step, errno: errno ?? null },
  });
}
