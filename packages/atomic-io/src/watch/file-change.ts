import type { AtomicIoError } from "../errors.ts";
import type { FileStat, FileSystem } from "../file-system.ts";
import type { WaitTimers } from "../lock/lock-host.ts";
import type { Observer } from "../observer.ts";
import type { WatchSource } from "./watch-source.ts";

/** What stands at a path now, compared with what was last delivered for it. */
export interface FileChange {
  readonly path: string;
  /** State of the file, null when there is none. */
  readonly stat: FileStat | null;
  /** True when another file stands there than before, so that whoever holds the old one open must open it anew; false when the same one was written to. */
  readonly replaced: boolean;
}

/** How writers of the files change them: `rename` replaces them in one step, `in_place` writes into them, so that a part can be seen before the whole. */
export type WatchedWriting = "rename" | "in_place";

/** Options of `openFileWatch` and `openDirectoryWatch`. */
export interface WatchOptions {
  /** Is told of each change, one after the other; the next is not delivered before this one's promise has resolved. */
  readonly onChange: (change: FileChange) => void | Promise<void>;
  /** Hears what `onChange` throws and why something cannot be examined; the watch goes on, and what it throws itself is ignored. @default nothing */
  readonly onError?: ((error: AtomicIoError) => void) | undefined;
  /** How the files are written. Readers that need whole files of writers that write in place wait until nothing has changed for `settleMs`. @default "rename" */
  readonly writing?: WatchedWriting | undefined;
  /** With `in_place`: how long a file must not have changed before it is delivered, in milliseconds. @default 50 */
  readonly settleMs?: number | undefined;
  /** With `in_place`: after how many milliseconds a file is delivered that never settles. @default 2000 */
  readonly maxDelayMs?: number | undefined;
  /** After how many milliseconds everything is examined without being told, since a system may forget events. @default 1000 */
  readonly pollMs?: number | undefined;
  /** Hears `watch.rescan` with its reason and `watch.degraded` when events cannot be had and polling alone is left. */
  readonly observer?: Observer | undefined;
  /** Ends the watch, as `close` does. */
  readonly signal?: AbortSignal | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** @default the machine's file events */
  readonly source?: WatchSource | undefined;
  /** @default the machine's timers */
  readonly timers?: WaitTimers | undefined;
  /** The present time in milliseconds since the epoch, by which the file system dates its files. @default the machine's clock */
  readonly now?: (() => number) | undefined;
}

/** A watch that is open until it is closed. */
export interface Watch extends AsyncDisposable {
  /** Examines everything now, and resolves once what has changed is delivered. Called in `onChange`, it resolves at once, and that follows. */
  readonly rescan: () => Promise<void>;
  /**
   * Ends the watch; resolves once nothing is delivered any more. Called in `onChange`, it waits for all but that call, which is the last one. A second call only
   * waits.
   */
  readonly close: () => Promise<void>;
}
