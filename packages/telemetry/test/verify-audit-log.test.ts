import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FileSystem } from "@gov/atomic-io";
import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import type { JsonObject, JsonValue } from "@gov/schema";
import { canonicalJson, digestBytes } from "@gov/schema/canonical";
import { openAuditLog, readAuditLog, verifyAuditFile, verifyAuditLog, type AuditCheckpoint, type AuditReport } from "@gov/telemetry/audit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proofRuns } from "./proof-runs.ts";
import { input, noLock } from "./telemetry-fakes.ts";

const encoder = new TextEncoder();

async function sampleLog(): Promise<{ readonly bytes: Uint8Array; readonly checkpoint: AuditCheckpoint }> {
  const fs = createMemoryFileSystem();
  const log = await openAuditLog("/log.jsonl", { fs, lock: noLock });
  const inputs = ["CREATED", "REVIEWED", "APPROVED", "SEALED"].map((kind) => input(kind));
  const [first] = await log.append(inputs, { expectedSeq: 0 });
  const joins = first === undefined ? [] : [first.hash];
  await log.append([input("JOINED", { correlation_id: "f".repeat(32), lamport: { node: "n", counter: 3 }, joins })], { expectedSeq: 4 });
  const head = log.head();
  await log.close();
  return { bytes: fs.files().get("/log.jsonl") ?? new Uint8Array(), checkpoint: head ?? { seq: 0, hash: digestBytes("") } };
}

const { bytes: sample, checkpoint } = await sampleLog();
const lines = new TextDecoder().decode(sample).split("\n").slice(0, -1);

function verifyLines(changed: readonly string[], options: { readonly checkpoint?: AuditCheckpoint } = { checkpoint }): AuditReport {
  return verifyAuditLog(encoder.encode(changed.map((line) => `${line}\n`).join("")), options);
}

/** Line in which a byte stands. */
function lineAt(offset: number): number {
  return sample.subarray(0, offset).filter((byte) => byte === 10).length + 1;
}

/** Flips one bit of every byte and returns the flips that the verifier does not pin on the right line. */
function missedFlips(verify: (bytes: Uint8Array) => AuditReport): readonly number[] {
  const missed: number[] = [];
  for (let offset = 0; offset < sample.length; offset++) {
    const bytes = sample.slice();
    bytes[offset] = (bytes[offset] ?? 0) ^ (1 << (offset % 8));
    const report = verify(bytes);
    if (report.ok || report.firstAltered?.line !== lineAt(offset)) missed.push(offset);
  }
  return missed;
}

