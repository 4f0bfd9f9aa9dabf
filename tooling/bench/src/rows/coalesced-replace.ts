import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "@gov/atomic-io";
import type { PreparedRow, Row, RowContext } from "../row.ts";

/** Many contents for one path in quick succession, as editors and indexers produce them. */
export const coalescedReplaceRows: readonly Row[] = [
  { id: "replace-file-coalesced", title: "1,000 contents for one path at once, per content", prepare },
];

type WriteFile = (path: string, data: Buffer) => Promise<void>;

async function prepare({ scratch, peers, quick }: RowContext): Promise<PreparedRow> {
  const writeFileAtomic = (await peers.load<{ readonly default: WriteFile }>("write-file-atomic")).default;
  const many = 1_000;
  const few = quick ? 20 : 100;
  const contents = Array.from({ length: many }, (_, index) => Buffer.alloc(4096, index));
  const ours = join(scratch, "own");
  const theirs = join(scratch, "peer");
  const run = async (): Promise<void> => {
    await Promise.all(contents.map((content) => replaceFile(ours, content, { coalesce: true })));
  };
  await run();
  if (!(await readFile(ours)).equals(contents.at(-1) as Buffer)) throw new Error("Cannot compare: the last content is not the one written");
  const peer = await peers.label("write-file-atomic");
  return {
    subject: "@gov/atomic-io replaceFile, coalesce",
    contenders: [
      { name: "@gov/atomic-io replaceFile, coalesce", run, operations: many },
      {
        name: peer,
        run: async () => void (await Promise.all(contents.slice(0, few).map((content) => writeFileAtomic(theirs, content)))),
        operations: few,
      },
    ],
    rounds: quick ? 5 : 20,
    warmups: 1,
    notes: [
      `${peer} writes every content, so ${few} of them are measured; ours resolves each promise once that content or a later one is durable.`,
    ],
  };
}
