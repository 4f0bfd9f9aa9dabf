import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileStore, openStoreWriter } from "@gov/index-writer";
import { afterEach, describe, expect, it } from "vitest";

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A record with two entries, its journal changed. */
async function damaged(change: (bytes: Buffer) => void): Promise<string> {
  const top = mkdtempSync(join(tmpdir(), "gov-store-writer-"));
  directories.push(top);
  const directory = join(top, "record");
  await using store = await openFileStore(directory);
  await using writer = openStoreWriter(store, { lingerMs: 0 });
  await writer.append("a", 1);
  await writer.append("b", 2);
  const journal = join(directory, "journal");
  const name = readdirSync(journal).find((each) => each.endsWith(".log")) as string;
  const bytes = readFileSync(join(journal, name));
  change(bytes);
  writeFileSync(join(journal, name), bytes);
  return directory;
}

describe("openStoreWriter()", () => {
  it("tells at once that a record is damaged, instead of trying until nothing is certain (IDX-02)", async () => {
    const directory = await damaged((bytes) => {
      const at = bytes.indexOf('"a"');
      bytes[at + 1] = (bytes[at + 1] as number) ^ 1;
    });
    await using store = await openFileStore(directory);
    await using writer = openStoreWriter(store, { timeoutMs: 60_000 });
    const began = performance.now();
    await expect(writer.append("c", 3)).rejects.toMatchObject({ name: "IndexError", code: "INDEX_CORRUPT" });
    await expect(store.lastSeq()).rejects.toMatchObject({ name: "IndexError", code: "INDEX_CORRUPT" });
    expect(performance.now() - began).toBeLessThan(30_000);
  });
});
