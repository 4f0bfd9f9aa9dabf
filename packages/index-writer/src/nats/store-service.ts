/** A record that is served. */
export interface StoreService extends AsyncDisposable {
  /** Entries on their way into the record. */
  readonly inFlight: () => number;
  /** Stops taking entries and waits for those under way. Writer and connection stay open. */
  readonly close: () => Promise<void>;
}
