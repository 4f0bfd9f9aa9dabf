import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "@gov/atomic-io";
import { type ArtifactIndex, type IndexRecord, openIndex } from "@gov/index-writer";
import { indexRecord, indexRecords } from "../fixtures/index-records.ts";
import type { Contender } from "../interleave.ts";
import type { PreparedRow, Row, RowContext } from "../row.ts";

/** One change of an index of many sizes, and what it costs to write the whole file instead. */
export const indexChangeRows: readonly Row[] = [
  { id: "index-change", title: "one durable change of an index of 10,000, 100,000 and 1,000,000 records", prepare },
];

const changes = 20;

async function prepare({ scratch, quick }: RowContext): Promise<PreparedRow> {
  const sizes = quick ? [1_000, 10_000] : [10_000, 100_000, 1_000_000];
  const contenders: Contender[] = [];
  for (const size of sizes) {
    const root = join(scratch, String(size));
    await mkdir(root);
    const index = await filled(root, size);
    let title = 0;
    contenders.push({
      name: nameOf(size),
      operations: changes,
      run: async () => {
        for (let change = 0; change < changes; change++) await index.put(indexRecord(change, `title ${++title}`));
      },
    });
    contenders.push({
      name: `whole rewrite of ${size.toLocaleString("en")}: JSON.stringify, replaceFile`,
      run: rewriter(join(root, "rewritten.json"), size),
    });
  }
  const largest = sizes.at(-1) as number;
  return {
    subject: nameOf(largest),
    contenders,
    rounds: quick ? 3 : 7,
    warmups: 1,
    notes: [
      "Each change is one put, acknowledged once it survives a power cut. The rewrite has all records in memory; it writes and syncs one file, without reading it.",
      `Ratios are to ${nameOf(largest)}: those of the smaller indexes show how little the size costs.`,
    ],
  };
}

function nameOf(size: number): string {
  return `@gov/index-writer put, ${size.toLocaleString("en")} records`;
}

async function filled(root: string, size: number): Promise<ArtifactIndex> {
  const index = await openIndex(root);
  for (let from = 0; from < size; from += 10_000) await index.put(...indexRecords(from, Math.min(size, from + 10_000)));
  await index.checkpoint();
  return index;
}

function rewriter(path: string, size: number): () => Promise<void> {
  let records: readonly IndexRecord[] | null = null;
  return async () => {
    records ??= indexRecords(0, size);
    await replaceFile(path, JSON.stringify(records));
  };
}
