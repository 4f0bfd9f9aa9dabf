import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import {
  archiveAuditLog,
  type AuditEntry,
  type AuditReport,
  checkpointAt,
  joinAuditLog,
  listAuditArchives,
  openAuditLog,
  planAuditArchive,
  readAuditLog,
  verifyAuditFile,
  verifyAuditLog,
} from "@gov/telemetry/audit";
import { describe, expect, it } from "vitest";
import { input, noLock as lock } from "./telemetry-fakes.ts";

const path = "/log/index.jsonl";
const archiveDirectory = "/log/archive";
const nameOf = (first: number, last: number): string =>
  `${archiveDirectory}/index-${String(first).padStart(10, "0")}-${String(last).padStart(10, "0")}.jsonl`;

/** A log of some entries, each entry's line, and the file system it is in. */
async function logOf(
  count: number,
): Promise<{ readonly fs: MemoryFileSystem; readonly entries: readonly AuditEntry[]; readonly whole: string }> {
  const fs = createMemoryFileSystem();
  await fs.mkdir("/log");
  const log = await openAuditLog(path, { fs, lock });
  await log.append(
    Array.from({ length: count }, (_, n) => input(`E${String(n)}`)),
    { expectedSeq: 0 },
  );
  await log.close();
  const whole = fs.text(path) ?? "";
  return { fs, whole, entries: readAuditLog(Buffer.from(whole)).entries };
}

const lines = (text: string | null | undefined): readonly string[] => (text ?? "").split("\n").filter((line) => line !== "");
const verify = (fs: MemoryFileSystem, checkpoint?: AuditEntry): Promise<AuditReport> =>
  verifyAuditFile(path, { fs, archiveDirectory, checkpoint });
const archive = (fs: MemoryFileSystem, throughSeq: number) => archiveAuditLog(path, { fs, lock, archiveDirectory, throughSeq });

/** Everything that archives and log hold, in order. */
async function allOf(fs: MemoryFileSystem): Promise<readonly string[]> {
  const archives = await listAuditArchives(path, archiveDirectory, { fs });
  return [...archives, path].flatMap((one) => lines(fs.text(one)));
}

