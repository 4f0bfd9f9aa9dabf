import type { JournalCommit } from "@gov/atomic-io/journal";
import { digestBytes, digestJson } from "@gov/schema/canonical";
import { decodeEntry, type KnownEntry } from "./entry-codec.ts";

/** The entries of a journal by their ids, which are known for ever; of those that were only read no payload is looked at before its id comes again. */
export class KnownEntries {
  readonly #entries = new Map<string, KnownEntry>();
  #lastSeq = 0;

  get(id: string): KnownEntry | undefined {
    return this.#entries.get(id);
  }

  /** Takes in an entry that follows on the last one. */
  add(id: string, entry: KnownEntry): void {
    this.#entries.set(id, entry);
    this.#lastSeq = entry.seq;
  }

  /** Listens to a journal that is read from its beginning; what was heard counts once it is known that all of it holds. */
  listen(): { readonly onCommit: (commit: JournalCommit) => void; readonly take: () => void } {
    const heard: (readonly [id: string, entry: KnownEntry])[] = [];
    return {
      onCommit: ({ firstSeq, count, bytes, spans }) => {
        const commit = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        for (let at = Math.max(0, this.#lastSeq + 1 - firstSeq); at < count; at++)
          heard.push(entryAt(commit, { begin: spans[at * 2] as number, end: spans[at * 2 + 1] as number, seq: firstSeq + at }));
      },
      take: () => {
        for (const [id, entry] of heard) this.add(id, entry);
      },
    };
  }
}

function entryAt(
  bytes: Buffer,
  place: { readonly begin: number; readonly end: number; readonly seq: number },
): readonly [id: string, entry: KnownEntry] {
  const { begin, end, seq } = place;
  // An id without escapes, as nearly all are: then the payload's bytes stand between what is known.
  const head = plainHead.exec(bytes.toString("latin1", begin, Math.min(end, begin + longestHead)));
  if (head !== null && bytes[end - 1] === closingBrace)
    return [head[1] as string, new ReadEntry({ bytes, begin: begin + head[0].length, end: end - 1, seq })];
  const { id, payload } = decodeEntry(bytes.subarray(begin, end), seq);
  return [id, { seq, digest: digestJson(payload) }];
}

const plainHead = /^\{"epoch":\d+,"id":"([ !#-[\]-~]+)","payload":(?!\})/;
const longestHead = 320;
const closingBrace = 0x7d;

/** An entry whose digest nobody has asked for yet. */
class ReadEntry implements KnownEntry {
  readonly seq: number;
  readonly #bytes: Buffer;
  readonly #begin: number;
  readonly #end: number;

  /** Its payload stands in the bytes from `begin` up to `end`. */
  constructor({ bytes, begin, end, seq }: { readonly bytes: Buffer; readonly begin: number; readonly end: number; readonly seq: number }) {
    this.seq = seq;
    this.#bytes = bytes;
    this.#begin = begin;
    this.#end = end;
  }

  get digest(): string {
    // The bytes of the form that was compared.
    return digestBytes(this.#bytes.subarray(this.#begin, this.#end));
  }
}
