import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { createTransitionEvent, hasConsistentTimes, isTelemetryError } from "@gov/telemetry";
import { digestBytes } from "@gov/schema/canonical";
import {
  archiveAuditLog,
  type AuditEntry,
  type AuditLog,
  joinAuditLog,
  openAuditJournal,
  openAuditLog,
  toAuditInput,
  verifyAuditLog,
} from "@gov/telemetry/audit";
import { describe, expect, it } from "vitest";
import { context, input, noLock } from "./telemetry-fakes.ts";

const path = "/log.jsonl";

function open(fs: MemoryFileSystem, options: Parameters<typeof openAuditLog>[1] = {}): Promise<AuditLog> {
  return openAuditLog(path, { fs, lock: noLock, ...options });
}

async function collect(entries: AsyncIterable<AuditEntry>): Promise<readonly AuditEntry[]> {
  const all: AuditEntry[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  return isTelemetryError(error) ? error.code : String(error);
}

/** Appends three entries and cuts the power after every call: counts the disks on which an acknowledged entry is lost or the log cannot go on. */
async function explore(
  wrap: (fs: MemoryFileSystem) => MemoryFileSystem,
  pairs = false,
): Promise<{ readonly images: number; readonly lost: number }> {
  let acknowledged = 0;
  let images = 0;
  let lost = 0;
  const fs: MemoryFileSystem = createMemoryFileSystem({
    afterCall: async () => {
      for (const image of fs.crashImages()) {
        images++;
        if (!(await goesOn(image, acknowledged))) lost++;
      }
    },
  });
  const log = await open(wrap(fs));
  for (let seq = 0; seq < 3; seq++) {
    await log.append(pairs ? [input(`E${String(seq)}`), input("PAIR")] : [input(`E${String(seq)}`)], { expectedSeq: acknowledged });
    acknowledged += pairs ? 2 : 1;
  }
  return { images, lost };
}

async function goesOn(image: MemoryFileSystem, acknowledged: number): Promise<boolean> {
  const log = await open(image, { tornTail: "set-aside" }).catch(() => null);
  const seq = log?.head()?.seq ?? 0;
  if (log === null || seq < acknowledged) return false;
  await log.append([input("AFTER")], { expectedSeq: seq });
  const report = verifyAuditLog(image.files().get(path) ?? new Uint8Array());
  return report.ok && report.entries === seq + 1;
}

describe("openAuditLog()", () => {
  it("chains entries over several openings and gives them back (TEL-07)", async () => {
    const fs = createMemoryFileSystem();
    const first = await open(fs);
    expect(first.head()).toBeNull();
    expect(await collect(first.read())).toEqual([]);
    const [one] = await first.append([input("A")], { expectedSeq: 0 });
    await first.close();
    const second = await open(fs);
    const [two, three] = await second.append([input("B"), input("C")], { expectedSeq: 1 });
    expect([one?.seq, two?.seq, three?.seq]).toEqual([1, 2, 3]);
    expect([one?.prev, two?.prev, three?.prev]).toEqual([null, one?.hash, two?.hash]);
    expect(await collect(second.read(2))).toEqual([two, three]);
    expect(second.head()).toEqual({ seq: 3, hash: three?.hash });
    await second[Symbol.asyncDispose]();
    expect(verifyAuditLog(fs.files().get(path) ?? new Uint8Array()).entries).toBe(3);
  });

  it("only ever appends: what stood stays byte for byte (TEL-09)", async () => {
    const fs = createMemoryFileSystem();
    let before = "";
    for (let seq = 0; seq < 5; seq++) {
      const log = await open(fs);
      await log.append([input(`DECISION_${String(seq)}`)], { expectedSeq: seq });
      await log.close();
      const after = fs.text(path) ?? "";
      expect(after.startsWith(before)).toBe(true);
      before = after;
    }
  });

  it("refuses an append decided on an older state, and writes nothing", async () => {
    const fs = createMemoryFileSystem();
    const log = await open(fs);
    const race = [log.append([input("A")], { expectedSeq: 0 }), log.append([input("B")], { expectedSeq: 0 })] as const;
    expect(await codeOf(race[1])).toBe("TELEMETRY_SEQUENCE_CONFLICT");
    expect((await race[0])[0]?.kind).toBe("A");
    expect(await codeOf(log.append([input("C")], { expectedSeq: 7 }))).toBe("TELEMETRY_SEQUENCE_CONFLICT");
    expect(fs.text(path)?.split("\n")).toHaveLength(2);
    await log.append([input("C")], { expectedSeq: 1 });
  });

  it("writes nothing of a batch with an entry out of bounds", async () => {
    const fs = createMemoryFileSystem();
    const log = await open(fs);
    const bad = [
      input(""),
      input("x".repeat(257)),
      input("A", { time: "2024-01-15T10:00:00Z" }),
      input("A", { subject: "" }),
      input("A", { actor: "" }),
      input("A", { correlation_id: "0".repeat(32) }),
      input("A", { lamport: { node: "", counter: 1 } }),
      input("A", { joins: [] }),
      input("A", { payload: "x".repeat(1_048_576) }),
      { ...input("A"), payload: undefined } as never,
    ];
    for (const one of bad) await expect(log.append([input("GOOD"), one], { expectedSeq: 0 })).rejects.toThrow(RangeError);
    expect(fs.text(path)).toBeNull();
  });

  it("takes events whole, with both times of one instant and the correlation id (TEL-03, TEL-04)", async () => {
    const fs = createMemoryFileSystem();
    const log = await open(fs);
    const event = createTransitionEvent(
      {
        fromState: "PLANNED",
        toState: "READY_FOR_HANDOFF",
        entityId: "pln_task_1",
        triggeredBy: "system",
        gateResults: { schema_lint: "PASS" },
      },
      context(),
    );
    const [entry] = await log.append([toAuditInput(event, { actor: "system", subject: "pln_task_1" })], { expectedSeq: 0 });
    expect(entry).toMatchObject({
      kind: "STATE_TRANSITION",
      time: event.event_time_utc,
      correlation_id: event.correlation_id,
      lamport: event.lamport,
    });
    const [stored] = await collect(log.read());
    expect(stored?.payload).toEqual(event);
    expect(hasConsistentTimes(stored?.payload as never)).toBe(true);
  });

  it("refuses a log that was altered, and one that misses its checkpoint", async () => {
    const fs = createMemoryFileSystem();
    const log = await open(fs);
    await log.append([input("A"), input("B")], { expectedSeq: 0 });
    const head = log.head();
    await log.close();
    const text = fs.text(path) ?? "";
    const edited = createMemoryFileSystem({ files: { [path]: text.replace('"kind":"A"', '"kind":"Z"') } });
    expect(await codeOf(open(edited))).toBe("TELEMETRY_AUDIT_CORRUPT");
    expect(await codeOf(open(edited, { tornTail: "set-aside" }))).toBe("TELEMETRY_AUDIT_CORRUPT");
    const cut = createMemoryFileSystem({ files: { [path]: text.slice(0, text.indexOf("\n") + 1) } });
    expect(await codeOf(open(cut, { checkpoint: head ?? undefined }))).toBe("TELEMETRY_AUDIT_CORRUPT");
    const torn = createMemoryFileSystem({ files: { [path]: text.slice(0, -1) } });
    expect(await codeOf(open(torn, { checkpoint: head ?? undefined, tornTail: "set-aside" }))).toBe("TELEMETRY_AUDIT_CORRUPT");
  });

  it("refuses a torn tail, or cuts it off and keeps its bytes when told", async () => {
    const fs = createMemoryFileSystem();
    const log = await open(fs);
    await log.append([input("A"), input("B")], { expectedSeq: 0 });
    await log.close();
    const text = fs.text(path) ?? "";
    const first = text.slice(0, text.indexOf("\n") + 1);
    for (const tail of ['{"actor"', "\0\0\0\n", text.slice(first.length, -1)]) {
      const torn = createMemoryFileSystem({ files: { [path]: first + tail } });
      expect(await codeOf(open(torn))).toBe("TELEMETRY_AUDIT_TORN");
      expect(torn.text(path)).toBe(first + tail);
      for (let again = 0; again < 2; again++) {
        const mended = await open(torn, { tornTail: "set-aside" });
        expect(mended.head()?.seq).toBe(1);
        await mended.close();
      }
      expect(torn.text(path)).toBe(first);
      expect(
        [...torn.files()].filter(([name]) => name.startsWith(`${path}.torn-`)).map(([, bytes]) => Buffer.from(bytes).toString()),
      ).toEqual([tail]);
      const mended = await open(torn);
      await mended.append([input("C")], { expectedSeq: 1 });
      expect((await collect(mended.read())).map(({ kind }) => kind)).toEqual(["A", "C"]);
    }
  });

  it("cuts a torn tail off a log with several ends, and appends nothing to it before they are joined (TEL-06)", async () => {
    const lineOf = async (text: string, kind: string): Promise<string> => {
      const fs = createMemoryFileSystem({ files: { [path]: text } });
      const log = await open(fs);
      await log.append([input(kind)], { expectedSeq: "any" });
      return (fs.text(path) ?? "").slice(text.length);
    };
    const first = await lineOf("", "A");
    const forked = first + (await lineOf(first, "B")) + (await lineOf(first, "C"));
    const torn = createMemoryFileSystem({ files: { [path]: `${forked}{"actor":"an` } });
    expect(verifyAuditLog(torn.files().get(path) ?? new Uint8Array()).findings.map(({ code }) => code)).toEqual([
      "TELEMETRY_AUDIT_TAIL_UNVERIFIED",
      "TELEMETRY_AUDIT_FORK_UNJOINED",
    ]);
    expect(await codeOf(open(torn))).toBe("TELEMETRY_AUDIT_TORN");
    await expect(open(torn, { tornTail: "set-aside" })).rejects.toMatchObject({
      code: "TELEMETRY_AUDIT_CORRUPT",
      hint: "Join the ends of the merged branches first",
    });
    expect(torn.text(path)).toBe(forked);
    const { time, actor } = input("JOIN");
    expect((await joinAuditLog(path, { time, actor }, { fs: torn, lock: noLock }))?.seq).toBe(3);
    expect((await open(torn)).head()?.seq).toBe(3);
  });

  it("says why a log cannot be opened also when its lock cannot be let go of", async () => {
    const stuck = (): Promise<{ readonly release: () => Promise<void> }> =>
      Promise.resolve({ release: () => Promise.reject(new Error("still held")) });
    const fs = createMemoryFileSystem({ files: { [path]: "x\ny\n" } });
    expect(await codeOf(openAuditLog(path, { fs, lock: stuck }))).toBe("TELEMETRY_AUDIT_CORRUPT");
    const { time, actor } = input("JOIN");
    expect(await codeOf(joinAuditLog(path, { time, actor }, { fs, lock: stuck }))).toBe("TELEMETRY_AUDIT_CORRUPT");
    const archiving = archiveAuditLog(path, { fs, lock: stuck, throughSeq: 1, archiveDirectory: "/archive" });
    expect(await codeOf(archiving)).toBe("TELEMETRY_AUDIT_CORRUPT");
    const checkpoint = { seq: 1, hash: digestBytes("") };
    expect(await codeOf(openAuditJournal("/journal", { fs, lock: stuck, checkpoint }))).toBe("TELEMETRY_AUDIT_CORRUPT");
    // What was done and what is held are two things: who is told of neither would go on as if the lock were free.
    await expect(joinAuditLog("/none", { time, actor }, { fs, lock: stuck })).rejects.toThrow("still held");
  });

  it("acknowledges appends also when the clock fails", async () => {
    const clock = {
      now: () => 0,
      monotonicMs: () => {
        throw new Error("no clock");
      },
    };
    const log = await open(createMemoryFileSystem(), { clock });
    const both = [log.append([input("A")], { expectedSeq: "any" }), log.append([input("B")], { expectedSeq: "any" })];
    expect((await Promise.all(both)).flat().map(({ seq }) => seq)).toEqual([1, 2]);
    expect((await log.append([input("C")], { expectedSeq: 2 }))[0]?.seq).toBe(3);
  });

  it("cuts off nothing while its bytes cannot be kept", async () => {
    const torn = createMemoryFileSystem({
      files: { [path]: "torn" },
      fault: (call) => (call.name === "link" ? { errno: "EACCES" } : undefined),
    });
    await expect(open(torn, { tornTail: "set-aside" })).rejects.toMatchObject({ code: "ATOMIC_IO_CREATE_FAILED" });
    expect(torn.text(path)).toBe("torn");
  });

  it("notices a file changed by somebody without the lock", async () => {
    const fs = createMemoryFileSystem();
    const [log, intruder] = [await open(fs), await open(fs)];
    await intruder.append([input("INTRUDER")], { expectedSeq: 0 });
    expect(await codeOf(log.append([input("A")], { expectedSeq: 0 }))).toBe("TELEMETRY_AUDIT_CORRUPT");
    await fs.unlink(path);
    expect(await codeOf(collect(intruder.read()))).toBe("TELEMETRY_AUDIT_CORRUPT");
  });

  it("acknowledges nothing after a failed write until opened again", async () => {
    for (const name of ["write", "sync"]) {
      let isBroken = false;
      const fs = createMemoryFileSystem({ fault: (call) => (isBroken && call.name === name ? { errno: "EIO" } : undefined) });
      const log = await open(fs);
      await log.append([input("A")], { expectedSeq: 0 });
      isBroken = true;
      expect(await codeOf(log.append([input("B")], { expectedSeq: 1 }))).toBe("TELEMETRY_AUDIT_UNCERTAIN");
      isBroken = false;
      expect(await codeOf(log.append([input("B")], { expectedSeq: 1 }))).toBe("TELEMETRY_AUDIT_UNCERTAIN");
      await log.close();
      const again = await open(fs, { tornTail: "set-aside" });
      expect(again.head()?.seq).toBeGreaterThanOrEqual(1);
    }
  });

  it("passes on what the file system says", async () => {
    const fs = createMemoryFileSystem({ fault: (call) => (call.name === "open" ? { errno: "EACCES" } : undefined) });
    await expect(open(fs)).rejects.toMatchObject({ code: "EACCES" });
    const noStat = createMemoryFileSystem({ fault: (call) => (call.name === "stat" ? { errno: "EACCES" } : undefined) });
    await expect((await open(noStat)).append([input("A")], { expectedSeq: 0 })).rejects.toMatchObject({ code: "EACCES" });
  });

  it("refuses appends after closing, and lets go of the lock once, also when opening fails", async () => {
    let released = 0;
    const lock = (): Promise<{ readonly release: () => Promise<void> }> => Promise.resolve({ release: async () => void released++ });
    const log = await open(createMemoryFileSystem(), { lock });
    await log.close();
    await log.close();
    expect(released).toBe(1);
    expect(await codeOf(log.append([input("A")], { expectedSeq: 0 }))).toBe("TELEMETRY_AUDIT_CLOSED");
    expect(await codeOf(open(createMemoryFileSystem({ files: { [path]: "x\n{}\n" } }), { lock }))).toBe("TELEMETRY_AUDIT_CORRUPT");
    expect(released).toBe(2);
  });

  it("shares one sync among appends made at once", async () => {
    let syncs = 0;
    const fs = createMemoryFileSystem({ afterCall: ({ name }) => void (syncs += name === "sync" ? 1 : 0) });
    const log = await open(fs);
    await log.append([input("A")], { expectedSeq: 0 });
    const before = syncs;
    await Promise.all(Array.from({ length: 64 }, () => log.append([input("B")], { expectedSeq: "any" })));
    expect(syncs - before).toBe(1);
    expect(verifyAuditLog(fs.files().get(path) ?? new Uint8Array()).entries).toBe(65);
  });

  it("sets aside a tail of several lines that a commit left with zeros in it, and none that the checkpoint covers", async () => {
    const fs = createMemoryFileSystem();
    const log = await open(fs);
    await log.append([input("A")], { expectedSeq: 0 });
    const kept = fs.text(path) ?? "";
    await log.append([input("B"), input("C"), input("D")], { expectedSeq: 1 });
    const checkpoint = log.head() ?? undefined;
    const text = fs.text(path) ?? "";
    const torn = `${kept}${"\0".repeat(40)}${text.slice(kept.length + 40)}`;
    const report = verifyAuditLog(Buffer.from(torn));
    expect(report.findings.map(({ code, line }) => [code, line])).toEqual([["TELEMETRY_AUDIT_TAIL_UNVERIFIED", 2]]);
    const image = createMemoryFileSystem({ files: { [path]: torn } });
    expect(await codeOf(open(image))).toBe("TELEMETRY_AUDIT_TORN");
    expect(await codeOf(open(image, { tornTail: "set-aside", checkpoint }))).toBe("TELEMETRY_AUDIT_CORRUPT");
    expect((await open(image, { tornTail: "set-aside" })).head()?.seq).toBe(1);
    expect(image.text(path)).toBe(kept);
    const edited = createMemoryFileSystem({ files: { [path]: text.replace('"kind":"B"', '"kind":"X"') } });
    expect(await codeOf(open(edited, { tornTail: "set-aside" }))).toBe("TELEMETRY_AUDIT_CORRUPT");
  });

  it("takes any pages of zeros in an append of megabytes for a torn tail, and zeros before what it synced for damage (TEL-07)", async () => {
    const page = 4096;
    const syncs: Uint8Array[] = [];
    const fs: MemoryFileSystem = createMemoryFileSystem({
      afterCall: ({ name }) => {
        const written = fs.files().get(path) ?? new Uint8Array();
        if (name === "sync" && written.length > (syncs.at(-1)?.length ?? 0)) syncs.push(Uint8Array.from(written));
      },
    });
    const log = await open(fs);
    const long = "€".repeat(500_000);
    const texts = [...Array.from({ length: 30 }, () => "x".repeat(99_000)), long, "after a line longer than what is synced at once"];
    await log.append([input("FIRST")], { expectedSeq: 0 });
    await log.append(
      texts.map((text) => input("PART", { payload: text })),
      { expectedSeq: 1 },
    );
    await log.close();
    expect(syncs.length).toBeGreaterThan(4);
    for (const [index, written] of syncs.entries()) {
      const durable = syncs[index - 1]?.length ?? 0;
      const pages = Math.ceil((written.length - durable) / page);
      // Everything of this sync but its first page, but its last, but one in between, and every other.
      for (const isLost of [
        (at: number) => at === 0,
        (at: number) => at === pages - 1,
        (at: number) => at === pages >> 1,
        (at: number) => at % 2 === 0,
      ]) {
        const torn = Uint8Array.from(written);
        for (let at = 0; at < pages; at++) if (isLost(at)) torn.fill(0, durable + at * page, durable + (at + 1) * page);
        const image = createMemoryFileSystem({ files: { [path]: torn } });
        expect(await codeOf(open(image))).toBe("TELEMETRY_AUDIT_TORN");
        const again = await open(image, { tornTail: "set-aside" });
        const kept = again.head()?.seq ?? 0;
        await again.append([input("NEXT")], { expectedSeq: kept });
        await again.close();
        const bytes = image.files().get(path) ?? new Uint8Array();
        expect(verifyAuditLog(bytes)).toMatchObject({ ok: true, entries: kept + 1 });
        expect(bytes.length).toBeGreaterThan(durable);
        const aside = [...image.files()].find(([name]) => name.startsWith(`${path}.torn-`))?.[1] ?? new Uint8Array();
        expect(Buffer.compare(aside, torn.subarray(torn.length - aside.length))).toBe(0);
      }
    }
    const damaged = Uint8Array.from(fs.files().get(path) ?? []).fill(0, 20, 30);
    expect(await codeOf(open(createMemoryFileSystem({ files: { [path]: damaged } }), { tornTail: "set-aside" }))).toBe(
      "TELEMETRY_AUDIT_CORRUPT",
    );
  });

  it("keeps every acknowledged entry through a power cut at every call, and goes on", async () => {
    const { images, lost } = await explore((fs) => fs);
    expect(images).toBeGreaterThan(20);
    expect(lost).toBe(0);
    expect((await explore((fs) => fs, true)).lost).toBe(0);
  });

  it("would not pass on a writer that does not sync", async () => {
    const careless = (fs: MemoryFileSystem): MemoryFileSystem => ({
      ...fs,
      open: async (...given) => ({ ...(await fs.open(...given)), sync: () => Promise.resolve(), datasync: () => Promise.resolve() }),
    });
    expect((await explore(careless)).lost).toBeGreaterThan(0);
  });

  it("keeps out a second writer on a real disk and lets it in afterwards", async () => {
    const directory = mkdtempSync(join(tmpdir(), "gov-audit-"));
    try {
      const real = join(directory, "index.jsonl");
      const log = await openAuditLog(real);
      const second = openAuditLog(real);
      await log.append([input("A")], { expectedSeq: 0 });
      await log.close();
      await using other = await second;
      await other.append([input("B")], { expectedSeq: 1 });
      expect(verifyAuditLog(readFileSync(real)).entries).toBe(2);
      expect(statSync(real).size).toBeGreaterThan(0);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
