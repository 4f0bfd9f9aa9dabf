import { unlessAborted } from "./unless-aborted.ts";
import { bytesOf } from "./write-fully.ts";

/** What is to be written: bytes that are there already, or parts. */
export type Content = Uint8Array | Parts;

/** Content that comes part by part. */
export interface Parts {
  /** The next part, or null when there is none; rejects with the reason of the signal when that comes first. */
  readonly next: (signal?: AbortSignal) => Promise<Uint8Array | null>;
}

/** The parts that a stream or an iterable gives; to be closed in the end, whatever became of it. */
export function streamContentOf(
  source: AsyncIterable<string | ArrayBufferView> | Iterable<string | ArrayBufferView>,
): Parts & { readonly close: () => Promise<void> } {
  const parts = iteratorOf(source);
  let carried = "";
  let ended = false;
  let owed = false;
  const ask = async (): Promise<IteratorResult<string | ArrayBufferView, unknown>> => {
    owed = true;
    try {
      return await parts.next();
    } finally {
      owed = false;
    }
  };
  // At once: a stream that fails before anybody reads from it ends the process, and the turn to write may come later.
  let first: ReturnType<typeof ask> | null = ask();
  first.catch(() => undefined);
  return {
    next: async (signal) => {
      if (ended) return null;
      const asked = first ?? ask();
      first = null;
      const part = await unlessAborted(asked, signal);
      if (part.done === true) {
        ended = true;
        return carried === "" ? null : bytesOf(carried);
      }
      const { value } = part;
      if (typeof value !== "string") {
        const before = bytesOf(carried);
        carried = "";
        return before.byteLength === 0 ? bytesOf(value) : Buffer.concat([before, bytesOf(value)]);
      }
      // A character of two code units may be cut between two parts.
      const text = carried + value;
      const whole = /[\ud800-\udbff]$/.test(text) ? text.length - 1 : text.length;
      carried = text.slice(whole);
      return bytesOf(text.slice(0, whole));
    },
    close: async () => {
      if (ended) return;
      try {
        // Who still owes a part would close after giving it, which may be never.
        if (owed && typeof (source as Destroyable).destroy === "function") (source as Destroyable).destroy?.();
        const closing = parts.return?.();
        if (owed) Promise.resolve(closing).catch(() => undefined);
        else await closing;
      } catch {
        // The failure to report is the one that led here.
      }
    },
  };
}

/** What a stream of Node can do beside being iterated. */
interface Destroyable {
  readonly destroy?: () => unknown;
}

function iteratorOf(
  source: AsyncIterable<string | ArrayBufferView> | Iterable<string | ArrayBufferView>,
): AsyncIterator<string | ArrayBufferView> | Iterator<string | ArrayBufferView> {
  if (typeof source === "object" && Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
  if (typeof source === "object" && Symbol.iterator in source && !ArrayBuffer.isView(source)) return source[Symbol.iterator]();
  throw new TypeError("Cannot write from what is no stream: an iterable of strings and views is required");
}
