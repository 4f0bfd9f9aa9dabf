import type { FileSystem } from "@gov/atomic-io";
import { type Journal, type JournalView, openJournal } from "@gov/atomic-io/journal";

/** Texts of all records, oldest first. */
export async function textsOf(journal: JournalView, fromSeq?: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const { seq, data } of journal.read(fromSeq)) texts.push(`${seq}:${Buffer.from(data).toString("utf8")}`);
  return texts;
}

/** Opens a journal, does something with it, and closes it. */
export async function withJournal<T>(fs: FileSystem, work: (journal: Journal) => Promise<T>, preallocateBytes = 256): Promise<T> {
  const journal = await openJournal("/journal", { fs, random: countingRandom(), preallocateBytes });
  try {
    return await work(journal);
  } finally {
    await journal.close();
  }
}

let randomCalls = 0;

/** Bytes that differ from call to call, also after a simulated restart, and are the same in every run. */
export function countingRandom(): (length: number) => Uint8Array {
  return (length) => {
    const bytes = Buffer.alloc(length);
    bytes.writeUInt32BE(++randomCalls, 0);
    return bytes;
  };
}

/** Records from texts. */
export function records(...texts: readonly string[]): Uint8Array[] {
  return texts.map((text) => Buffer.from(text));
}