describe("archiveAuditLog()", () => {
  it("leaves one log for whoever reads archives with it, through a power cut at every call, and is finished by doing it again (TEL-07)", async () => {
    const { whole, entries } = await logOf(5);
    let images = 0;
    let both = 0;
    const check = async (image: MemoryFileSystem): Promise<void> => {
      images++;
      const kept = image.text(path);
      expect([lines(whole), lines(whole).slice(3)]).toContainEqual(lines(kept));
      if (kept === whole && image.text(nameOf(1, 3)) !== null) both++;
      for (const checkpoint of entries) expect(await verify(image, checkpoint)).toMatchObject({ ok: true, entries: 5 });
      const log = await openAuditLog(path, { fs: image, lock, archiveDirectory });
      const [next] = await log.append([input("NEXT")], { expectedSeq: 5 });
      expect(next).toMatchObject({ seq: 6, prev: entries.at(-1)?.hash });
      const read: number[] = [];
      for await (const { seq } of log.read(3)) read.push(seq);
      expect(read).toEqual([3, 4, 5, 6]);
      await log.close();
      await archive(image, 3);
      expect((await allOf(image)).slice(0, 5)).toEqual(lines(whole));
      expect(lines(image.text(path))).toHaveLength(3);
      expect(await verify(image)).toMatchObject({ ok: true, entries: 6 });
    };
    const fs: MemoryFileSystem = createMemoryFileSystem({
      files: { [path]: whole },
      afterCall: async () => {
        for (const image of fs.crashImages()) await check(image);
      },
    });
    await archive(fs, 3);
    expect([images > 20, both > 0]).toEqual([true, true]);
  });

  it("changes nothing the second time, and makes archives that follow one another and sort (TEL-07)", async () => {
    const { fs, whole } = await logOf(6);
    await fs.mkdir(archiveDirectory);
    const made = await archive(fs, 2);
    expect(made.archive).toMatchObject({ name: "index-0000000001-0000000002.jsonl", entries: 2 });
    const after = fs.files();
    expect((await archive(fs, 2)).archive).toBeNull();
    expect((await archive(fs, 1)).archive).toBeNull();
    expect(fs.files()).toEqual(after);
    await archive(fs, 5);
    expect(await listAuditArchives(path, archiveDirectory, { fs })).toEqual([nameOf(1, 2), nameOf(3, 5)]);
    expect(await allOf(fs)).toEqual(lines(whole));
    // Others keep files there too.
    for (const name of ["notes.md", "index-1-2.jsonl", "other-0000000001-0000000002.jsonl", "index-0000000001-0000000002.jsonl.bak"])
      await writeText(fs, `${archiveDirectory}/${name}`, "x");
    expect(await listAuditArchives(path, archiveDirectory, { fs })).toHaveLength(2);
    expect(await verify(fs)).toMatchObject({ ok: true, entries: 6 });
    expect(await listAuditArchives("/log/plain", "/log/none", { fs })).toEqual([]);
  });

  it("names an archive that is missing, and every byte of one that was altered; nothing is appended then (TEL-06)", async () => {
    const { fs, entries } = await logOf(7);
    for (const through of [2, 4, 6]) await archive(fs, through);
    const files = fs.files();
    const parts = [nameOf(1, 2), nameOf(3, 4), nameOf(5, 6)];
    const changed = (change: Readonly<Record<string, string | Uint8Array | null>>): MemoryFileSystem => {
      const all = Object.entries<string | Uint8Array | null>({ ...Object.fromEntries(files), ...change });
      return createMemoryFileSystem({
        files: Object.fromEntries(all.flatMap(([name, content]) => (content === null ? [] : [[name, content]]))),
      });
    };
    for (const [index, part] of parts.entries()) {
      const without = changed({ [part]: null });
      const report = await verify(without);
      const next = parts[index + 1] ?? path;
      expect(report.findings.map(({ code, path: named, line }) => [code, named, line])).toEqual([["TELEMETRY_ARCHIVE_MISSING", next, 1]]);
      await expect(openAuditLog(path, { fs: without, lock, archiveDirectory })).rejects.toMatchObject({ code: "TELEMETRY_AUDIT_CORRUPT" });
      await expect(archive(without, 3)).rejects.toMatchObject({ code: "TELEMETRY_AUDIT_CORRUPT" });
      const bytes = files.get(part) ?? new Uint8Array();
      for (const at of bytes.keys()) {
        const flipped = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte));
        const archives = parts.map((one) => ({ path: one, bytes: one === part ? flipped : (files.get(one) ?? bytes) }));
        const { ok, findings } = verifyAuditLog(files.get(path) ?? bytes, { path, archives });
        expect([at, ok, findings[0]?.path]).toEqual([at, false, part]);
      }
      const altered = changed({ [part]: Uint8Array.from(bytes, (byte, index) => (index === 100 ? byte ^ 1 : byte)) });
      await expect(openAuditLog(path, { fs: altered, lock, archiveDirectory })).rejects.toMatchObject({ code: "TELEMETRY_AUDIT_CORRUPT" });
    }
    expect((await verify(changed(Object.fromEntries(parts.map((part) => [part, null]))))).findings[0]).toMatchObject({
      ...{ code: "TELEMETRY_ARCHIVE_MISSING", path, line: 1 },
      message: "Line 1, where entry 1 belongs, holds entry 7: what stands before it is in no archive",
    });
    // A half archive, an empty one, and a log of which nothing is left.
    const [first = ""] = parts;
    const halved = (files.get(first) ?? new Uint8Array()).subarray(0, 90);
    expect((await verify(changed({ [first]: halved }))).findings[0]).toMatchObject({ code: "TELEMETRY_AUDIT_ENTRY_ALTERED", path: first });
    expect((await verify(changed({ [first]: "" }))).findings[0]).toMatchObject({ code: "TELEMETRY_ARCHIVE_MISSING", path: parts[1] });
    // Nor one of which an older copy was put back: all of its lines are in an archive.
    const old = lines(fs.text(parts[0] ?? "")).map((line) => `${line}\n`);
    for (const kept of ["", null, old.join(""), old[0] ?? ""]) {
      const emptied = changed({ [path]: kept });
      expect((await verify(emptied)).findings).toMatchObject([{ code: "TELEMETRY_AUDIT_TRUNCATED", path }]);
      expect((await verify(emptied, entries[6])).ok).toBe(false);
      await expect(openAuditLog(path, { fs: emptied, lock, archiveDirectory })).rejects.toMatchObject({ code: "TELEMETRY_AUDIT_CORRUPT" });
    }
  });

  it("sets aside a torn tail of the log, and never takes one of an archive for what a crash has left", async () => {
    const { fs } = await logOf(4);
    await archive(fs, 2);
    const torn = `${fs.text(path) ?? ""}{"actor":"an`;
    const left = createMemoryFileSystem({ files: { [nameOf(1, 2)]: fs.text(nameOf(1, 2)) ?? "", [path]: torn } });
    await (await openAuditLog(path, { fs: left, lock, archiveDirectory, tornTail: "set-aside" })).close();
    expect(left.text(path)).toBe(fs.text(path));
    const cut = createMemoryFileSystem({ files: { [nameOf(1, 2)]: (fs.text(nameOf(1, 2)) ?? "").slice(0, -9), [path]: "" } });
    await expect(openAuditLog(path, { fs: cut, lock, archiveDirectory, tornTail: "set-aside" })).rejects.toMatchObject({
      code: "TELEMETRY_AUDIT_CORRUPT",
    });
  });

  it("cuts a log with branches only where all that follows does so on one entry (TEL-07)", async () => {
    const { fs, whole } = await logOf(2);
    const branch = async (kind: string, count: number): Promise<string> => {
      const image = createMemoryFileSystem({ files: { [path]: whole } });
      const log = await openAuditLog(path, { fs: image, lock });
      for (let n = 0; n < count; n++) await log.append([input(`${kind}${String(n)}`)], { expectedSeq: "any" });
      await log.close();
      return (image.text(path) ?? "").slice(whole.length);
    };
    const [ours, theirs] = [await branch("A", 1), await branch("B", 2)];
    await writeText(fs, path, whole + ours + theirs);
    await expect(archive(fs, 2)).rejects.toMatchObject({ code: "TELEMETRY_AUDIT_CORRUPT" });
    const joined = await joinAuditLog(path, { time: "2024-01-15T10:00:03.000Z", actor: "ann" }, { fs, lock, archiveDirectory });
    const log = await openAuditLog(path, { fs, lock, archiveDirectory });
    await log.append([input("AFTER"), input("LAST")], { expectedSeq: 4 });
    await log.close();
    const all = await allOf(fs);
    // Entry 3 stands on both branches, and behind neither does all follow; entry 4 is one of a branch, and the join.
    await expect(archive(fs, 3)).rejects.toThrow(RangeError);
    expect((await archive(fs, 4)).archive?.entries).toBe(6);
    expect(await allOf(fs)).toEqual(all);
    expect(lines(fs.text(nameOf(1, 4))).at(-1)).toContain(joined?.hash);
    expect(await verify(fs)).toMatchObject({ ok: true, entries: 8 });
  });

  it("is joined with a branch from before, whose merge brings back what was archived (TEL-07)", async () => {
    const { fs, whole, entries } = await logOf(4);
    const other = createMemoryFileSystem({
      files: {
        [path]: lines(whole)
          .slice(0, 2)
          .map((line) => `${line}\n`)
          .join(""),
      },
    });
    const theirs = await openAuditLog(path, { fs: other, lock });
    await theirs.append([input("THEIRS")], { expectedSeq: 2 });
    await theirs.close();
    await archive(fs, 3);
    const [ours, branch] = [fs.text(path) ?? "", other.text(path) ?? ""];
    // As a merge by union leaves it: either side first.
    for (const merged of [ours + branch, branch + ours]) {
      const image = createMemoryFileSystem({ files: { [nameOf(1, 3)]: fs.text(nameOf(1, 3)) ?? "", [path]: merged } });
      expect((await verify(image)).ok).toBe(false);
      const entry = await joinAuditLog(path, { time: "2024-01-15T10:00:03.000Z", actor: "ann" }, { fs: image, lock, archiveDirectory });
      expect([entry?.prev, entry?.joins].flat()).toContain(entries[3]?.hash);
      expect(lines(image.text(path))).toHaveLength(3);
      for (const checkpoint of entries) expect(await verify(image, checkpoint)).toMatchObject({ ok: true, entries: 6 });
    }
    // And without anything of the branch's own: what was archived goes, nothing is joined.
    const image = createMemoryFileSystem({
      files: {
        [nameOf(1, 3)]: fs.text(nameOf(1, 3)) ?? "",
        [path]:
          ours +
          lines(whole)
            .slice(0, 2)
            .map((line) => `${line}\n`)
            .join(""),
      },
    });
    expect((await verify(image)).ok).toBe(false);
    expect(await joinAuditLog(path, { time: "2024-01-15T10:00:03.000Z", actor: "ann" }, { fs: image, lock, archiveDirectory })).toBeNull();
    expect([image.text(path), (await verify(image)).ok]).toEqual([ours, true]);
  });

  it("reads what two branches have archived, each for itself, as one log", async () => {
    const { fs, whole } = await logOf(6);
    const other = createMemoryFileSystem({ files: { [path]: whole } });
    await archive(fs, 2);
    await archive(other, 4);
    const merged = createMemoryFileSystem({
      files: { [nameOf(1, 2)]: fs.text(nameOf(1, 2)) ?? "", [nameOf(1, 4)]: other.text(nameOf(1, 4)) ?? "", [path]: fs.text(path) ?? "" },
    });
    expect(await verify(merged)).toMatchObject({ ok: true, entries: 6 });
    expect(await archive(merged, 4)).toMatchObject({ archive: null });
    expect(merged.text(path)).toBe(other.text(path));
  });

  it("refuses an entry that is not there, the last one, and a log that does not hold", async () => {
    const { fs, entries } = await logOf(2);
    for (const through of [0, 2, 3]) {
      if (through > 0) await expect(archive(fs, through)).rejects.toThrow(RangeError);
      else expect((await archive(fs, through)).archive).toBeNull();
    }
    const bad = createMemoryFileSystem({ files: { [path]: "{}\n{}\n" } });
    await expect(archive(bad, 1)).rejects.toMatchObject({ code: "TELEMETRY_AUDIT_CORRUPT" });
    const checkpoint = { seq: 9, hash: entries[0]?.hash ?? "sha256:" } as const;
    await expect(archiveAuditLog(path, { fs, lock, archiveDirectory, throughSeq: 1, checkpoint })).rejects.toMatchObject({
      code: "TELEMETRY_AUDIT_CORRUPT",
    });
  });
});

