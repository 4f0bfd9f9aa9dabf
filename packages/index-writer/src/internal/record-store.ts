import { byPath, type IndexRecord } from "../index-record.ts";
import type { Breathe } from "../scan/scan-file-system.ts";
import { LineTable } from "./line-table.ts";
import type { PlainLines } from "./plain-lines.ts";
import { lineOf, recordOfLine } from "./record-line.ts";
import { mergeInSlices, sliceSize, sortInSlices } from "./sort-in-slices.ts";

/** So many characters of lines are written at once: a longer text has memory of its own, which takes long to be given back. */
const sliceLength = 32_768;

/** The records of a moment, while others may change. */
export interface FrozenRecords {
  readonly count: number;
  /** Lines in the order of their paths, some at a time. */
  readonly slices: () => Generator<readonly string[], void, undefined>;
}

/**
 * Records by path, each as its canonical line: that is what files hold and digests cover, and a million of them are a million strings at most and not ten million
 * objects. Their order is kept from one use to the next, as numbers of entries, so that only what was added since has to be sorted.
 */
export class RecordStore {
  readonly #lines = new LineTable();
  /** Changes made while the lines are frozen. */
  #overlay: Map<string, string | null> | null = null;
  /** Entries in the order of their paths, also some that were taken out since. */
  #order: number[] = [];
  /** Entries that `#order` does not name; null for all, as long as nothing has been ordered. */
  #added: number[] | null = null;

  get size(): number {
    if (this.#overlay === null) return this.#lines.size;
    let size = this.#lines.size;
    for (const [path, line] of this.#overlay) size += (line === null ? 0 : 1) - (this.#lines.has(path) ? 1 : 0);
    return size;
  }

  static of(records: Iterable<IndexRecord>): RecordStore {
    const store = new RecordStore();
    for (const record of records) store.set(record.path, lineOf(record));
    return store;
  }

  line(path: string): string | undefined {
    const changed = this.#overlay?.get(path);
    if (changed !== undefined) return changed ?? undefined;
    return this.#lines.get(path);
  }

  get(path: string): IndexRecord | undefined {
    const line = this.line(path);
    return line === undefined ? undefined : recordOfLine(line);
  }

  set(path: string, line: string): void {
    if (this.#overlay !== null) this.#overlay.set(path, line);
    else this.#put(path, line);
  }

  /** Sets a plain line, which stays where it was read. */
  setPlain(lines: PlainLines, number: number): void {
    if (this.#overlay !== null) throw new TypeError("Cannot keep lines where they are while records are frozen");
    this.#name(this.#lines.setPlain(lines, number));
  }

  /** Adds a line whose path comes after all others. */
  append(path: string, line: string): void {
    this.#added ??= [];
    this.#order.push(this.#lines.set(path, line));
  }

  delete(path: string): void {
    if (this.#overlay !== null) this.#overlay.set(path, null);
    else this.#drop(path);
  }

  /** All records, sorted by path. */
  records(): readonly IndexRecord[] {
    const paths = new Set<string>();
    for (const entry of this.#lines.entries()) paths.add(this.#lines.pathOf(entry));
    for (const [path, line] of this.#overlay ?? []) {
      if (line === null) paths.delete(path);
      else paths.add(path);
    }
    return [...paths].map((path) => this.get(path) as IndexRecord).sort(byPath);
  }

  /** Holds the lines as they are at this moment; changes from now on are set aside until {@link RecordStore.thaw}. */
  freeze(): { readonly sorted: (breathe: Breathe) => Promise<FrozenRecords> } {
    if (this.#overlay !== null) throw new TypeError("Cannot freeze records twice");
    this.#overlay = new Map();
    return { sorted: (breathe) => this.#sorted(breathe) };
  }

  async #sorted(breathe: Breathe): Promise<FrozenRecords> {
    const lines = this.#lines;
    const textOf = (entry: number): string => lines.pathOf(entry);
    const present = this.#added?.filter((entry) => lines.holds(entry)) ?? lines.entries();
    const added = await sortInSlices(present, { textOf, breathe });
    const order = await mergeInSlices(this.#order, added, { textOf, breathe, isGone: (entry) => !lines.holds(entry) });
    this.#order = order;
    this.#added = [];
    lines.reuseLeft();
    return {
      count: lines.size,
      slices: function* () {
        let slice: string[] = [];
        let length = 0;
        for (const entry of order) {
          const line = lines.lineOf(entry);
          slice.push(line);
          length += line.length;
          if (slice.length < sliceSize && length < sliceLength) continue;
          yield slice;
          slice = [];
          length = 0;
        }
        if (slice.length > 0) yield slice;
      },
    };
  }

  /** Takes over what was set aside. */
  async thaw(breathe: Breathe): Promise<void> {
    const overlay = this.#overlay ?? new Map<string, string | null>();
    for (let taken = 0; overlay.size > 0;) {
      for (const [path, line] of overlay) {
        if (line === null) this.#drop(path);
        else this.#put(path, line);
        overlay.delete(path);
        if (++taken % sliceSize === 0) await breathe();
      }
    }
    // In the same turn as the last look: what comes from here on goes to the lines themselves.
    this.#overlay = null;
  }

  #put(path: string, line: string): void {
    this.#name(this.#lines.set(path, line));
  }

  #name(entry: number): void {
    if (entry >= 0) this.#added?.push(entry);
  }

  #drop(path: string): void {
    this.#lines.delete(path);
    // As long as nothing is ordered, nobody names an entry.
    if (this.#added === null) this.#lines.reuseLeft();
  }
}
