import { isJsonObject, type JsonValue } from "@gov/schema";
import { IndexError } from "../errors.ts";
import { byPath, checkRecord, type IndexRecord } from "../index-record.ts";
import { fitsQuery, type IndexQuery } from "../query.ts";
import type { IndexStore, StoredEntry } from "./index-store.ts";

/** Where a shared index takes its changes; `StoreWriter` and `NatsClient` have this shape. */
export interface ChangeWriter {
  readonly append: (id: string, payload: JsonValue) => Promise<unknown>;
}

/** Options of {@link openSharedIndex}. */
export interface OpenSharedIndexOptions {
  /** Takes the changes. */
  readonly writer: ChangeWriter;
}

/** A change of an index that many share. */
export interface SharedChange {
  /** The client's own name for the change: sent again under the same name, it is made once. */
  readonly id: string;
  readonly put?: readonly IndexRecord[] | undefined;
  readonly remove?: readonly string[] | undefined;
}

/** An index whose changes are entries of a record. */
export interface SharedIndex {
  /** Makes a change, all or none, and resolves once the record has it; this view shows it after the next {@link SharedIndex.refresh}. */
  readonly change: (change: SharedChange) => Promise<void>;
  /** Takes over what the record has beyond this view, and returns the sequence number that the view now stands at. */
  readonly refresh: () => Promise<number>;
  readonly get: (path: string) => IndexRecord | undefined;
  /** All records, sorted by path: what `rebuildIndex` makes an `artifacts_index.json` of. */
  readonly list: () => readonly IndexRecord[];
  /** Records that fit, sorted by path. */
  readonly query: (query: IndexQuery) => readonly IndexRecord[];
}

const operation = "index_change";

/**
 * Opens an index on a record that many clients write to. The index is a fold over the record's entries, the last to name a path decides, so every client that has
 * read as far sees the same index. Entries that are no change of an index are passed over: a record may hold others.
 *
 * @throws {@link IndexError} `INDEX_CORRUPT` for a change that does not fit; the errors of the record.
 * @example Two clients, one index
 * ```ts
 * import assert from "node:assert/strict";
 * import { openFileStore, openSharedIndex, openStoreWriter } from "@gov/index-writer";
 *
 * const store = await openFileStore("record");
 * const writer = openStoreWriter(store);
 * const [ann, ben] = [await openSharedIndex(store, { writer }), await openSharedIndex(store, { writer })];
 * const digest = `sha256:${"0".repeat(64)}`;
 * const plan = { path: "plan.md", id: "plan", kind: "plan", version: null, status: "draft", title: null, owners: [], tags: [], digest, size: 7 };
 * await ann.change({ id: "ann-1", put: [plan] });
 * await ben.refresh();
 * assert.deepEqual(ben.list(), [plan]);
 * await writer.close();
 * await store.close();
 * ```
 */
export async function openSharedIndex(store: IndexStore, { writer }: OpenSharedIndexOptions): Promise<SharedIndex> {
  const records = new Map<string, IndexRecord>();
  let seq = 0;
  let sorted: readonly IndexRecord[] | null = null;
  let refreshing: Promise<void> = Promise.resolve();
  const takeOver = async (): Promise<void> => {
    for await (const entry of store.read(seq + 1)) {
      applyEntry(records, entry);
      seq = entry.seq;
      sorted = null;
    }
  };
  const list = (): readonly IndexRecord[] => (sorted ??= Object.freeze([...records.values()].sort(byPath)));
  const index: SharedIndex = {
    change: async ({ id, put = [], remove = [] }) => {
      const checked = put.map((record) => checkRecord(record));
      // Whatever stands in the record is read by everyone, and one that does not fit would keep all of them from reading on.
      if (!remove.every((path) => typeof path === "string")) throw new TypeError("Cannot remove what is no path: strings are required");
      await writer.append(id, { op: operation, put: checked as unknown as JsonValue, remove: [...remove] });
    },
    refresh: async () => {
      const run = refreshing.then(takeOver);
      refreshing = run.catch(() => undefined);
      await run;
      return seq;
    },
    get: (path) => records.get(path),
    list,
    query: (query) => list().filter((record) => fitsQuery(record, query)),
  };
  await index.refresh();
  return index;
}

function applyEntry(records: Map<string, IndexRecord>, { seq, payload }: StoredEntry): void {
  if (!isJsonObject(payload) || payload["op"] !== operation) return;
  const { put, remove } = payload;
  if (!Array.isArray(put) || !Array.isArray(remove) || !remove.every((path): path is string => typeof path === "string")) throw unfit(seq);
  for (const path of remove) records.delete(path);
  for (const value of put) {
    const record = recordOf(value, seq);
    records.set(record.path, record);
  }
}

function recordOf(value: unknown, seq: number): IndexRecord {
  try {
    return checkRecord(value);
  } catch (error) {
    throw unfit(seq, error);
  }
}

function unfit(seq: number, cause?: unknown): IndexError {
  return new IndexError("INDEX_CORRUPT", `Cannot read the shared index: entry ${seq} of the record is no change of an index`, {
    cause,
    details: { seq },
    hint: "update this package, or find out who wrote the entry",
  });
}
