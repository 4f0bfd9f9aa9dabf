import { hashOfPath } from "./path-hash.ts";
import { pathOfPlain, placeSize, type PlainLines } from "./plain-lines.ts";
import { pathInLine } from "./record-line.ts";

/**
 * Canonical lines by path, as a map would hold them. A line can stay where it was read, so that many of them are neither objects nor texts until somebody asks
 * for them: entries are numbers in arrays, found through open addressing.
 */
export class LineTable {
  /** Of each slot an entry and one, 0 where nothing is and -1 where something was; then the hash of its path. */
  #slots = new Int32Array(leastSlots * slotSize);
  #usedSlots = 0;
  /** Of each entry the number of its memory, `asText` or `nowhere`; then where its line begins and ends there, and its path. */
  #entries = new Int32Array(leastSlots * entrySize);
  #entryCount = 0;
  readonly #free: number[] = [];
  /** Entries that were left since {@link LineTable.reuseLeft}: until then nothing else is put there. */
  readonly #left: number[] = [];
  /** The lines of entries without a memory. */
  readonly #texts: (string | undefined)[] = [];
  readonly #memories: (Buffer | undefined)[] = [];
  /** Entries of each memory, which is let go of without any. */
  readonly #uses: number[] = [];

  get size(): number {
    return this.#entryCount - this.#free.length - this.#left.length;
  }

