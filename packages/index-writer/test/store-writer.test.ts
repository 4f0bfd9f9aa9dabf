import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type IndexStore, openFileStore, openStoreWriter } from "@gov/index-writer";
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

  it("goes on when the observer throws, whatever it hears of (IDX-10)", async () => {
    const directory = await damaged(() => undefined);
    const observer = {
      event: (name: string) => {
        throw new Error(`heard ${name}`);
      },
    };
    let failures = 3;
    await using files = await openFileStore(directory, { observer });
    const store: IndexStore = {
      acquire: (options) => files.acquire(options),
      commit: async (commit) => {
        if (failures-- > 0) throw new Error("the disk is gone for a moment");
        return files.commit(commit);
      },
      lastSeq: () => files.lastSeq(),
      read: (from) => files.read(from),
      close: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    };
    await using writer = openStoreWriter(store, { observer, backoff: { initialMs: 1 } });
    expect(await writer.append("c", 3)).toEqual({ seq: 3, duplicate: false });
    expect(await writer.append("d", 4)).toEqual({ seq: 4, duplicate: false });
  });

  it("refuses times that are none", async () => {
    await using store = await openFileStore(await damaged(() => undefined));
    for (const time of [-1, NaN])
      for (const options of [{ lingerMs: time }, { timeoutMs: time }, { backoff: { initialMs: time } }, { backoff: { factor: time } }])
        expect(() => openStoreWriter(store, options)).toThrow(RangeError);
  });
});

describe("openFileStore()", () => {
  it("releases a lease that its closing has released already (IDX-11)", async () => {
    const directory = await damaged(() => undefined);
    const store = await openFileStore(directory);
    const lease = await store.acquire();
    const closing = store.close();
    await lease.release();
    await closing;
    await lease.release();
    await using next = await openFileStore(directory);
    expect((await next.acquire()).epoch).toBeGreaterThan(lease.epoch);
  });
});
