import { bytesOf } from "./write-fully.ts";

/** What is to be written: bytes that are there already, or parts. */
export type Content = Uint8Array | Parts;

/** Content that comes part by part. */
export interface Parts {
  /** The next part, or null when there is none. */
  readonly next: () => Promise<Uint8Array | null>;
}

/** The parts that a stream or an iterable gives; to be closed in the end, whatever became of it. */
export function streamContentOf(
  source: AsyncIterable<string | ArrayBufferView> | Iterable<string | ArrayBufferView>,
): Parts & { readonly close: () => Promise<void> } {
  const parts = iteratorOf(source);
  let carried = "";
  let ended = false;
  return {
    next: async () => {
      if (ended) return null;
      const part: IteratorResult<string | ArrayBufferView, unknown> = await parts.next();
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
      if (!ended) await parts.return?.();
    },
  };
}

function iteratorOf(
  source: AsyncIterable<string | ArrayBufferView> | Iterable<string | ArrayBufferView>,
): AsyncIterator<string | ArrayBufferView> | Iterator<string | ArrayBufferView> {
  if (typeof source === "object" && Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
  if (typeof source === "object" && Symbol.iterator in source && !ArrayBuffer.isView(source)) return source[Symbol.iterator]();
  throw new TypeError("Cannot write from what is no stream: an iterable of strings and views is required");
}
