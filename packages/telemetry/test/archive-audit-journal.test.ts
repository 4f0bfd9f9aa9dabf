import type { FileSystem } from "@gov/atomic-io";
import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import {
  type AuditEntry,
  type AuditJournal,
  type AuditReport,
  matchesQuery,
  openAuditJournal,
  verifyAuditJournal,
} from "@gov/telemetry/audit";
import { describe, expect, it } from "vitest";
import { input, noLock as lock } from "./telemetry-fakes.ts";

const directory = "/log";
const archiveDirectory = "/archive";

const open = (fs: FileSystem, base?: AuditEntry): Promise<AuditJournal> =>
  openAuditJournal(directory, { fs, lock, archiveDirectory, base });
const verify = (fs: FileSystem, checkpoint?: AuditEntry): Promise<AuditReport> =>
  verifyAuditJournal(directory, { fs, archiveDirectory, checkpoint });

async function seqsOf(log: AuditJournal, fromSeq?: number): Promise<readonly number[]> {
  const seqs: number[] = [];
  for await (const { seq } of log.read(fromSeq)) seqs.push(seq);
  return seqs;
}

const upTo = (last: number, first = 1): readonly number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** A log of three archived segments of two entries each, and some in the journal. */
async function logOf(kept: number): Promise<{ readonly fs: MemoryFileSystem; readonly entries: readonly AuditEntry[] }> {
  const fs = createMemoryFileSystem();
  const log = await open(fs);
  const entries: AuditEntry[] = [];
  for (let seq = 0; seq < 6; seq += 2) {
    entries.push(...(await log.append([input(`E${String(seq)}`), input("PAIR")], { expectedSeq: seq })));
    await log.rotate(seq + 3);
  }
  if (kept > 0)
    entries.push(
      ...(await log.append(
        upTo(kept).map(() => input("KEPT")),
        { expectedSeq: 6 },
      )),
    );
  await log.close();
  return { fs, entries };
}

/** A log of one archived entry and one in the journal. */
async function shortLog(kind: string): Promise<MemoryFileSystem> {
  const fs = createMemoryFileSystem();
  const log = await open(fs);
  await log.append([input(kind)], { expectedSeq: 0 });
  await log.rotate(2);
  await log.append([input("SAME")], { expectedSeq: 1 });
  await log.close();
  return fs;
}

const without = (fs: MemoryFileSystem, isLost: (path: string) => boolean): MemoryFileSystem =>
  createMemoryFileSystem({ files: Object.fromEntries([...fs.files()].filter(([path]) => !isLost(path))) });

const archivesIn = (fs: MemoryFileSystem): readonly string[] =>
  [...fs.files().keys()].filter((path) => path.startsWith("/archive/")).sort();