describe("readAuditLog() with archives", () => {
  it("gives the entries of archives and log in order, and what each checkpoint covers (TEL-06)", async () => {
    const { fs, whole, entries } = await logOf(5);
    const bytes = Buffer.from(whole);
    const plan = planAuditArchive(bytes, { path, throughSeq: 3 });
    expect(fs.text(path)).toBe(whole);
    const archives = [{ path: nameOf(1, 3), bytes: plan.archive?.bytes ?? new Uint8Array() }];
    for (const rest of [plan.rest, bytes]) {
      const read = readAuditLog(rest, { path, archives });
      expect([read.entries, read.report.ok]).toEqual([entries, true]);
    }
    for (const { hash } of entries)
      expect(readAuditLog(plan.rest, { archives, checkpoint: checkpointAt(entries, hash) }).report.ok).toBe(true);
    expect(readAuditLog(plan.rest, { archives: [] }).report.findings.map(({ code }) => code)).toEqual(["TELEMETRY_ARCHIVE_MISSING"]);
    expect(verifyAuditLog(plan.rest).findings.map(({ code }) => code)).toEqual(["TELEMETRY_AUDIT_CHAIN_BROKEN"]);
    const base = entries[2];
    expect(verifyAuditLog(plan.rest, { base }).ok).toBe(true);
    expect(verifyAuditLog(archives[0]?.bytes ?? new Uint8Array(), { checkpoint: base }).ok).toBe(true);
    const { findings } = verifyAuditLog(plan.rest, { base, checkpoint: entries[0] });
    expect(findings.map(({ code, message }) => [code, message])).toEqual([
      ["TELEMETRY_ARCHIVE_MISSING", "The checkpoint covers entry 1, and what is here begins behind entry 3"],
    ]);
  });
});

async function writeText(fs: MemoryFileSystem, file: string, text: string): Promise<void> {
  await fs.unlink(file).catch(() => undefined);
  const handle = await fs.open(file, "create");
  await handle.write(Buffer.from(text), 0);
  await handle.close();
}
