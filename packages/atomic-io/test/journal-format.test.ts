import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Journal, readJournal } from "@gov/atomic-io/journal";
import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";
import { records, textsOf, withJournal } from "./journal-records.ts";

const fixture = join(import.meta.dirname, "fixtures/journal-v1");

/** Writes the journal of the fixture: two holders, three commits, one of two records. */
async function writeGolden(preallocateBytes: number): Promise<ReadonlyMap<string, Uint8Array>> {
  const fs = createMemoryFileSystem();
  const first = async (journal: Journal): Promise<void> => {
    await journal.append(records("first"));
    await journal.append(records("second", ""));
  };
  await withJournal(fs, first, preallocateBytes);
  await withJournal(fs, (journal) => journal.append(records("f\u00fcnfter \u2028 \0")), preallocateBytes);
  return fs.files();
}

describe("the journal format, version 1 (docs/formats/journal-v1.md)", () => {
  it("is read as it was written once and for all", async () => {
    const view = await readJournal(fixture);
    expect(view).toMatchObject({ epoch: 2, firstSeq: 1, lastSeq: 4 });
    expect(await textsOf(view)).toEqual(["1:first", "2:second", "3:", "4:f\u00fcnfter \u2028 \0"]);
  });

  it("is written byte for byte as it was", async () => {
    const written = await writeGolden(0);
    expect([...written.keys()].map((path) => path.replace("/journal/", ""))).toEqual(readdirSync(fixture).sort());
    for (const [path, bytes] of written) {
      expect(Buffer.from(bytes).equals(readFileSync(join(fixture, path.replace("/journal/", "")))), path).toBe(true);
    }
  });

  it("differs only in zeros behind the commits when space is taken before it is used", async () => {
    const written = await writeGolden(512);
    for (const name of readdirSync(fixture)) {
      const golden = readFileSync(join(fixture, name));
      const padded = Buffer.from(written.get(`/journal/${name}`) ?? []);
      expect(padded.subarray(0, golden.byteLength).equals(golden), name).toBe(true);
      expect(padded.subarray(golden.byteLength).every((byte) => byte === 0)).toBe(true);
    }
  });
});
