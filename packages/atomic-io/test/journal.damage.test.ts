import { isAtomicIoError } from "@gov/atomic-io";
import { type Journal, readJournal } from "@gov/atomic-io/journal";
import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";
import { records, textsOf, withJournal } from "./journal-records.ts";

const whole = ["1:first", "2:second", "3:third", "4:fourth"];

/** The files of a journal of two segments with two commits each. */
async function writeJournal(preallocateBytes: number): Promise<Record<string, Uint8Array>> {
  const fs = createMemoryFileSystem();
  for (const texts of [
    ["first", "second"],
    ["third", "fourth"],
  ]) {
    const append = async (journal: Journal): Promise<void> => {
      for (const text of texts) await journal.append(records(text));
    };
    await withJournal(fs, append, preallocateBytes);
  }
  return Object.fromEntries(fs.files());
}

/** What reading and what opening the damaged journal give: texts, or the code of a typed error. */
async function outcomes(files: Readonly<Record<string, Uint8Array>>): Promise<readonly [string[] | string, string[] | string]> {
  const caught = (error: unknown): string => (isAtomicIoError(error) ? error.code : `untyped ${String(error)}`);
  const read = await readJournal("/journal", { fs: createMemoryFileSystem({ files }) })
    .then(textsOf)
    .catch(caught);
  const opened = await withJournal(createMemoryFileSystem({ files }), textsOf).catch(caught);
  return [read, opened];
}

const typed = ["ATOMIC_IO_JOURNAL_CORRUPT", "ATOMIC_IO_JOURNAL_VERSION"];

