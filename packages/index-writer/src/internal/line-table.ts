import { nodeHashSeed } from "./node-hash-seed.ts";
import type { PlainLine } from "./plain-line.ts";
import { pathInLine } from "./record-line.ts";

/**
 * Canonical lines by path, as a map would hold them. A line can stay where it was read, so that many of them are neither objects nor texts until somebody asks
 * for them: entries are numbers in one array, found through another by open addressing.
 */
export class LineTable {
  /** Of each slot an entry and one, 0 where nothing is and -1 where something was; then the hash of its path. */
  #slots = new Int32Array(leastSlots * slotSize);
  #usedSlots = 0;
  /** Of each entry whose line stands among bytes where it begins and ends, and its path. */
  #places = new Int32Array(leastSlots * placeSize);
  /** What holds the line of each entry: bytes, or a text that is the line. */
  readonly #sources: (Buffer | string | null)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#sources.length - this.#free.length;
  }

  get(path: string): string | undefined {
    const slot = this.#slotOf(hashOfText(path), path);
    return slot < 0 ? undefined : this.#lineOf(this.#entryIn(slot));
  }

  has(path: string): boolean {
    return this.#slotOf(hashOfText(path), path) >= 0;
  }

  /** Puts a line; true when its path is new. */
  set(path: string, line: string): boolean {
    const hash = hashOfText(path);
    const slot = this.#slotOf(hash, path);
    this.#sources[slot < 0 ? this.#add(hash) : this.#entryIn(slot)] = line;
    return slot < 0;
  }

  /** Puts a line that stays where it is; true when its path is new. */
  setPlain(line: PlainLine): boolean {
    const hash = hashOfPlain(line);
    const slot = this.#slotOf(hash, line);
    const entry = slot < 0 ? this.#add(hash) : this.#entryIn(slot);
    this.#sources[entry] = line.bytes;
    const at = entry * placeSize;
    if (at >= this.#places.length) this.#places = longer(this.#places, at);
    this.#places[at] = line.begin;
    this.#places[at + 1] = line.end;
    this.#places[at + 2] = line.path;
    this.#places[at + 3] = line.pathEnd;
    return slot < 0;
  }

  /** Takes a line out; true when there was one. */
  delete(path: string): boolean {
    const slot = this.#slotOf(hashOfText(path), path);
    if (slot < 0) return false;
    const entry = this.#entryIn(slot);
    this.#slots[slot * slotSize] = -1;
    this.#sources[entry] = null;
    this.#free.push(entry);
    return true;
  }

  *paths(): Generator<string, void, undefined> {
    for (let entry = 0; entry < this.#sources.length; entry++) if (this.#sources[entry] !== null) yield this.#pathOf(entry);
  }

  /** The slot that holds a path, or -1. */
  #slotOf(hash: number, key: string | PlainLine): number {
    const slots = this.#slots;
    const mask = slots.length / slotSize - 1;
    let path: string | undefined;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = (slots[slot * slotSize] as number) - 1;
      if (entry === -1) return -1;
      if (entry < 0 || slots[slot * slotSize + 1] !== hash) continue;
      path ??= typeof key === "string" ? key : pathOfPlain(key);
      if (this.#pathOf(entry) === path) return slot;
    }
  }

  #entryIn(slot: number): number {
    return (this.#slots[slot * slotSize] as number) - 1;
  }

  #add(hash: number): number {
    // Slots that were given up count as well, since a search passes over them: at least half of all are empty.
    if ((this.#usedSlots + 1) * 2 * slotSize > this.#slots.length) this.#spread();
    const entry = this.#free.pop() ?? this.#sources.push(null) - 1;
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

  #lineOf(entry: number): string {
    const source = this.#sources[entry] as Buffer | string;
    if (typeof source === "string") return source;
    const at = entry * placeSize;
    return source.toString("latin1", this.#places[at], this.#places[at + 1]);
  }

  #pathOf(entry: number): string {
    const source = this.#sources[entry] as Buffer | string;
    if (typeof source === "string") return pathInLine(source);
    const at = entry * placeSize;
    return source.toString("latin1", this.#places[at + 2], this.#places[at + 3]);
  }
}

const leastSlots = 16;
const slotSize = 2;
const placeSize = 4;

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

function longer(numbers: Int32Array, wanted: number): Int32Array<ArrayBuffer> {
  let { length } = numbers;
  while (length <= wanted) length *= 2;
  const longer = new Int32Array(length);
  longer.set(numbers);
  return longer;
}

/** The path of a line among bytes. */
export function pathOfPlain({ bytes, path, pathEnd }: PlainLine): string {
  return bytes.toString("latin1", path, pathEnd);
}

// Hashes differ from process to process, so that nobody can choose paths that meet in one slot.
const seed = nodeHashSeed();

// Four characters in one step; whatever they have beyond a byte is mixed as well.
function hashOfText(path: string): number {
  let hash = seed ^ path.length;
  let at = 0;
  for (; at + 4 <= path.length; at += 4)
    hash = mixed(
      hash,
      path.charCodeAt(at) ^ (path.charCodeAt(at + 1) << 8) ^ (path.charCodeAt(at + 2) << 16) ^ (path.charCodeAt(at + 3) << 24),
    );
  for (; at < path.length; at++) hash = mixed(hash, path.charCodeAt(at));
  return mixed(hash, 0);
}

/** The same for the path of a plain line. */
function hashOfPlain({ bytes, path, pathEnd }: PlainLine): number {
  let hash = seed ^ (pathEnd - path);
  let at = path;
  for (; at + 4 <= pathEnd; at += 4)
    hash = mixed(
      hash,
      (bytes[at] as number) ^ ((bytes[at + 1] as number) << 8) ^ ((bytes[at + 2] as number) << 16) ^ ((bytes[at + 3] as number) << 24),
    );
  for (; at < pathEnd; at++) hash = mixed(hash, bytes[at] as number);
  return mixed(hash, 0);
}

function mixed(hash: number, code: number): number {
  const product = Math.imul(hash ^ code, 0x9e3779b1);
  return product ^ (product >>> 15);
}
