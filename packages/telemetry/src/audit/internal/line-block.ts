/** Lines, each with its line feed, one behind the other in one piece of memory. */
export interface Lines {
  readonly bytes: Uint8Array;
  /** Where each line ends, behind its line feed. */
  readonly ends: readonly number[];
}

/** A line without line feed and without its member `hash`, and where that goes. */
export interface OpenLine {
  /** Views of the same memory: the line up to its member, and all of it. */
  readonly head: Uint8Array;
  readonly all: Uint8Array;
}

/** Gathers lines for a commit. */
export interface LineBlock {
  readonly count: () => number;
  /** Adds a line with its member, whose digest is given as 64 hexadecimal digits. */
  readonly addWithHash: (line: OpenLine, hex: string) => void;
  /** Adds a line given as text, without line feed. */
  readonly addText: (line: string) => void;
  /** Drops all lines but the first `count`. */
  readonly cutBack: (count: number) => void;
  /** Returns the lines and begins anew; their memory is used again after the next time. */
  readonly take: () => Lines;
}

const firstBytes = 65_536;
// Memory up to here is kept for what comes next.
const keptBytes = 1_048_576;
const lineFeed = 10;
const quote = 34;
const comma = 44;
const hashBegin = Buffer.from('"hash":"sha256:');
const hashDigits = 64;
const hashLength: number = hashBegin.length + hashDigits + 2;

/** Creates an empty block. It has two pieces of memory: lines gather in one while those in the other are committed. */
export function createLineBlock(): LineBlock {
  let memory = Buffer.allocUnsafe(firstBytes);
  let other = Buffer.allocUnsafe(firstBytes);
  let end = 0;
  let ends: number[] = [];

  const makeRoom = (length: number): void => {
    if (end + length <= memory.length) return;
    const larger = Buffer.allocUnsafe(Math.max(end + length, 2 * memory.length));
    memory.copy(larger, 0, 0, end);
    memory = larger;
  };
  const endLine = (): void => {
    memory[end++] = lineFeed;
    ends.push(end);
  };
  return {
    count: () => ends.length,
    addWithHash: ({ head, all }, hex) => {
      makeRoom(all.length + hashLength + 1);
      // All of it where its rest belongs, then what stands before: two copies of what there are views of, for a new view costs more than a copy.
      memory.set(all, end + hashLength);
      memory.set(head, end);
      let at = end + head.length;
      for (let index = 0; index < hashBegin.length; index++) memory[at + index] = hashBegin[index] as number;
      at += hashBegin.length;
      memory.write(hex, at);
      memory[at + hashDigits] = quote;
      memory[at + hashDigits + 1] = comma;
      end += all.length + hashLength;
      endLine();
    },
    addText: (line) => {
      makeRoom(Buffer.byteLength(line) + 1);
      end += memory.write(line, end);
      endLine();
    },
    cutBack: (count) => {
      ends.length = count;
      end = ends.at(-1) ?? 0;
    },
    take: () => {
      const lines = { bytes: memory.subarray(0, end), ends };
      [memory, other] = [other.length > keptBytes ? Buffer.allocUnsafe(firstBytes) : other, memory];
      end = 0;
      ends = [];
      return lines;
    },
  };
}