describe("openAuditJournal() with an archive", () => {
  it("leaves one log for whoever reads the archive with it, through a power cut at every call, and goes on (TEL-07)", async () => {
    const entries: AuditEntry[] = [];
    let images = 0;
    let both = 0;
    const check = async (image: MemoryFileSystem): Promise<void> => {
      images++;
      const acknowledged = entries.length;
      const before = await verify(image, entries.at(-1));
      // Nothing but a commit that nobody was told of.
      expect(before.findings.filter(({ code }) => code !== "TELEMETRY_AUDIT_TAIL_UNVERIFIED")).toEqual([]);
      expect(before.entries).toBeGreaterThanOrEqual(acknowledged);
      const segments = [...image.files().values()].filter((bytes) => Buffer.from(bytes).includes('"seq":1,')).length;
      if (segments > 1) both++;
      const log = await open(image);
      const seq = log.head()?.seq ?? 0;
      expect(seq).toBe(before.entries);
      await log.append([input("AFTER")], { expectedSeq: seq });
      expect(await seqsOf(log)).toEqual(upTo(seq + 1));
      await log.rotate(seq + 2);
      expect(await seqsOf(log, 2)).toEqual(upTo(seq + 1, 2));
      await log.close();
      for (const checkpoint of entries) expect(await verify(image, checkpoint)).toMatchObject({ ok: true, entries: seq + 1 });
      expect((await verifyAuditJournal(directory, { fs: image })).ok).toBe(false);
    };
    const fs: MemoryFileSystem = createMemoryFileSystem({
      afterCall: async () => {
        for (const image of fs.crashImages({ maxImages: 16, seed: fs.calls() })) await check(image);
      },
    });
    const log = await open(fs);
    for (let round = 0; round < 3; round++) {
      entries.push(...(await log.append([input("A"), input("B")], { expectedSeq: round * 2 })));
      await log.rotate(round * 2 + 3);
    }
    await log.close();
    expect([images > 100, both > 0]).toEqual([true, true]);
  });

  it("verifies and continues a log of which everything is archived, and one that goes on from a base (TEL-07)", async () => {
    const { fs, entries } = await logOf(0);
    expect(await verify(fs, entries[5])).toMatchObject({ ok: true, entries: 6, head: { seq: 6 }, heads: [{ seq: 6 }] });
    const log = await open(fs);
    const [next] = await log.append([input("NEXT")], { expectedSeq: 6 });
    expect(next).toMatchObject({ seq: 7, prev: entries[5]?.hash });
    await log.rotate(8);
    await log.close();
    expect(archivesIn(fs)).toHaveLength(4);
    expect(await verify(fs, next)).toMatchObject({ ok: true, entries: 7 });
    // The oldest archives may be kept elsewhere, when their last entry is known.
    const thinned = without(fs, (path) => path === archivesIn(fs)[0]);
    const [, base] = entries;
    expect((await verify(thinned)).ok).toBe(false);
    expect(await verifyAuditJournal(directory, { fs: thinned, archiveDirectory, base })).toMatchObject({ ok: true, entries: 5 });
    const later = await open(thinned, base);
    expect([await seqsOf(later), await seqsOf(later, 6)]).toEqual([upTo(7, 3), [6, 7]]);
    await later.append([input("LAST")], { expectedSeq: 7 });
    await later.rotate(9);
    expect(await seqsOf(later, 7)).toEqual([7, 8]);
    await later.close();
  });

  it("names what is missing between archive and journal, and appends nothing then (TEL-06)", async () => {
    for (const kept of [2, 0]) {
      const { fs, entries } = await logOf(kept);
      const [first, second, third] = archivesIn(fs);
      const refused = async (image: MemoryFileSystem): Promise<void> => {
        await expect(open(image)).rejects.toMatchObject({ code: "TELEMETRY_AUDIT_CORRUPT" });
        expect(
          archivesIn(image).every(
            (path) => Buffer.compare(image.files().get(path) ?? Buffer.of(), fs.files().get(path) ?? Buffer.of()) === 0,
          ),
        ).toBe(true);
      };
      for (const [lost, found, line] of [
        [[first], archiveDirectory, 1],
        [[third], directory, kept === 0 ? null : 1],
        [[second, third], directory, kept === 0 ? null : 1],
        [[first, second, third], directory, kept === 0 ? null : 1],
      ] as const) {
        const image = without(fs, (path) => lost.includes(path));
        expect((await verify(image)).findings.map(({ code, path, line: at }) => [code, path, at])).toEqual([
          ["TELEMETRY_ARCHIVE_MISSING", found, line],
        ]);
        await refused(image);
      }
      const between = without(fs, (path) => path === second);
      await expect(verify(between)).rejects.toMatchObject({ code: "ATOMIC_IO_JOURNAL_CORRUPT", details: { path: third } });
      await expect(open(between)).rejects.toMatchObject({ code: "ATOMIC_IO_JOURNAL_CORRUPT" });
      // The journal is gone, and a new one has begun beside the archive.
      const begun = createMemoryFileSystem();
      const young = await open(begun);
      await young.append([input("E0")], { expectedSeq: 0 });
      await young.close();
      const gone = without(fs, (path) => path.startsWith("/log/"));
      for (const image of [
        gone,
        createMemoryFileSystem({ files: { ...Object.fromEntries(gone.files()), ...Object.fromEntries(begun.files()) } }),
      ]) {
        expect((await verify(image)).findings.map(({ code, path }) => [code, path])).toContainEqual([
          "TELEMETRY_AUDIT_TRUNCATED",
          directory,
        ]);
        await refused(image);
        // Opening has begun a journal of its own, which is as little the log.
        await refused(image);
      }
      expect((await verify(gone, entries.at(-1))).ok).toBe(false);
    }
  });

  it("finds every changed byte of an archive that is not behind its last record (TEL-06)", async () => {
    const { fs } = await logOf(1);
    for (const name of archivesIn(fs)) {
      const bytes = fs.files().get(name) ?? new Uint8Array();
      const used = bytes.findLastIndex((byte) => byte !== 0);
      for (let at = 0; at <= used; at += 5) {
        const changed = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte));
        const image = createMemoryFileSystem({ files: { ...Object.fromEntries(fs.files()), [name]: changed } });
        await expect(verify(image), `${name} byte ${String(at)}`).rejects.toMatchObject({
          code: expect.stringMatching(/^ATOMIC_IO_JOURNAL_(?:CORRUPT|VERSION)$/) as string,
        });
      }
    }
    // Whoever writes an archive anew, with checksums that hold, is found by the chain.
    const [ours, theirs] = [await shortLog("OURS"), await shortLog("FORGED")];
    const [name = ""] = archivesIn(ours);
    const forged = { ...Object.fromEntries(ours.files()), [name]: theirs.files().get(name) ?? new Uint8Array() };
    const { findings } = await verify(createMemoryFileSystem({ files: forged }));
    expect([archivesIn(theirs), findings.map(({ code, path, line }) => [code, path, line])]).toEqual([
      [name],
      [["TELEMETRY_AUDIT_CHAIN_BROKEN", directory, 1]],
    ]);
  });

  it("gives every entry once to whoever reads while entries are archived, and to whoever asks for some (TEL-08)", async () => {
    const fs = createMemoryFileSystem();
    let log = await open(fs);
    const actors = ["ann", "bob"];
    const add = async (seq: number): Promise<void> => {
      const at = `2024-01-${String(10 + seq)}T10:00:00.000Z`;
      await log.append(
        [input(seq % 3 === 0 ? "WAIVER" : "TOGGLE", { time: at, actor: actors[seq % 2] ?? "", subject: `s${String(seq % 4)}` })],
        {
          expectedSeq: seq,
        },
      );
    };
    for (let seq = 0; seq < 12; seq++) {
      await add(seq);
      if (seq === 3) await log.rotate(5);
      if (seq !== 6 && seq !== 9) continue;
      // Opened anew it goes on in a segment of its own, and those before stay at first.
      await log.close();
      log = await open(fs);
    }
    // At entry 5 of the first segment that is kept, that one goes and the one behind it; at the last one everything.
    for (const [at, keepFrom] of [
      [2, 5],
      [5, 11],
      [9, 12],
      [12, 13],
    ] as const) {
      const seqs: number[] = [];
      for await (const { seq } of log.read()) {
        seqs.push(seq);
        if (seq === at) await log.rotate(keepFrom);
      }
      expect(seqs).toEqual(upTo(12));
    }
    expect(archivesIn(fs)).toHaveLength(4);
    const found = async (query: Parameters<typeof matchesQuery>[0]): Promise<readonly number[]> => {
      const isWanted = matchesQuery(query);
      const seqs: number[] = [];
      for await (const entry of log.read()) if (isWanted(entry)) seqs.push(entry.seq);
      return seqs;
    };
    expect(await found({ kinds: ["WAIVER"] })).toEqual([1, 4, 7, 10]);
    expect(await found({ actors: ["bob"], kinds: ["WAIVER"] })).toEqual([4, 10]);
    expect(await found({ subjects: ["s3"] })).toEqual([4, 8, 12]);
    expect(await found({ from: "2024-01-13T00:00:00Z", to: "2024-01-20T00:00:00Z" })).toEqual(upTo(10, 4));
    await log.close();
  });

  it("gives every entry to whoever reads on at the moment at which a segment has left the journal", async () => {
    const seqs: number[] = [];
    let reader: AsyncIterator<AuditEntry> | null = null;
    const fs = createMemoryFileSystem({
      afterCall: async ({ name, path }) => {
        if (name !== "unlink" || !path.endsWith("-0000000000000003.log") || reader === null) return;
        for (let step = await reader.next(); step.done !== true; step = await reader.next()) seqs.push(step.value.seq);
      },
    });
    for (const expectedSeq of [0, 2, 4]) {
      const log = await open(fs);
      await log.append([input("A"), input("B")], { expectedSeq });
      await log.close();
    }
    const log = await open(fs);
    reader = log.read()[Symbol.asyncIterator]();
    expect(await reader.next()).toMatchObject({ value: { seq: 1 } });
    await log.rotate(5);
    expect(seqs).toEqual([2, 3, 4, 5, 6]);
    await log.close();
  });

  it("says so when its archive goes while it is open, and stays as it is where nothing can be archived", async () => {
    const { fs } = await logOf(2);
    const log = await open(fs);
    await fs.unlink(archivesIn(fs)[0] ?? "");
    await expect(seqsOf(log)).rejects.toMatchObject({ code: "TELEMETRY_AUDIT_CORRUPT", details: { path: archiveDirectory, seq: 1 } });
    expect(await seqsOf(log, 3)).toEqual(upTo(8, 3));
    for (const path of archivesIn(fs)) await fs.unlink(path);
    await expect(seqsOf(log)).rejects.toMatchObject({ code: "TELEMETRY_AUDIT_CORRUPT", details: { path: archiveDirectory, seq: 1 } });
    expect(await seqsOf(log, 7)).toEqual([7, 8]);
    await log.close();

    const memory = createMemoryFileSystem();
    const other = await open({ ...memory, link: () => Promise.reject(Object.assign(new Error("EXDEV"), { code: "EXDEV" })) });
    await other.append([input("A")], { expectedSeq: 0 });
    await expect(other.rotate(2)).rejects.toMatchObject({ code: "ATOMIC_IO_CREATE_FAILED", details: { errno: "EXDEV" } });
    await other.append([input("B")], { expectedSeq: 1 });
    await other.close();
    expect(await verify(memory)).toMatchObject({ ok: true, entries: 2 });
  });
});
