import { hash } from "node:crypto";
import { createMemoryFileSystem, type FileSystemCall } from "@gov/atomic-io/testing";
import { type Journal, type JournalView, openJournal, readArchive, readJournal, type ReadJournalOptions } from "@gov/atomic-io/journal";
import { describe, expect, it } from "vitest";
import { countingRandom, records, textsOf, withJournal } from "./journal-records.ts";

describe("openJournal()", () => {
  it("gives back what was appended, in order and without gaps, also over several openings", async () => {
    const fs = createMemoryFileSystem();
    await withJournal(fs, async (journal) => {
      expect(await journal.append(records("a"))).toEqual({ firstSeq: 1, lastSeq: 1 });
      expect(await journal.append(records("b", "", "c"))).toEqual({ firstSeq: 2, lastSeq: 4 });
      expect(await textsOf(journal)).toEqual(["1:a", "2:b", "3:", "4:c"]);
      expect(await textsOf(journal, 4)).toEqual(["4:c"]);
      expect(await textsOf(journal, 5)).toEqual([]);
    });
    await withJournal(fs, async (journal) => {
      expect(journal).toMatchObject({
        epoch: 2,
        firstSeq: 1,
        lastSeq: 4,
        recovered: { records: 4, segments: 1, tornBytes: 0, tornCopy: null },
      });
      expect(await journal.append(records("d"))).toEqual({ firstSeq: 5, lastSeq: 5 });
      expect(await textsOf(journal, 3)).toEqual(["3:", "4:c", "5:d"]);
    });
  });

  it("tells of every commit while it reads the journal, as does readJournal(), so that nobody reads it twice (IDX-02)", async () => {
    const fs = createMemoryFileSystem();
    await withJournal(fs, (journal) => journal.append(records("a", "", "é")));
    await withJournal(fs, (journal) => journal.append(records("b")));
    const expected = ["1:a", "2:", "3:é", "4:b"];
    const open = (options: ReadJournalOptions): Promise<Journal> => openJournal("/journal", options);
    const read = (options: ReadJournalOptions): Promise<JournalView> => readJournal("/journal", options);
    for (const either of [read, open, read]) {
      const heard: string[] = [];
      const journal = await either({
        fs,
        onCommit: async ({ firstSeq, count, bytes, spans }) => {
          await Promise.resolve();
          for (let at = 0; at < count; at++)
            heard.push(`${firstSeq + at}:${Buffer.from(bytes.subarray(spans[at * 2], spans[at * 2 + 1])).toString("utf8")}`);
        },
      });
      expect(heard).toEqual(expected);
      expect(await textsOf(journal)).toEqual(expected);
      if ("append" in journal) await (journal as Journal).close();
    }
  });

  it("fails with the error of whoever hears of a commit, and can be opened after that", async () => {
    const fs = createMemoryFileSystem();
    await withJournal(fs, (journal) => journal.append(records("a")));
    const deaf = new Error("cannot hear");
    const onCommit = (): never => {
      throw deaf;
    };
    await expect(openJournal("/journal", { fs, onCommit })).rejects.toBe(deaf);
    await expect(readJournal("/journal", { fs, onCommit })).rejects.toBe(deaf);
    await withJournal(fs, async (journal) => expect(await textsOf(journal)).toEqual(["1:a"]));
  });

  it("reads commits of any size, some larger than its windows and some over the edge of one, in order", async () => {
    const fs = createMemoryFileSystem();
    const sizes = [700_000, 1_500_000, 3_000_000, 10, 900_000, 2_200_000, 64, 400_000];
    await withJournal(fs, async (journal) => {
      for (const [at, size] of sizes.entries()) await journal.append([Buffer.alloc(size, at + 1)]);
    });
    const heard: string[] = [];
    const view = await readJournal("/journal", {
      fs,
      onCommit: ({ bytes, spans }) => void heard.push(digestOf(bytes.subarray(spans[0], spans[1]))),
    });
    const read: string[] = [];
    for await (const { data } of view.read()) read.push(digestOf(data));
    const expected = sizes.map((size, at) => digestOf(Buffer.alloc(size, at + 1)));
    expect(heard).toEqual(expected);
    expect(read).toEqual(expected);
  });

  it("leaves no segment behind for an opening that appended nothing", async () => {
    const fs = createMemoryFileSystem();
    for (let opening = 0; opening < 5; opening++) await withJournal(fs, async () => undefined);
    await withJournal(fs, (journal) => journal.append(records("a")));
    expect([...fs.files().keys()]).toEqual(["/journal/CURRENT", "/journal/journal-0000000006-0000000000000001.log"]);
  });

  it("lets appends that are made at the same time share one sync", async () => {
    const calls: FileSystemCall[] = [];
    const fs = createMemoryFileSystem({ afterCall: (call) => void calls.push(call) });
    await withJournal(fs, async (journal) => {
      calls.length = 0;
      const positions = await Promise.all(Array.from({ length: 100 }, (_, index) => journal.append(records(`record ${index}`))));
      expect(positions.map((position) => position.firstSeq)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
      expect(calls.filter((call) => call.name === "datasync").length).toBeLessThanOrEqual(2);
      expect(await textsOf(journal)).toHaveLength(100);
    });
  });

  it("copies the records when they are handed over", async () => {
    const fs = createMemoryFileSystem();
    await withJournal(fs, async (journal) => {
      const bytes = Buffer.from("before");
      const appended = journal.append([bytes]);
      bytes.write("after!");
      await appended;
      expect(await textsOf(journal)).toEqual(["1:before"]);
    });
  });

  it("refuses an acknowledgement to a holder that another one has superseded, and loses nothing acknowledged before", async () => {
    const fs = createMemoryFileSystem();
    const paused = await openJournal("/journal", { fs, random: countingRandom(), preallocateBytes: 256 });
    await paused.append(records("acknowledged"));
    const next = await openJournal("/journal", { fs, preallocateBytes: 256 });
    await expect(paused.append(records("too late"))).rejects.toMatchObject({ code: "ATOMIC_IO_JOURNAL_SUPERSEDED", details: { epoch: 1 } });
    await expect(paused.rotate(2)).rejects.toMatchObject({ code: "ATOMIC_IO_JOURNAL_SUPERSEDED" });
    await next.append(records("new"));
    expect(await textsOf(next)).toEqual(["1:acknowledged", "2:new"]);
    expect(await textsOf(await readJournal("/journal", { fs }))).toEqual(["1:acknowledged", "2:new"]);
    await Promise.all([paused.close(), next.close()]);
    expect(await withJournal(fs, textsOf)).toEqual(["1:acknowledged", "2:new"]);
  });

  it("drops whole segments of records that are no longer needed, and goes on counting", async () => {
    const fs = createMemoryFileSystem();
    await withJournal(fs, (journal) => journal.append(records("a", "b")));
    await withJournal(fs, async (journal) => {
      await journal.append(records("c"));
      await journal.rotate(2);
      expect(await textsOf(journal)).toEqual(["1:a", "2:b", "3:c"]);
      await journal.rotate(3);
      expect(await textsOf(journal)).toEqual(["3:c"]);
      await journal.rotate(4);
      expect(await textsOf(journal)).toEqual([]);
      expect(journal).toMatchObject({ firstSeq: 4, lastSeq: 3 });
      await journal.rotate(4);
      expect(await journal.append(records("d"))).toEqual({ firstSeq: 4, lastSeq: 4 });
    });
    await withJournal(fs, async (journal) => {
      expect(await textsOf(journal)).toEqual(["4:d"]);
    });
  });

  it("stops for good after a failed sync, and says so to everyone who waits", async () => {
    let broken = false;
    const fs = createMemoryFileSystem({ fault: (call) => (broken && call.name === "datasync" ? { errno: "EIO" } : undefined) });
    const journal = await openJournal("/journal", { fs, preallocateBytes: 256 });
    await journal.append(records("safe"));
    broken = true;
    const outcomes = await Promise.allSettled([journal.append(records("x")), journal.append(records("y"))]);
    broken = false;
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: "rejected", reason: { code: "ATOMIC_IO_JOURNAL_POISONED" } });
    await expect(journal.append(records("z"))).rejects.toMatchObject({ code: "ATOMIC_IO_JOURNAL_POISONED" });
    await journal.close();
    for (const image of fs.crashImages()) expect((await textsOf(await readJournal("/journal", { fs: image })))[0]).toBe("1:safe");
  });

  it("refuses to append nothing, or to a closed journal", async () => {
    const fs = createMemoryFileSystem();
    const journal = await openJournal("/journal", { fs, preallocateBytes: 256 });
    await expect(journal.append([])).rejects.toThrow(RangeError);
    const last = journal.append(records("last"));
    await journal.close();
    await journal.close();
    expect(await last).toEqual({ firstSeq: 1, lastSeq: 1 });
    await expect(journal.append(records("x"))).rejects.toMatchObject({ code: "ATOMIC_IO_JOURNAL_CLOSED" });
    await expect(journal.rotate(1)).rejects.toMatchObject({ code: "ATOMIC_IO_JOURNAL_CLOSED" });
  });

  it("refuses to read from, and to drop up to, what is no sequence number", async () => {
    const fs = createMemoryFileSystem();
    const journal = await openJournal("/journal", { fs });
    await journal.append(records("a", "b"));
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, 1.5, "1", null]) {
      const seq = wrong as number;
      await expect(journal.rotate(seq), `${seq}`).rejects.toThrow(RangeError);
      for (const reading of [journal.read(seq), (await readJournal("/journal", { fs })).read(seq), readArchive("/a", { fs, fromSeq: seq })])
        await expect(reading.next(), `${seq}`).rejects.toThrow(RangeError);
    }
    await journal.close();
    expect(await textsOf(await readJournal("/journal", { fs }))).toEqual(["1:a", "2:b"]);
  });

  it("refuses records that are no bytes, and goes on", async () => {
    const fs = createMemoryFileSystem();
    const journal = await openJournal("/journal", { fs });
    for (const wrong of ["text", undefined, new ArrayBuffer(4), new Uint16Array([1, 2]), new DataView(new ArrayBuffer(4))])
      await expect(journal.append([Buffer.from("a"), wrong as unknown as Uint8Array])).rejects.toThrow(TypeError);
    expect(await journal.append(records("next"))).toEqual({ firstSeq: 1, lastSeq: 1 });
    await journal.close();
    expect(await textsOf(await readJournal("/journal", { fs }))).toEqual(["1:next"]);
  });

  it("accepts zeros behind the last commit, as preallocated space leaves them", async () => {
    const fs = createMemoryFileSystem();
    await withJournal(fs, (journal) => journal.append(records("a")));
    const handle = await fs.open("/journal/journal-0000000001-0000000000000001.log", "append");
    await handle.write(new Uint8Array(200_000), null);
    await handle.close();
    await withJournal(fs, async (journal) => {
      expect(await textsOf(journal)).toEqual(["1:a"]);
      expect(journal.recovered.tornBytes).toBe(0);
    });
  });
});

describe("readJournal()", () => {
  it("takes a missing directory for an empty journal, and changes nothing", async () => {
    const fs = createMemoryFileSystem();
    const view = await readJournal("/journal", { fs });
    expect(view).toMatchObject({ epoch: 0, firstSeq: 1, lastSeq: 0 });
    expect(await textsOf(view)).toEqual([]);
    expect(fs.files().size).toBe(0);
  });

  it("reads beside a writer and repairs nothing", async () => {
    const calls: string[] = [];
    const fs = createMemoryFileSystem({ afterCall: (call) => void (call.name === "open" || calls.push(call.name)) });
    const journal = await openJournal("/journal", { fs, preallocateBytes: 256 });
    await journal.append(records("a"));
    const tail = await fs.open("/journal/journal-0000000001-0000000000000001.log", "append");
    await tail.write(Buffer.from("half a frame"), null);
    calls.length = 0;
    expect(await textsOf(await readJournal("/journal", { fs }))).toEqual(["1:a"]);
    expect(calls).toEqual([]);
    await journal.close();
  });
});

function digestOf(bytes: Uint8Array): string {
  return `${bytes.byteLength}:${hash("sha256", bytes)}`;
}
