import { openJournal } from "@gov/atomic-io/journal";
import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";
import { fillable } from "./full-disk.ts";
import { records, textsOf } from "./journal-records.ts";

const preallocateBytes = 1024;
const large = "x".repeat(2000);

describe("openJournal() on a disk that is full", () => {
  it("can be rotated, which makes the room to go on", async () => {
    const disk = fillable(createMemoryFileSystem());
    const journal = await openJournal("/journal", { fs: disk.fs, preallocateBytes });
    for (const text of [large, "small"]) await journal.append(records(text));
    disk.full = true;
    await journal.rotate(journal.lastSeq + 1);
    expect(await textsOf(journal)).toEqual([]);
    expect(await journal.append(records("after the rotation"))).toEqual({ firstSeq: 3, lastSeq: 3 });
    // And again, since the space the old segment gave back holds the next reserve.
    await journal.rotate(journal.lastSeq + 1);
    expect(await journal.append(records("after the next"))).toEqual({ firstSeq: 4, lastSeq: 4 });
    await journal.close();
  });

  it("needs room when nothing is kept in reserve, and goes on as before when there is none", async () => {
    const disk = fillable(createMemoryFileSystem());
    const journal = await openJournal("/journal", { fs: disk.fs, preallocateBytes: 0 });
    await journal.append(records(large));
    disk.full = true;
    const refused = { code: "ATOMIC_IO_WRITE_FAILED", details: { errno: "ENOSPC" } };
    await expect(journal.rotate(journal.lastSeq + 1)).rejects.toMatchObject(refused);
    await expect(journal.rotate(journal.lastSeq + 1)).rejects.toMatchObject(refused);
    disk.full = false;
    await journal.append(records("after"));
    await journal.rotate(journal.lastSeq + 1);
    expect(journal.firstSeq).toBe(3);
    await journal.close();
  });

  it("can be opened anew after the append that did not fit, recovered, and rotated", async () => {
    const disk = fillable(createMemoryFileSystem());
    const journal = await openJournal("/journal", { fs: disk.fs, preallocateBytes });
    await journal.append(records("x".repeat(1000)));
    await journal.append(records("kept"));
    disk.full = true;
    await expect(journal.append(records(large))).rejects.toMatchObject({ code: "ATOMIC_IO_JOURNAL_POISONED" });
    await journal.close();
    const again = await openJournal("/journal", { fs: disk.fs, preallocateBytes });
    expect(await textsOf(again, 2)).toEqual(["2:kept"]);
    await again.rotate(3);
    expect(await again.append(records("goes on"))).toEqual({ firstSeq: 3, lastSeq: 3 });
    await again.close();
  });

  it("uses the last bytes of the disk for records before it takes any in advance", async () => {
    const disk = fillable(createMemoryFileSystem());
    const journal = await openJournal("/journal", { fs: disk.fs, preallocateBytes });
    disk.full = true;
    disk.freed = 700;
    await journal.append(records("x".repeat(600)));
    await journal.append(records("x".repeat(600)));
    await journal.close();
  });

  it("leaves a torn tail where it is when there is no room for its copy, and reads nothing of it", async () => {
    const fs = createMemoryFileSystem();
    const before = await openJournal("/journal", { fs, preallocateBytes: 0 });
    await before.append(records("kept"));
    await before.append(records(large));
    await before.close();
    const segment = "/journal/journal-0000000001-0000000000000001.log";
    const torn = createMemoryFileSystem({
      files: { ...Object.fromEntries(fs.files()), [segment]: (fs.files().get(segment) as Uint8Array).subarray(0, -1) },
    });
    const disk = fillable(torn);
    disk.full = true;
    disk.freed = 600;
    const journal = await openJournal("/journal", { fs: disk.fs, preallocateBytes: 0 });
    expect(journal.recovered).toMatchObject({ tornCopy: null });
    expect(journal.recovered.tornBytes).toBeGreaterThan(2000);
    await journal.append(records("goes on"));
    await journal.close();
    const again = await openJournal("/journal", { fs: torn });
    expect(await textsOf(again)).toEqual(["1:kept", "2:goes on"]);
    await again.close();
  });
});
