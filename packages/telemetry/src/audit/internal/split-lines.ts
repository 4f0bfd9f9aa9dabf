/** A line of a log. */
export interface Line {
  /** 1-based. */
  readonly number: number;
  /** Null when the bytes are not UTF-8. */
  readonly text: string | null;
  readonly isTerminated: boolean;
  readonly isLast: boolean;
}

/** Yields the lines of a log; only a line feed ends one, and a byte order mark is content like any other. */
export function* splitLines(bytes: Uint8Array): Generator<Line> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let number = 0;
  for (let start = 0; start < bytes.length;) {
    const feed = bytes.indexOf(10, start);
    const end = feed < 0 ? bytes.length : feed;
    number++;
    yield { number, text: decode(decoder, bytes.subarray(start, end)), isTerminated: feed >= 0, isLast: end + 1 >= bytes.length };
    start = end + 1;
  }
}

function decode(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
