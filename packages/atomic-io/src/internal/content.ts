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
