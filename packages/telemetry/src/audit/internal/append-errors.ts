import { TelemetryError } from "../../errors.ts";

/** The error of an append that was decided on an older state. */
export function conflict(path: string, { expectedSeq, last }: { readonly expectedSeq: number; readonly last: number }): TelemetryError {
  const details = { path, expectedSeq, lastSeq: last };
  const hint = "Read the entries in between, decide again, and append after the last one";
  const message = `Cannot append to "${path}" after entry ${String(expectedSeq)}: its last entry is ${String(last)}`;
  return new TelemetryError("TELEMETRY_SEQUENCE_CONFLICT", message, { details, hint });
}

/** The error of an append of which nobody can tell whether it stands. */
export function uncertain(path: string, cause: unknown): TelemetryError {
  return new TelemetryError("TELEMETRY_AUDIT_UNCERTAIN", `Cannot append to "${path}": writing failed, and what stands is uncertain`, {
    details: { path },
    hint: "Close the log and open it again to see which entries stand",
    cause,
  });
}

/** The error of an append after closing. */
export function closed(path: string): TelemetryError {
  return new TelemetryError("TELEMETRY_AUDIT_CLOSED", `Cannot append to "${path}": the log has been closed`, { details: { path } });
}

/** Returns the number of an entry to read from; anything else would be read as nothing. */
export function requireSeq(seq: number): number {
  if (!Number.isSafeInteger(seq)) throw new RangeError(`Cannot read from entry ${String(seq)}: it must be a whole number`);
  return seq;
}
