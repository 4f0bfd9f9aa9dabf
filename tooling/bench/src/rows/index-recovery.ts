import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { openIndex } from "@gov/index-writer";
import { indexRecords } from "../fixtures/index-records.ts";
import type { PreparedRow, Row, RowContext } from "../row.ts";

/** Opening an index whose changes all stand in the journal. */
export const indexRecoveryRows: readonly Row[] = [{ id: "index-recovery", title: "replay 200,000 records from the journal", prepare }];

async function prepare({ scratch, quick }: RowContext): Promise<PreparedRow> {
  const count = quick ? 20_000 : 200_000;
  const [source, root] = [join(scratch, "source"), join(scratch, "root")];
  await mkdir(source);
  const index = await openIndex(source);
  for (let from = 0; from < count; from += 1_000) await index.put(...indexRecords(from, from + 1_000));
  await index.close();
  const lines = indexRecords(0, count).map((record) => JSON.stringify({ op: "put", record }));
  await cp(source, root, { recursive: true });
  const replay = async (): Promise<void> => {
    const opened = await openIndex(root);
    const { replayed } = opened.recovery;
    await opened.close();
    if (replayed !== count) throw new Error(`Cannot compare: ${replayed} records are replayed, ${count} are there`);
  };
  await replay();
  await rm(source, { recursive: true });
  return {
    subject: "@gov/index-writer openIndex",
    contenders: [
      { name: "@gov/index-writer openIndex", operations: count, run: replay },
      { name: "floor: JSON.parse of each line, a Map by path", operations: count, run: () => parseAll(lines) },
    ],
    rounds: quick ? 3 : 9,
    warmups: 1,
    notes: [
      `${count} records of about 290 bytes in commits of 1,000; milliseconds per record. Opening also checks the checksums and every record's form.`,
    ],
  };
}

function parseAll(lines: readonly string[]): void {
  const records = new Map<string, unknown>();
  for (const line of lines) {
    const { record } = JSON.parse(line) as { readonly record: { readonly path: string } };
    records.set(record.path, record);
  }
}
