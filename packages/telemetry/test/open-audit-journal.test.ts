import { copyFileSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openJournal, readJournal } from "@gov/atomic-io/journal";
import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { isTelemetryError } from "@gov/telemetry";
import { type AuditJournal, openAuditJournal, verifyAuditJournal } from "@gov/telemetry/audit";
import { describe, expect, it } from "vitest";
import { input, noLock as lock } from "./telemetry-fakes.ts";

const directory = "/log";

function open(fs: MemoryFileSystem): Promise<AuditJournal> {
  return openAuditJournal(directory, { fs, lock });
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  return isTelemetryError(error) ? error.code : String(error);
}

describe("openAuditJournal()", () => {
  it("shares one sync among appends made at once", async () => {
    let syncs = 0;
    const fs = createMemoryFileSystem({ afterCall: ({ name }) => void (syncs += name === "datasync" ? 1 : 0) });
    const log = await open(fs);
    const before = syncs;
    await Promise.all(Array.from({ length: 64 }, () => log.append([input("A")], { expectedSeq: "any" })));
    expect(syncs - before).toBeLessThanOrEqual(2);
    expect(log.head()?.seq).toBe(64);
    await log.close();
  });

  it("keeps every acknowledged batch whole through a power cut at every call, and goes on (TEL-07)", async () => {
    let acknowledged = 0;
    let images = 0;
    const fs: MemoryFileSystem = createMemoryFileSystem({
      afterCall: async () => {
        for (const image of fs.crashImages()) {
          images++;
          const log = await open(image);
          const seq = log.head()?.seq ?? 0;
          expect(seq).toBeGreaterThanOrEqual(acknowledged);
          expect(seq % 2).toBe(0);
          await log.append([input("AFTER")], { expectedSeq: seq });
          await log.close();
          expect((await verifyAuditJournal(directory, { fs: image })).entries).toBe(seq + 1);
        }
      },
    });
    const log = await open(fs);
    for (let seq = 0; seq < 6; seq += 2) {
      await log.append([input("A"), input("B")], { expectedSeq: seq });
      acknowledged = seq + 2;
    }
    expect(images).toBeGreaterThan(10);
  });

  it("refuses a journal whose records are no chain, and lets go of it", async () => {
    const fs = createMemoryFileSystem();
    const journal = await openJournal(directory, { fs });
    await journal.append([Buffer.from('{"v":1}')]);
    await journal.close();
    let released = 0;
    const counted = (): Promise<{ readonly release: () => Promise<void> }> => Promise.resolve({ release: async () => void released++ });
    expect(await codeOf(openAuditJournal(directory, { fs, lock: counted }))).toBe("TELEMETRY_AUDIT_CORRUPT");
    expect(released).toBe(1);
    expect((await verifyAuditJournal(directory, { fs })).ok).toBe(false);
  });

  it("refuses a journal of which a record holds two entries, whose numbers then say nothing (TEL-06)", async () => {
    const fs = createMemoryFileSystem();
    const log = await open(fs);
    await log.append([input("A"), input("B"), input("C")], { expectedSeq: 0 });
    await log.close();
    const lines: string[] = [];
    for await (const { data } of (await readJournal(directory, { fs })).read()) lines.push(Buffer.from(data).toString("utf8"));
    const crowded = createMemoryFileSystem();
    const journal = await openJournal(directory, { fs: crowded });
    await journal.append([Buffer.from(lines.slice(0, 2).join("\n")), Buffer.from(lines[2] ?? "")]);
    await journal.close();
    const report = await verifyAuditJournal(directory, { fs: crowded });
    expect([report.ok, report.findings.map(({ code }) => code)]).toEqual([false, ["TELEMETRY_AUDIT_CHAIN_BROKEN"]]);
    expect(await codeOf(open(crowded))).toBe("TELEMETRY_AUDIT_CORRUPT");
  });

  it("hands out no record that was changed since opening, although the journal's checksums hold (TEL-06)", async () => {
    const root = mkdtempSync(join(tmpdir(), "gov-audit-"));
    try {
      const [path, other] = [join(root, "a"), join(root, "b")];
      const log = await openAuditJournal(path, { lock });
      await log.append([input("A"), input("B")], { expectedSeq: 0 });
      const changed = await openJournal(other);
      const records: Buffer[] = [];
      for await (const { data } of (await readJournal(path)).read())
        records.push(Buffer.from(Buffer.from(data).toString("utf8").replace('"actor":"ann"', '"actor":"eve"')));
      await changed.append(records);
      await changed.close();
      for (const name of readdirSync(other)) copyFileSync(join(other, name), join(path, name));
      const seen: string[] = [];
      const reading = (async () => {
        for await (const { actor } of log.read()) seen.push(actor);
      })();
      expect(await codeOf(reading)).toBe("TELEMETRY_AUDIT_CORRUPT");
      expect(seen).toEqual([]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it("sees a rewritten journal against a checkpoint held outside", async () => {
    const fs = createMemoryFileSystem();
    const log = await open(fs);
    const [entry] = await log.append([input("A")], { expectedSeq: 0 });
    await log.close();
    const checkpoint = { seq: 1, hash: entry?.hash ?? "sha256:" } as const;
    expect((await verifyAuditJournal(directory, { fs, checkpoint })).ok).toBe(true);
    const forged = createMemoryFileSystem();
    const other = await open(forged);
    await other.append([input("B")], { expectedSeq: 0 });
    await other.close();
    const report = await verifyAuditJournal(directory, { fs: forged, checkpoint });
    expect(report.findings.map(({ code }) => code)).toEqual(["TELEMETRY_AUDIT_CHECKPOINT_MISMATCH"]);
    expect(await codeOf(openAuditJournal(directory, { fs: forged, lock, checkpoint }))).toBe("TELEMETRY_AUDIT_CORRUPT");
  });

  it("calls a last commit that does not hold unverified, and its first entry altered when a checkpoint covers it (TEL-06)", async () => {
    const fs = createMemoryFileSystem();
    const log = await open(fs);
    const [first] = await log.append([input("A")], { expectedSeq: 0 });
    await log.append([input("B"), input("C")], { expectedSeq: 1 });
    const head = log.head() ?? undefined;
    await log.close();
    const [[name, bytes] = ["", new Uint8Array()]] = [...fs.files()].filter(([path]) => path.endsWith(".log"));
    const start = Buffer.from(bytes).indexOf(`"prev":"${first?.hash ?? ""}"`);
    // Zeros are what stands behind the last commit.
    const end = Buffer.from(bytes)
      .reverse()
      .findIndex((byte) => byte !== 0);
    let tried = 0;
    for (let at = start; at < bytes.length - end; at += 3) {
      for (const damage of ["flip", "cut"] as const) {
        const changed = Buffer.from(damage === "flip" ? bytes : bytes.subarray(0, at));
        if (damage === "flip") changed[at] = (changed[at] ?? 0) ^ 1;
        const files = Object.fromEntries([...fs.files()].map(([path, content]) => [path, path === name ? changed : content]));
        const image = createMemoryFileSystem({ files });
        const report = await verifyAuditJournal(directory, { fs: image });
        expect(report).toMatchObject({ ok: false, entries: 1, head: { seq: 1 }, firstAltered: { line: 2, seq: 2 } });
        expect(report.findings.map(({ code }) => code)).toEqual(["TELEMETRY_AUDIT_TAIL_UNVERIFIED"]);
        const covered = await verifyAuditJournal(directory, { fs: image, checkpoint: head });
        expect([covered.ok, covered.findings[0]?.code, covered.firstAltered?.seq]).toEqual([false, "TELEMETRY_AUDIT_ENTRY_ALTERED", 2]);
        // Looking changed nothing.
        expect(image.files()).toEqual(createMemoryFileSystem({ files }).files());
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(200);
  });

  it("gives a superseded writer no acknowledgement", async () => {
    const fs = createMemoryFileSystem();
    const old = await open(fs);
    const young = await open(fs);
    expect(await codeOf(old.append([input("A")], { expectedSeq: 0 }))).toBe("TELEMETRY_AUDIT_UNCERTAIN");
    expect((await young.append([input("B")], { expectedSeq: 0 }))[0]?.seq).toBe(1);
  });

  it("drops archived segments, and verifies what is left from the entry before", async () => {
    const fs = createMemoryFileSystem();
    const log = await open(fs);
    const old = await log.append([input("A"), input("B")], { expectedSeq: 0 });
    await log.rotate(3);
    await log.append([input("C")], { expectedSeq: 2 });
    await log.close();
    const base = { seq: 2, hash: old[1]?.hash ?? "sha256:" } as const;
    expect((await verifyAuditJournal(directory, { fs })).ok).toBe(false);
    expect(await verifyAuditJournal(directory, { fs, base })).toMatchObject({ ok: true, entries: 1, head: { seq: 3 } });
    const again = await openAuditJournal(directory, { fs, lock, base });
    const [four] = await again.append([input("D")], { expectedSeq: 3 });
    await again.rotate(5);
    await again.close();
    const last = { seq: 4, hash: four?.hash ?? "sha256:" } as const;
    expect(await verifyAuditJournal(directory, { fs, base: last })).toMatchObject({ ok: true, entries: 0 });
  });

  it("is read in another language by the program in the format's document", async (test) => {
    const document = readFileSync(new URL("../../../docs/formats/audit-journal-v1.md", import.meta.url), "utf8");
    const script = /```python\n([^]*?)```/.exec(document)?.[1] ?? "";
    expect(script.trim().split("\n").length).toBeLessThanOrEqual(20);
    const place = mkdtempSync(join(tmpdir(), "gov-audit-"));
    try {
      const [directory, archiveDirectory] = [join(place, "log"), join(place, "archive")];
      const log = await openAuditJournal(directory, { archiveDirectory });
      await log.append([input("A"), input("B")], { expectedSeq: 0 });
      const [third] = await log.append([input("C")], { expectedSeq: 2 });
      await log.close();
      const { spawnSync } = await import("node:child_process");
      const run = (...places: readonly string[]) => spawnSync("python3", ["-c", script, ...places], { encoding: "utf8" });
      const { status, stdout, error } = run(directory);
      if (error !== undefined && !(process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes("python3")) {
        test.skip("python3 is not installed");
        return;
      }
      expect([status, stdout.trim()]).toEqual([0, `ok 3 ${third?.hash ?? ""}`]);
      const segment = readdirSync(directory).find((name) => name.endsWith(".log")) ?? "";
      const again = await openAuditJournal(directory, { archiveDirectory });
      await again.rotate(4);
      const [fourth] = await again.append([input("D")], { expectedSeq: 3 });
      await again.close();
      expect(run(archiveDirectory, directory).stdout.trim()).toBe(`ok 4 ${fourth?.hash ?? ""}`);
      expect(run(directory).stderr.trim()).toBe("record 1 altered");
      // As a crash leaves it while a segment is moved.
      linkSync(join(archiveDirectory, readdirSync(archiveDirectory)[0] ?? ""), join(directory, segment));
      expect(run(archiveDirectory, directory).stdout.trim()).toBe(`ok 4 ${fourth?.hash ?? ""}`);
      expect((await verifyAuditJournal(directory, { archiveDirectory })).entries).toBe(4);
    } finally {
      rmSync(place, { recursive: true });
    }
  });
});
