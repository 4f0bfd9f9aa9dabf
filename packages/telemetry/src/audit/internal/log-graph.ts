import type { ScannedEntry } from "./entry-scan.ts";

/** Why an entry does not follow on what stands before it, or null when it does. */
type LinkDefect = string | null;

/** The entries of a log seen so far and how they hang together: a chain, or several where branches were merged. */
export interface LogGraph {
  /** Says whether what an entry names stands before it. */
  readonly judge: (entry: ScannedEntry, joins: readonly string[]) => LinkDefect;
  /** Says whether an entry that is not the next one stands before: a hash covers every byte of its line, so it is the same line again. */
  readonly isRepeated: (entry: ScannedEntry) => boolean;
  /** Notes an entry, whatever was said of it: what follows on it shall not be blamed for it. */
  readonly note: (entry: ScannedEntry, joins: readonly string[]) => void;
  /** Notes a line that cannot be read: the next one is judged by its number alone. */
  readonly noteUnreadable: () => void;
  /** Number that a plain chain would give the next line. */
  readonly expectedSeq: () => number;
  /** Entries that no other follows or joins, in the order of their lines; hashes as 64 hexadecimal digits. */
  readonly heads: () => readonly { readonly seq: number; readonly hash: string }[];
}

/**
 * Creates the graph of a log that starts after `base`. While every line follows the one before, which is nearly always, noting an entry costs no lookup; the
 * table of all hashes is built at the first line that does not.
 */
export function createLogGraph(base: { readonly seq: number; readonly hash: string } | null): LogGraph {
  const hashes: string[] = [];
  const seqs: number[] = [];
  let previous: { readonly seq: number; readonly hash: string | null | undefined } = base ?? { seq: 0, hash: null };
  let table: Table | null = null;

  const tableOfAll = (): Table => (table ??= createTable({ hashes, seqs, base }));

  return {
    judge: (entry, joins) => {
      const isNext = entry.seq === previous.seq + 1;
      const follows = isNext && (previous.hash === undefined || entry.prev === previous.hash);
      return follows && joins.length === 0 ? null : tableOfAll().judge(entry, { joins, follows, isNext });
    },
    isRepeated: (entry) => {
      const follows = entry.seq === previous.seq + 1 && entry.prev === previous.hash;
      return !follows && tableOfAll().has(entry.hash);
    },
    note: (entry, joins) => {
      hashes.push(entry.hash);
      seqs.push(entry.seq);
      if (table !== null) table.add(entry, joins);
      previous = entry;
    },
    noteUnreadable: () => {
      // From here on it must be known who follows whom, so the chain's shortcut no longer holds.
      tableOfAll();
      previous = { seq: previous.seq + 1, hash: undefined };
    },
    expectedSeq: () => previous.seq + 1,
    heads: () => {
      const index = hashes.length - 1;
      if (table === null) return index < 0 ? [] : [{ seq: seqs[index] as number, hash: hashes[index] as string }];
      const { followed } = table;
      return hashes.flatMap((hash, at) => (followed.has(hash) ? [] : [{ seq: seqs[at] as number, hash }]));
    },
  };
}

interface Table {
  readonly followed: ReadonlySet<string>;
  readonly has: (hash: string) => boolean;
  readonly add: (entry: ScannedEntry, joins: readonly string[]) => void;
  readonly judge: (
    entry: ScannedEntry,
    context: { readonly joins: readonly string[]; readonly follows: boolean; readonly isNext: boolean },
  ) => LinkDefect;
}

/** All of `hashes` are a plain chain: each follows the one before. */
function createTable(chain: {
  readonly hashes: readonly string[];
  readonly seqs: readonly number[];
  readonly base: { readonly seq: number; readonly hash: string } | null;
}): Table {
  const seqOf = new Map<string, number>(chain.hashes.map((hash, index) => [hash, chain.seqs[index] as number]));
  const followed = new Set<string>(chain.hashes.slice(0, -1));
  if (chain.base !== null) seqOf.set(chain.base.hash, chain.base.seq);
  return {
    followed,
    has: (hash) => seqOf.has(hash),
    add: ({ hash, seq, prev }, joins) => {
      seqOf.set(hash, seq);
      for (const parent of prev === null ? joins : [prev, ...joins]) followed.add(parent);
    },
    judge: ({ seq, prev, hash }, { joins, follows, isNext }) => {
      if (seqOf.has(hash)) return `holds entry ${String(seq)}, which stands before`;
      const missing = joins.find((join) => !seqOf.has(join));
      if (missing !== undefined) return "joins an entry that does not stand before it";
      if (follows) return null;
      const parent = prev === null ? (chain.base === null ? 0 : undefined) : seqOf.get(prev);
      if (parent !== undefined && parent + 1 === seq) return null;
      return isNext ? "names another predecessor" : `holds entry ${String(seq)}`;
    },
  };
}
