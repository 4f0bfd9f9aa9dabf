import type { JsonValue } from "@gov/schema";

/** What is told to the log: who did what to what, when. */
export interface LogInput {
  /** RFC 3339 with three decimals and `Z`. */
  readonly time: string;
  readonly kind: string;
  readonly actor: string;
  readonly subject: string;
  readonly payload: JsonValue;
}

/** The one chained log of a project, as far as closing decisions need it; the audit log of `@gov/telemetry` fits. */
export interface EntryLog {
  /** Appends entries durably; rejects when the log goes on beyond `expectedSeq`. */
  readonly append: (entries: readonly LogInput[], options: { readonly expectedSeq: number | "any" }) => Promise<unknown>;
  /** Yields entries from a sequence number on. */
  readonly read: (fromSeq?: number) => AsyncIterable<{ readonly seq: number; readonly kind: string; readonly payload: JsonValue }>;
}
