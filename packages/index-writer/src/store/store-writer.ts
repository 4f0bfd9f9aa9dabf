import type { JsonValue } from "@gov/schema";
import type { CommittedEntry } from "./index-store.ts";

/** Writes to a record that others write to as well. */
export interface StoreWriter extends AsyncDisposable {
  /**
   * Adds an entry and resolves once the record has it. Safe to be called again with the same id and content, by anyone, at any time: the entry stands once.
   *
   * @throws {@link IndexError} `INDEX_ID_CONFLICT`; `INDEX_BRIDGE_FULL` when too many entries wait: nothing was taken; `INDEX_COMMIT_UNCERTAIN` when the time is
   * over; `INDEX_CLOSED`; `INDEX_CORRUPT` and `INDEX_VERSION` at once when the record cannot be read.
   * @throws RangeError for an id that does not fit, or a payload of more than 255 MiB: nothing was taken.
   */
  readonly append: (id: string, payload: JsonValue) => Promise<CommittedEntry>;
  /** Entries that wait for their commit. */
  readonly pending: () => number;
  /** Waits for what is pending, then passes the lease on. The record stays open. */
  readonly close: () => Promise<void>;
}
