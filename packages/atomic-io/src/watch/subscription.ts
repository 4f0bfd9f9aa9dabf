import type { FileSystem } from "../file-system.ts";
import type { Observer } from "../observer.ts";
import type { WatchListener, WatchSource } from "./watch-source.ts";

/** Events of a directory by whatever inode its path leads to at the time. */
export class Subscription {
  readonly #directory: string;
  readonly #by: { readonly fs: FileSystem; readonly source: WatchSource; readonly observer: Observer | undefined };
  readonly #onEvent: (name: string | null) => void;
  #identity: string | null = null;
  #end: (() => void) | null = null;
  #degraded = false;
  #ended = false;

  constructor(
    directory: string,
    by: { readonly fs: FileSystem; readonly source: WatchSource; readonly observer: Observer | undefined },
    onEvent: (name: string | null) => void,
  ) {
    this.#directory = directory;
    this.#by = by;
    this.#onEvent = onEvent;
  }

  /** Subscribes, or does so anew when the path now leads to another directory or the last try failed; true when the events before may have been missed. */
  async renew(): Promise<boolean> {
    const identity = await this.#by.fs.stat(this.#directory).then(
      ({ kind, device, inode }) => (kind === "directory" ? `${device}:${inode}` : null),
      () => null,
    );
    if (this.#ended || (identity === this.#identity && this.#end !== null)) return false;
    this.#close();
    if (identity === null) return false;
    const listener: WatchListener = { onEvent: this.#onEvent, onError: (error) => this.#failed(error) };
    try {
      this.#end = this.#by.source(this.#directory, listener);
      this.#identity = identity;
      this.#degraded = false;
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  /** Ends it for good, also while it is being renewed. */
  end(): void {
    this.#ended = true;
    this.#close();
  }

  #close(): void {
    this.#end?.();
    this.#end = null;
    this.#identity = null;
  }

  #failed(error: unknown): void {
    this.#close();
    // Tried again with every poll, said once.
    if (!this.#degraded) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#by.observer?.event("watch.degraded", { path: this.#directory, reason });
    }
    this.#degraded = true;
    this.#onEvent(null);
  }
}