describe("a damaged journal", () => {
  for (const preallocateBytes of [0, 120]) {
    it(`gives the exact prefix or a typed error for every flipped bit of every file, space taken in steps of ${preallocateBytes}`, async () => {
      const files = await writeJournal(preallocateBytes);
      const seen = new Set<string>();
      for (const [path, bytes] of Object.entries(files)) {
        for (let index = 0; index < bytes.byteLength; index++) {
          for (const bit of [0x01, 0x80]) {
            const flipped = Uint8Array.from(bytes);
            flipped[index] = (flipped[index] as number) ^ bit;
            for (const outcome of await outcomes({ ...files, [path]: flipped })) {
              if (typeof outcome === "string") expect(typed, `${path} byte ${index}`).toContain(outcome);
              else expect(outcome, `${path} byte ${index}`).toEqual(whole.slice(0, outcome.length));
              seen.add(typeof outcome === "string" ? outcome : `${outcome.length} records`);
            }
          }
        }
      }
      // Only the last commit can be taken for one that a crash cut short: nothing stands behind it.
      expect([...seen].sort()).toEqual(["3 records", "4 records", ...typed]);
    });

    it(`tells that something stands behind the last whole commit, space taken in steps of ${preallocateBytes}`, async () => {
      const files = await writeJournal(preallocateBytes);
      const find = (image: Readonly<Record<string, Uint8Array>>) =>
        readJournal("/journal", { fs: createMemoryFileSystem({ files: image }) });
      expect((await find(files)).isTorn).toBe(false);
      const path =
        Object.keys(files)
          .filter((name) => name.endsWith(".log"))
          .at(-1) ?? "";
      const bytes = Uint8Array.from(files[path] ?? []);
      const last = bytes.findLastIndex((byte) => byte !== 0);
      bytes[last] = (bytes[last] as number) ^ 1;
      const found = await find({ ...files, [path]: bytes });
      expect([found.isTorn, await textsOf(found)]).toEqual([true, whole.slice(0, found.lastSeq)]);
      expect((await find({ ...files, [path]: bytes.fill(0, last - 3) })).isTorn).toBe(true);
      expect((await readJournal("/none", { fs: createMemoryFileSystem() })).isTorn).toBe(false);
    });

    it(`gives the exact prefix or a typed error for every truncated length of every file, space taken in steps of ${preallocateBytes}`, async () => {
      const files = await writeJournal(preallocateBytes);
      for (const [path, bytes] of Object.entries(files)) {
        for (let length = 0; length < bytes.byteLength; length++) {
          for (const outcome of await outcomes({ ...files, [path]: bytes.subarray(0, length) })) {
            if (typeof outcome === "string") expect(typed, `${path} cut to ${length}`).toContain(outcome);
            else expect(outcome, `${path} cut to ${length}`).toEqual(whole.slice(0, outcome.length));
          }
        }
      }
    });
  }

  it("is an error when a file of it is missing", async () => {
    const files = await writeJournal(0);
    const [, first, second] = Object.keys(files).sort() as [string, string, string];
    for (const [missing, expected] of [
      ["/journal/CURRENT", "ATOMIC_IO_JOURNAL_CORRUPT"],
      // Whole segments at either end go without a trace in the rest; who needs them knows from which record on.
      [first, whole.slice(2)],
      [second, whole.slice(0, 2)],
    ] as const) {
      const rest = Object.fromEntries(Object.entries(files).filter(([path]) => path !== missing));
      expect(await outcomes(rest)).toEqual([expected, expected]);
    }
  });

  it("keeps a copy of what a crash cut short", async () => {
    const files = await writeJournal(0);
    const last = Object.keys(files).sort().at(-1) as string;
    const cut = (files[last] as Uint8Array).subarray(0, -5);
    const fs = createMemoryFileSystem({ files: { ...files, [last]: cut } });
    await withJournal(fs, async (journal) => {
      expect(await textsOf(journal)).toEqual(whole.slice(0, 3));
      const { tornBytes, tornCopy } = journal.recovered;
      expect(Buffer.from(fs.files().get(tornCopy as string) ?? [])).toEqual(Buffer.from(cut.subarray(cut.byteLength - tornBytes)));
      expect(tornBytes).toBeGreaterThan(64);
    });
  });

  it("takes pages of zeros in a last commit of megabytes for one that a crash cut short, and in the one before for damage", async () => {
    const page = 4096;
    const fs = createMemoryFileSystem();
    const sizes: number[] = [];
    const name = "/journal/journal-0000000001-0000000000000001.log";
    const usedOf = (bytes: Uint8Array): number => bytes.findLastIndex((byte) => byte !== 0) + 1;
    await withJournal(fs, async (journal) => {
      for (const bytes of [100, 1_500_000]) {
        await journal.append([Buffer.alloc(bytes, "x")]);
        sizes.push(usedOf(fs.files().get(name) ?? new Uint8Array()));
      }
    });
    const [first = 0, end = 0] = sizes;
    const files = Object.fromEntries(fs.files());
    const pages = Math.ceil(end / page);
    const zeroed = (isLost: (at: number) => boolean, from: number): MemoryFileSystem => {
      const torn = Uint8Array.from(files[name] ?? []);
      for (let at = 0; at < pages; at++) if (isLost(at)) torn.fill(0, Math.max(from, at * page), Math.max(from, (at + 1) * page));
      return createMemoryFileSystem({ files: { ...files, [name]: torn } });
    };
    for (const isLost of [
      (at: number) => at === 0,
      (at: number) => at === pages - 1,
      (at: number) => at === pages >> 1,
      (at: number) => at % 2 === 0,
    ]) {
      // What stands before the commit was synced before it.
      const image = zeroed(isLost, Math.ceil(first / 8) * 8);
      expect(await readJournal("/journal", { fs: image })).toMatchObject({ isTorn: true, lastSeq: 1 });
      await withJournal(image, async (journal) => {
        const { tornBytes, tornCopy } = journal.recovered;
        expect([tornBytes > 1_490_000, image.files().get(tornCopy ?? "")?.byteLength]).toEqual([true, tornBytes]);
        expect(await journal.append(records("after"))).toEqual({ firstSeq: 2, lastSeq: 2 });
      });
    }
    const damaged = Uint8Array.from(files[name] ?? []).fill(0, 100, 120);
    expect(await outcomes({ ...files, [name]: damaged })).toEqual(["ATOMIC_IO_JOURNAL_CORRUPT", "ATOMIC_IO_JOURNAL_CORRUPT"]);
  });

  it("is refused when a newer version wrote it", async () => {
    const current = Buffer.from('{"format":"gov.journal","version":2,"epoch":1}\n');
    expect(await outcomes({ "/journal/CURRENT": current })).toEqual(["ATOMIC_IO_JOURNAL_VERSION", "ATOMIC_IO_JOURNAL_VERSION"]);
  });
});
