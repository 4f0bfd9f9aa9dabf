import { readdirSync } from "node:fs";
import { join } from "node:path";
import { openJournal, readArchive } from "@gov/atomic-io/journal";
import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";
import { records } from "./journal-records.ts";
import { scratchDirectory } from "./scratch.ts";

async function archived(fs: MemoryFileSystem, fromSeq?: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const { seq, data } of readArchive("/archive", { fs, fromSeq })) texts.push(`${seq}:${Buffer.from(data).toString()}`);
  return texts;
}

const files = async (): Promise<Record<string, Uint8Array>> => {
  const fs = createMemoryFileSystem();
  const journal = await openJournal("/journal", { fs, preallocateBytes: 128 });
  for (const texts of [["a", "b"], ["c"], ["d", "e"]]) {
    await journal.append(records(...texts));
    await journal.rotate(journal.lastSeq + 1, { archive: "/archive" });
  }
  await journal.append(records("kept"));
  await journal.close();
  return Object.fromEntries(fs.files());
};

describe("readArchive()", () => {
  it("streams what rotations have moved away, in order, from any record on (AIO-11)", async () => {
    const fs = createMemoryFileSystem({ files: await files() });
    expect(await archived(fs)).toEqual(["1:a", "2:b", "3:c", "4:d", "5:e"]);
    expect(await archived(fs, 2)).toEqual(["2:b", "3:c", "4:d", "5:e"]);
    expect(await archived(fs, 5)).toEqual(["5:e"]);
    expect(await archived(fs, 6)).toEqual([]);
    expect(await archived(createMemoryFileSystem())).toEqual([]);
  });

  it("reads megabytes with windows of one megabyte, one segment open at a time", async () => {
    const root = scratchDirectory();
    const journal = await openJournal(join(root, "journal"));
    for (let segment = 0; segment < 4; segment++) {
      for (let commit = 0; commit < 4; commit++) await journal.append([Buffer.alloc(700_000, segment), Buffer.alloc(300_000, commit)]);
      await journal.rotate(journal.lastSeq + 1, { archive: join(root, "archive") });
    }
    await journal.close();
    expect(readdirSync(join(root, "archive"))).toHaveLength(4);
    let count = 0;
    const { nodeFileSystem } = await import("@gov/atomic-io");
    let open = 0;
    let most = 0;
    let largest = 0;
    const fs: typeof nodeFileSystem = {
      ...nodeFileSystem,
      open: async (...given) => {
        const handle = await nodeFileSystem.open(...given);
        most = Math.max(most, ++open);
        return {
          ...handle,
          read: (buffer, position) => ((largest = Math.max(largest, buffer.byteLength)), handle.read(buffer, position)),
          close: async () => ((open -= 1), handle.close()),
        };
      },
    };
    for await (const { data } of readArchive(join(root, "archive"), { fs })) count += data.byteLength;
    expect(count).toBe(16_000_000);
    expect([open, most]).toEqual([0, 1]);
    expect(largest).toBeLessThan(1_100_000);
  });

  it("is an error when a segment is missing, damaged, or there twice", async () => {
    const all = await files();
    const names = Object.keys(all).filter((path) => path.startsWith("/archive/"));
    const [first = "", second = "", third = ""] = names.sort();
    const without = (name: string): Record<string, Uint8Array> => Object.fromEntries(Object.entries(all).filter(([path]) => path !== name));
    // Whole segments before the first are not missed: archives are thinned out from there.
    expect(await archived(createMemoryFileSystem({ files: without(first) }))).toEqual(["3:c", "4:d", "5:e"]);
    expect(await archived(createMemoryFileSystem({ files: without(third) }))).toEqual(["1:a", "2:b", "3:c"]);
    const corrupt = { code: "ATOMIC_IO_JOURNAL_CORRUPT" };
    await expect(archived(createMemoryFileSystem({ files: without(second) }))).rejects.toMatchObject(corrupt);
    const again = { ...all, [first.replace("-0000000001.log", "-0000000002.log")]: all[first] as Uint8Array };
    await expect(archived(createMemoryFileSystem({ files: again }))).rejects.toMatchObject(corrupt);
    for (const name of names) {
      const bytes = all[name] as Uint8Array;
      for (let index = 0; index < bytes.byteLength; index += 3) {
        const flipped = Uint8Array.from(bytes);
        flipped[index] = (flipped[index] as number) ^ 0x10;
        const outcome = await archived(createMemoryFileSystem({ files: { ...all, [name]: flipped } })).catch(
          (error: { code: string }) => error.code,
        );
        // Zeros behind the last record are nobody's.
        if (Array.isArray(outcome)) expect(outcome).toEqual(["1:a", "2:b", "3:c", "4:d", "5:e"]);
        else expect(["ATOMIC_IO_JOURNAL_CORRUPT", "ATOMIC_IO_JOURNAL_VERSION"]).toContain(outcome);
      }
    }
  });

  it("loses no record to a power cut between archive and removal", async () => {
    let acknowledged = 0;
    const fs: MemoryFileSystem = createMemoryFileSystem({
      afterCall: async () => {
        for (const image of fs.crashImages({ maxImages: 12, seed: fs.calls() })) {
          const journal = await openJournal("/journal", { fs: image, preallocateBytes: 0 });
          const kept: number[] = [];
          for await (const { seq } of journal.read()) kept.push(seq);
          await journal.close();
          const found = new Set([...kept, ...(await archived(image)).map((text) => Number(text.split(":")[0]))]);
          for (let seq = 1; seq <= acknowledged; seq++) expect(found).toContain(seq);
        }
      },
    });
    const journal = await openJournal("/journal", { fs, preallocateBytes: 0 });
    for (const text of ["a", "b", "c"]) {
      acknowledged = (await journal.append(records(text))).lastSeq;
      await journal.rotate(journal.lastSeq + 1, { archive: "/archive" });
    }
    await journal.close();
  });

  it("keeps the journal usable when the archive is on another file system", async () => {
    const memory = createMemoryFileSystem();
    const fs = { ...memory, link: () => Promise.reject(Object.assign(new Error("EXDEV"), { code: "EXDEV" })) };
    const journal = await openJournal("/journal", { fs });
    await journal.append(records("a"));
    await expect(journal.rotate(2, { archive: "/archive" })).rejects.toMatchObject({
      code: "ATOMIC_IO_CREATE_FAILED",
      hint: "keep the archive on the file system of the journal",
    });
    expect(await journal.append(records("b"))).toEqual({ firstSeq: 2, lastSeq: 2 });
    await journal.close();
  });

  it("never takes another journal's segment for its own, and names the records that are missing between two", async () => {
    const fs = createMemoryFileSystem();
    for (const [directory, text] of [
      ["/journal", "ours"],
      ["/other", "theirs"],
    ] as const) {
      const journal = await openJournal(directory, { fs });
      await journal.append(records(text));
      const rotated = journal.rotate(2, { archive: "/archive" });
      if (text === "ours") await rotated;
      else
        await expect(rotated).rejects.toMatchObject({
          ...{ code: "ATOMIC_IO_CREATE_FAILED", hint: "give each journal an archive of its own" },
        });
      const kept: string[] = [];
      for await (const { data } of journal.read()) kept.push(Buffer.from(data).toString());
      expect(kept).toEqual(text === "ours" ? [] : ["theirs"]);
      expect((await journal.append(records("more"))).lastSeq).toBe(2);
      await journal.close();
    }
    expect(await archived(fs)).toEqual(["1:ours"]);
    const all = Object.entries(await files());
    const gap = Object.fromEntries(all.filter(([path]) => !path.startsWith("/archive/archived-0000000000000003")));
    await expect(archived(createMemoryFileSystem({ files: gap }))).rejects.toThrow("records 3 to 3 are missing before it");
  });
});