  get(path: string): string | undefined {
    const slot = this.#slotOf(hashOfPath(path), path);
    return slot < 0 ? undefined : this.lineOf(this.#entryIn(slot));
  }

  has(path: string): boolean {
    return this.#slotOf(hashOfPath(path), path) >= 0;
  }

  /** Puts a line; returns its entry when its path is new, else -1. */
  set(path: string, line: string): number {
    const hash = hashOfPath(path);
    const slot = this.#slotOf(hash, path);
    const entry = slot < 0 ? this.#add(hash) : this.#entryIn(slot);
    this.#leave(entry, asText);
    this.#texts[entry] = line;
    return slot < 0 ? entry : -1;
  }

  /** Puts a plain line, which stays where it is; returns its entry when its path is new, else -1. */
  setPlain(lines: PlainLines, number: number): number {
    const { memory, places } = lines;
    const place = number * placeSize;
    const hash = places[place + 4] as number;
    // No path is made a text that meets no other.
    const slot = this.#slotWith(hash, hash) < 0 ? -1 : this.#slotOf(hash, pathOfPlain(lines, number));
    const entry = slot < 0 ? this.#add(hash) : this.#entryIn(slot);
    const held = this.#numberOf(memory);
    this.#leave(entry, held);
    this.#uses[held] = (this.#uses[held] as number) + 1;
    const at = entry * entrySize;
    for (let each = 0; each < 4; each++) this.#entries[at + 1 + each] = places[place + each] as number;
    return slot < 0 ? entry : -1;
  }

  /** Takes a line out; true when there was one. */
  delete(path: string): boolean {
    const slot = this.#slotOf(hashOfPath(path), path);
    if (slot < 0) return false;
    const entry = this.#entryIn(slot);
    this.#slots[slot * slotSize] = -1;
    this.#leave(entry, nowhere);
    this.#left.push(entry);
    return true;
  }

  /** The entries of all lines. */
  *entries(): Generator<number, void, undefined> {
    for (let entry = 0; entry < this.#entryCount; entry++) if (this.holds(entry)) yield entry;
  }

  /** True as long as the line of an entry has not been taken out. */
  holds(entry: number): boolean {
    return this.#entries[entry * entrySize] !== nowhere;
  }

  /** Lets other lines have the entries of those that were taken out; to be called when nobody names one of them any more. */
  reuseLeft(): void {
    for (const entry of this.#left) this.#free.push(entry);
    this.#left.length = 0;
  }

  /** The slot that holds a path, or -1. */
  #slotOf(hash: number, path: string): number {
    for (let slot = this.#slotWith(hash, hash); slot >= 0; slot = this.#slotWith(hash, slot + 1))
      if (this.pathOf(this.#entryIn(slot)) === path) return slot;
    return -1;
  }

  /** The first slot with a hash, from one on; -1 before the next empty one. */
  #slotWith(hash: number, from: number): number {
    const slots = this.#slots;
    const mask = slots.length / slotSize - 1;
    for (let slot = from & mask; slots[slot * slotSize] !== 0; slot = (slot + 1) & mask)
      if (slots[slot * slotSize + 1] === hash && (slots[slot * slotSize] as number) > 0) return slot;
    return -1;
  }

  #entryIn(slot: number): number {
    return (this.#slots[slot * slotSize] as number) - 1;
  }

  #add(hash: number): number {
    // Slots that were given up count as well, since a search passes over them: at least half of all are empty.
    if ((this.#usedSlots + 1) * 2 * slotSize > this.#slots.length) this.#spread();
    const entry = this.#free.pop() ?? this.#entryCount++;
    if (entry * entrySize === this.#entries.length) {
      const entries = new Int32Array(this.#entries.length * 2);
      entries.set(this.#entries);
      this.#entries = entries;
    }
    this.#entries[entry * entrySize] = nowhere;
    if (occupy(this.#slots, entry, hash) === 0) this.#usedSlots += 1;
    return entry;
  }

  #spread(): void {
    let length = leastSlots * slotSize;
    while (length < (this.size + 1) * 4 * slotSize) length *= 2;
    const slots = new Int32Array(length);
    for (let at = 0; at < this.#slots.length; at += slotSize) {
      const entry = (this.#slots[at] as number) - 1;
      if (entry >= 0) occupy(slots, entry, this.#slots[at + 1] as number);
    }
    this.#slots = slots;
    this.#usedSlots = this.size;
  }

  /** Forgets where the line of an entry was, and notes where it is to be. */
  #leave(entry: number, next: number): void {
    const at = entry * entrySize;
    const held = this.#entries[at] as number;
    if (held === asText) this.#texts[entry] = undefined;
    if (held >= 0) {
      const uses = (this.#uses[held] as number) - 1;
      this.#uses[held] = uses;
      // The last memory may be that of the next line.
      if (uses === 0 && held < this.#memories.length - 1) this.#memories[held] = undefined;
    }
    this.#entries[at] = next;
  }

  #numberOf(memory: Buffer): number {
    const last = this.#memories.length - 1;
    if (last >= 0 && this.#memories[last] === memory) return last;
    if (this.#uses[last] === 0) this.#memories[last] = undefined;
    this.#uses.push(0);
    return this.#memories.push(memory) - 1;
  }

  /** The line of an entry. */
  lineOf(entry: number): string {
    const at = entry * entrySize;
    const held = this.#entries[at] as number;
    if (held === asText) return this.#texts[entry] as string;
    return (this.#memories[held] as Buffer).toString("latin1", this.#entries[at + 1], this.#entries[at + 2]);
  }

  /** The path of an entry. */
  pathOf(entry: number): string {
    const at = entry * entrySize;
    const held = this.#entries[at] as number;
    if (held === asText) return pathInLine(this.#texts[entry] as string);
    return (this.#memories[held] as Buffer).toString("latin1", this.#entries[at + 3], this.#entries[at + 4]);
  }
}

const leastSlots = 16;
const slotSize = 2;
const entrySize = 5;
const asText = -1;
const nowhere = -2;

/** Puts an entry that is in no slot yet into one, and returns what that held. */
function occupy(slots: Int32Array, entry: number, hash: number): number {
  const mask = slots.length / slotSize - 1;
  let slot = hash & mask;
  while ((slots[slot * slotSize] as number) > 0) slot = (slot + 1) & mask;
  const before = slots[slot * slotSize] as number;
  slots[slot * slotSize] = entry + 1;
  slots[slot * slotSize + 1] = hash;
  return before;
}