describe("verifyAuditLog()", () => {
  it("accepts a log as it was written, and an empty one (TEL-06)", () => {
    expect(verifyAuditLog(sample, { checkpoint })).toEqual({
      ...{ ok: true, entries: 5, head: checkpoint, heads: [checkpoint], firstAltered: null, findings: [] },
    });
    expect(verifyAuditLog(new Uint8Array())).toEqual({ ok: true, entries: 0, head: null, heads: [], firstAltered: null, findings: [] });
  });

  it("names the line of every flipped byte (TEL-06)", () => {
    expect(missedFlips((bytes) => verifyAuditLog(bytes, { checkpoint }))).toEqual([]);
    expect(missedFlips((bytes) => verifyAuditLog(bytes))).toEqual([]);
  });

  it("would not pass with a verifier that only compares links, or only hashes", () => {
    const linksOnly = (bytes: Uint8Array): AuditReport => {
      const report = verifyAuditLog(bytes);
      const findings = report.findings.filter(({ code }) => code === "TELEMETRY_AUDIT_CHAIN_BROKEN");
      return { ...report, ok: findings.length === 0, findings };
    };
    expect(missedFlips(linksOnly).length).toBeGreaterThan(100);
    const hashesOnly = (bytes: Uint8Array): boolean =>
      verifyAuditLog(bytes).findings.every(({ code }) => code !== "TELEMETRY_AUDIT_ENTRY_ALTERED");
    expect(hashesOnly(encoder.encode(`${lines.toReversed().join("\n")}\n`))).toBe(true);
  });

  it("names the first line after a deleted one", () => {
    for (let index = 0; index < lines.length - 1; index++) {
      const report = verifyLines(lines.toSpliced(index, 1));
      expect(report.firstAltered).toEqual({ line: index + 1, seq: index + 1 });
      expect(report.findings[0]?.code).toBe("TELEMETRY_AUDIT_CHAIN_BROKEN");
      expect(report.entries).toBe(index);
    }
  });

  it("names the second of two equal lines", () => {
    for (let index = 0; index < lines.length; index++)
      expect(verifyLines(lines.toSpliced(index, 0, lines[index] ?? "")).firstAltered).toEqual({ line: index + 2, seq: index + 2 });
  });

  it("names the first of two exchanged lines", () => {
    for (let index = 0; index < lines.length - 1; index++) {
      const swapped = lines.toSpliced(index, 2, lines[index + 1] ?? "", lines[index] ?? "");
      expect(verifyLines(swapped).firstAltered?.line).toBe(index + 1);
    }
  });

  it("sees a cut tail against a checkpoint, and only then", () => {
    for (let kept = 0; kept < lines.length; kept++) {
      const report = verifyLines(lines.slice(0, kept));
      expect(report.findings.map(({ code }) => code)).toEqual(["TELEMETRY_AUDIT_TRUNCATED"]);
      expect(verifyLines(lines.slice(0, kept), {}).ok).toBe(true);
    }
  });

  it("says of any line with a hash of its own whether it holds, and never throws (TEL-06)", () => {
    const odd = fc.oneof(
      fc.constantFrom<JsonValue>(null, 0, -1, 1.5, 1e300, "", "x", "\u2028", [], {}, [[]], "sha256:", digestBytes("x"), [digestBytes("x")]),
      fc.constantFrom(
        "0001-01-01T00:00:00.000+08:00",
        "9999-12-31T23:59:59.000-08:00",
        "2024-02-29T10:00:00.000Z",
        "2023-02-29T10:00:00.000Z",
      ),
      fc.constantFrom<JsonValue>(
        "0".repeat(32),
        "f".repeat(32),
        { counter: 1, node: "n" },
        { counter: -1, node: "n" },
        { counter: 2 ** 60, node: "" },
      ),
      fc.string({ unit: "binary", maxLength: 20 }).filter((text) => !/\p{Surrogate}/u.test(text)),
    );
    const names = [
      "v",
      "seq",
      "prev",
      "time",
      "kind",
      "actor",
      "subject",
      "payload",
      "correlation_id",
      "lamport",
      "joins",
      "other",
      "__proto__",
    ];
    const [first = ""] = lines;
    const { hash: _, ...sound } = JSON.parse(first) as JsonObject;
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...names), odd), { maxLength: 2 }), fc.boolean(), (changes, isDropped) => {
        const members = [...Object.entries(sound), ...changes].filter(([name]) => !isDropped || name !== changes[0]?.[0]);
        const entry: JsonObject = Object.fromEntries(members);
        const { ok, findings } = verifyLines([canonicalJson({ ...entry, hash: digestBytes(canonicalJson(entry)) })], {});
        expect(findings.length > 0).toBe(!ok);
      }),
      { numRuns: proofRuns(500) },
    );
  });

  it("calls a torn last line unverified, and altered when a checkpoint covers it", () => {
    for (let length = sample.lastIndexOf(10, sample.length - 2) + 2; length < sample.length; length++) {
      const report = verifyAuditLog(sample.subarray(0, length));
      expect(report.findings.map(({ code }) => code)).toEqual(["TELEMETRY_AUDIT_TAIL_UNVERIFIED"]);
      expect(report).toMatchObject({ ok: false, entries: 4, firstAltered: { line: 5, seq: 5 } });
      expect(verifyAuditLog(sample.subarray(0, length), { checkpoint }).findings[0]?.code).toBe("TELEMETRY_AUDIT_ENTRY_ALTERED");
    }
  });

  it("sees a chain that was rewritten from some entry on against a checkpoint", async () => {
    const fs = createMemoryFileSystem();
    const forged = await openAuditLog("/log.jsonl", { fs, lock: noLock });
    await forged.append(
      ["CREATED", "REJECTED", "APPROVED", "SEALED", "JOINED"].map((kind) => input(kind)),
      { expectedSeq: 0 },
    );
    await forged.close();
    const bytes = fs.files().get("/log.jsonl") ?? new Uint8Array();
    expect(verifyAuditLog(bytes).ok).toBe(true);
    expect(verifyAuditLog(bytes, { checkpoint }).findings.map(({ code }) => code)).toEqual(["TELEMETRY_AUDIT_CHECKPOINT_MISMATCH"]);
  });

  it("refuses lines that other readers could take for something else", () => {
    const [first = ""] = lines;
    const hostile = {
      "white space": first.replace("{", "{ "),
      "a repeated key": first.replace('"v":1}', '"v":1,"v":1}'),
      "an unknown member": first.replace('"v":1}', '"v":1,"w":1}'),
      "another version": first.replace('"v":1}', '"v":2}'),
      "no object": "[]",
      "a byte order mark": `\ufeff${first}`,
      "a carriage return": `${first}\r`,
      "no time": first.replace("2024-01-15T10:00:00.000Z", "2024-01-32T10:00:00.000Z"),
      "an empty kind": first.replace('"kind":"CREATED"', '"kind":""'),
      "sequence zero": first.replace('"seq":1', '"seq":0'),
      "a lone surrogate": first.replace("ann", "\\ud800"),
    };
    for (const [what, line] of Object.entries(hostile)) {
      const report = verifyLines([line, ...lines.slice(1)]);
      expect(report.findings[0]?.code, what).toBe("TELEMETRY_AUDIT_ENTRY_ALTERED");
      expect(report.firstAltered, what).toEqual({ line: 1, seq: 1 });
    }
    const invalid = sample.slice();
    invalid[20] = 0xff;
    expect(verifyAuditLog(invalid, { path: "a.jsonl" }).findings[0]).toMatchObject({ path: "a.jsonl", line: 1 });
  });

  it("returns the entries of the unbroken start for replay (TEL-07)", () => {
    const edited = lines.with(2, lines[2]?.replace("APPROVED", "REJECTED") ?? "");
    const { entries, report } = readAuditLog(encoder.encode(`${edited.join("\n")}\n`));
    expect(entries.map(({ seq, kind }) => [seq, kind])).toEqual([
      [1, "CREATED"],
      [2, "REVIEWED"],
    ]);
    expect(report.head).toEqual({ seq: 2, hash: entries[1]?.hash });
  });

  it("bounds the findings of a log that is rubbish throughout", () => {
    const report = verifyAuditLog(encoder.encode("x\n".repeat(1000)));
    expect(report.findings).toHaveLength(100);
    expect(report.firstAltered).toEqual({ line: 1, seq: 1 });
  });

  it("is confirmed by the verifier in the format's document, in another language", (test) => {
    const script =
      /```python\n([^]*?)```/.exec(readFileSync(new URL("../../../docs/formats/audit-jsonl-v1.md", import.meta.url), "utf8"))?.[1] ?? "";
    expect(script.trim().split("\n").length).toBeLessThanOrEqual(20);
    const directory = mkdtempSync(join(tmpdir(), "gov-audit-"));
    try {
      const run = (bytes: Uint8Array): string => {
        writeFileSync(join(directory, "log.jsonl"), bytes);
        writeFileSync(join(directory, "verify.py"), script);
        return execFileSync("python3", ["verify.py", "log.jsonl"], { cwd: directory, encoding: "utf8" }).trim();
      };
      let verdict: string;
      try {
        verdict = run(sample);
      } catch (error) {
        if ((error as { code?: unknown }).code !== "ENOENT" || (process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes("python3"))
          throw error;
        test.skip("python3 is not installed");
        return;
      }
      expect(verdict).toBe(`ok 5 ${checkpoint.hash}`);
      for (const index of [0, 2, 4]) {
        const edited = lines.with(index, lines[index]?.replace('"n":1', '"n":2') ?? "");
        expect(run(encoder.encode(`${edited.join("\n")}\n`))).toBe(`line ${String(index + 1)} altered`);
      }
      expect(run(sample.subarray(0, -1))).toBe("line 5 altered");
      expect(run(encoder.encode(`${lines.toSpliced(1, 1).join("\n")}\n`))).toBe("line 2 altered");
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe("verifyAuditFile()", () => {
  /** A log of many parts, with lines of every length: some longer than what is read at a time. */
  async function longLog(): Promise<{ readonly fs: ReturnType<typeof createMemoryFileSystem>; readonly bytes: Uint8Array }> {
    const fs = createMemoryFileSystem();
    const log = await openAuditLog("/long.jsonl", { fs, lock: noLock });
    const inputs = Array.from({ length: 900 }, (_, n) => {
      const payload = "ä ".repeat(n % 90 === 89 ? 200_000 : n);
      return input("LONG", { payload });
    });
    await log.append(inputs, { expectedSeq: 0 });
    await log.close();
    return { fs, bytes: fs.files().get("/long.jsonl") ?? new Uint8Array() };
  }

  it("finds in a file, part by part, what is found in all its bytes at once (TEL-06)", { timeout: proofRuns(120_000) }, async () => {
    const { fs, bytes } = await longLog();
    const whole = verifyAuditLog(bytes, { path: "/long.jsonl" });
    expect(whole).toMatchObject({ ok: true, entries: 900 });
    expect(await verifyAuditFile("/long.jsonl", { fs })).toEqual(whole);
    const changes = proofRuns(18);
    for (let n = 0; n < changes; n++) {
      const at = Math.floor((bytes.length / changes) * n) + n;
      const changed = n % 3 === 0 ? bytes.subarray(0, at) : bytes.slice();
      if (n % 3 === 1) changed[at] = (changed[at] ?? 0) ^ 1;
      if (n % 3 === 2) changed[bytes.indexOf(10, at)] = 32;
      const altered = createMemoryFileSystem();
      const handle = await altered.open("/x", "create");
      await handle.write(changed, 0);
      await handle.close();
      const options = { checkpoint: whole.head ?? undefined };
      expect(await verifyAuditFile("/x", { fs: altered, ...options })).toEqual(verifyAuditLog(changed, { path: "/x", ...options }));
    }
    expect(await verifyAuditFile("/none", { fs })).toEqual(verifyAuditLog(new Uint8Array()));
  });

  /** A file system that notes the largest read that was asked for. */
  function watch(fs: MemoryFileSystem): { readonly fs: FileSystem; readonly most: () => number } {
    let most = 0;
    const watched: FileSystem = {
      ...fs,
      open: async (path, intent) => {
        const handle = await fs.open(path, intent);
        return {
          ...handle,
          read: (buffer: Uint8Array, position: number) => ((most = Math.max(most, buffer.length)), handle.read(buffer, position)),
          stat: () => handle.stat(),
          close: () => handle.close(),
        };
      },
    };
    return { fs: watched, most: () => most };
  }

  it("refuses lines longer than an entry's, and holds no more of one in memory, however long it is (TEL-06)", async () => {
    const [first = ""] = lines;
    const { hash: _, ...entry } = JSON.parse(first) as JsonObject;
    const grown = { ...entry, payload: "x".repeat(1_048_576) };
    const whole = canonicalJson({ ...grown, hash: digestBytes(canonicalJson(grown)) });
    const wide = "\u20ac".repeat(2_000_000);
    for (const text of [
      ...[`${whole}\n`, `${first}\n${wide}\n${wide}\n${first}\n`, `${first}\n${"x".repeat(9_000_000)}`],
      ...[`${"y".repeat(3_400_000)}\n${first}\n`, `{${"\0".repeat(5_000_000)}`],
    ]) {
      const bytes = encoder.encode(text);
      const { fs, most } = watch(createMemoryFileSystem({ files: { "/x": bytes } }));
      const report = await verifyAuditFile("/x", { fs });
      expect(report).toEqual(verifyAuditLog(bytes, { path: "/x" }));
      expect([report.ok, report.findings[0]?.message]).toEqual([false, expect.stringMatching(/: it is longer than 1048576 characters$/)]);
      expect(most()).toBeLessThan(16_000_000);
    }
  });

  it("takes a moment for millions of lines that are none", () => {
    const begin = performance.now();
    expect(verifyAuditLog(Buffer.from("\n".repeat(2_000_000))).findings).toHaveLength(100);
    expect(performance.now() - begin).toBeLessThan(20_000);
  });

  it("reads a part at a time, however long the log is", async () => {
    const { fs, most } = watch((await longLog()).fs);
    expect((await verifyAuditFile("/long.jsonl", { fs })).ok).toBe(true);
    // The longest line has 600,000 bytes; the log five million.
    expect(most()).toBeLessThan(2_500_000);
    expect(most()).toBeGreaterThan(200_000);
  });
});
