import { bytesOf } from "./write-fully.ts";

/** What is to be written, part by part. */
export interface Content {
  /** The next part, or null when there is none. */
  readonly next: () => Uint8Array | null | Promise<Uint8Array | null>;
  /** Length when it is known before. */
  readonly length: number | null;
}

/** Content that is there already. */
export function contentOf(data: string | ArrayBufferView): Content {
  const bytes = bytesOf(data);
  let given = false;
  return {
    length: bytes.byteLength,
    next: () => {
      if (given) return null;
      given = true;
      return bytes;
    },
  };
}

/** Content that comes part by part; to be closed in the end, whatever became of it. */
export function streamContentOf(
  source: AsyncIterable<string | ArrayBufferView> | Iterable<string | ArrayBufferView>,
): Content & { readonly close: () => Promise<void> } {
  const parts = iteratorOf(source);
  let carried = "";
  let ended = false;
  return {
    length: null,
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
