import { byPath, type IndexRecord, sameRecord } from "./index-record.ts";

/** What has to change to get from one set of records to another. */
export interface IndexChanges {
  /** New and changed records, sorted by path. */
  readonly put: readonly IndexRecord[];
  /** Paths that go, sorted. */
  readonly remove: readonly string[];
}

/** Compares the records an index has with those it should have; equal sets give no changes. Pure. */
export function planIndexChanges(current: Iterable<IndexRecord>, wanted: Iterable<IndexRecord>): IndexChanges {
  const before = new Map([...current].map((record) => [record.path, record]));
  const after = new Map([...wanted].map((record) => [record.path, record]));
  const put = [...after.values()].filter((record) => {
    const known = before.get(record.path);
    return known === undefined || !sameRecord(known, record);
  });
  const remove = [...before.keys()].filter((path) => !after.has(path));
  return { put: put.sort(byPath), remove: remove.sort() };
}
