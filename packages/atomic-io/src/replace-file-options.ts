import type { Durability } from "./durability.ts";
import type { FileSystem } from "./file-system.ts";
import type { RandomBytes } from "./temp-name.ts";

/** Options of `replaceFile`. */
export interface ReplaceFileOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** Permission bits of the result, set exactly. @default those of the existing file, else 0o666 less the umask */
  readonly mode?: number | undefined;
  /** What the acknowledgement must survive. @default "power" */
  readonly durability?: Durability | undefined;
  /**
   * Lets this call give way to a later one for the same path with the same mode and durability: while one write is under way, of all that wait only the latest
   * is written, and each promise resolves once its own data or later data is durable. A call that carries a signal is always written. @default false
   */
  readonly coalesce?: boolean | undefined;
  /** Abandons the write as long as it is not published; the promise then rejects with the signal's reason, at once where it waits for its turn. */
  readonly signal?: AbortSignal | undefined;
  /** @default random bytes of the machine */
  readonly random?: RandomBytes | undefined;
}

/** What `replaceFile` did. */
export interface ReplaceFileResult {
  /** The real path written, links followed. */
  readonly path: string;
  /** Length of the content. */
  readonly bytes: number;
  /** What was achieved: weaker than asked only where the file system cannot sync a directory. */
  readonly durability: Durability;
}
