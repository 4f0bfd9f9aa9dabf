/** Hears of events in a directory. */
export interface WatchListener {
  /** Something happened to that name; null when it is not known to which, or when events were dropped. */
  readonly onEvent: (name: string | null) => void;
  /** No more events will come. */
  readonly onError: (error: unknown) => void;
}

/** Where file events come from, as a port: subscribes to a directory, not to what is below its directories, and returns how to end it. May throw. */
export type WatchSource = (directory: string, listener: WatchListener) => () => void;
