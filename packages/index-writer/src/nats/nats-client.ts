import type { JsonValue } from "@gov/schema";
import type { CommittedEntry } from "../store/index-store.ts";

/** Appends to a record through NATS. */
export interface NatsClient extends AsyncDisposable {
  /**
   * Adds an entry and resolves once the record has it: an acknowledgement of NATS itself counts for nothing. Sent again until then; ids make that harmless.
   *
   * @throws {@link IndexError} `INDEX_ID_CONFLICT`; `INDEX_TOO_LARGE` for an entry that exceeds the `max_payload` of the server: nothing was sent;
   * `INDEX_COMMIT_UNCERTAIN` when the time is over; `INDEX_CLOSED`.
   */
  readonly append: (id: string, payload: JsonValue) => Promise<CommittedEntry>;
  /** Ends what is under way as uncertain. The connection stays open. */
  readonly close: () => Promise<void>;
}
