import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import {
  type AuditReport,
  foldEntries,
  openAuditJournal,
  openAuditLog,
  readAuditLog,
  verifyAuditFile,
  verifyAuditJournal,
} from "@gov/telemetry/audit";
import { digestBodyHash, holdsDigestBody } from "@gov/telemetry/digest";
import { openAuditTable, verifyAuditTable } from "@gov/telemetry/postgres";
import { afterAll, describe, expect, it } from "vitest";
import { writeGoldens } from "./golden-formats.ts";
import { createTestDatabase } from "./postgres-database.ts";
import { input, noLock as lock } from "./telemetry-fakes.ts";

// Written once by the release that introduced version 1, and never again: what was written then is read for ever.
const fixtures = join(import.meta.dirname, "fixtures");
const golden: ReadonlyMap<string, Uint8Array> = new Map(
  ["audit-jsonl-v1", "audit-journal-v1"].flatMap((folder) =>
    readdirSync(join(fixtures, folder), { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map((each) => {
        const path = join(each.parentPath, each.name);
        return [
          path
            .slice(fixtures.length + 1)
            .split(sep)
            .join("/"),
          new Uint8Array(readFileSync(path)),
        ] as const;
      }),
  ),
);

const heads = {
  archived: { seq: 2, hash: "sha256:9087baf5960423efb517fecb197edbd0a7492bf3e5c3a75d20334fc9cd7316bc" },
  third: { seq: 3, hash: "sha256:88e462384de0861e8671c9639b7b48fa15ef15aef3f87225a373b4f00e65067a" },
  joined: { seq: 5, hash: "sha256:a3737f7c50f843b2f6bf3eaeeb47918a53a914a55af8e1a9d2fed899be3729df" },
} as const;

/** The golden files on a disk, one of them with a byte altered. */
function diskOf(altered?: { readonly name: string; readonly at: number }): MemoryFileSystem {
  const files = [...golden].map(([name, bytes]) => {
    const changed = name === altered?.name ? bytes.map((byte, index) => (index === altered.at ? byte ^ 1 : byte)) : bytes;
    return [`/${name}`, changed] as const;
  });
  return createMemoryFileSystem({ files: Object.fromEntries(files) });
}

function bytesOf(name: string): Uint8Array {
  const bytes = golden.get(name);
  if (bytes === undefined) throw new Error(`No golden file "${name}"`);
  return bytes;
}

describe("files of version 1", () => {
  it("are written byte for byte as they were (NFR-08)", async () => {
    const written = await writeGoldens();
    expect([...written.keys()].sort()).toEqual([...golden.keys()].sort());
    for (const [name, bytes] of written) expect(Buffer.from(bytes).equals(bytesOf(name)), name).toBe(true);
  });
});

describe("the audit log of lines, version 1 (docs/formats/audit-jsonl-v1.md)", () => {
  const log = "audit-jsonl-v1/index.jsonl";
  const archive = "audit-jsonl-v1/archive/index-0000000001-0000000002.jsonl";
  const archiveDirectory = "/audit-jsonl-v1/archive";
  const verify = (fs: MemoryFileSystem): Promise<AuditReport> =>
    verifyAuditFile(`/${log}`, { fs, archiveDirectory, checkpoint: heads.third });

  it("is read as it was written once and for all, archive and joined branches too, and goes on (NFR-08, TEL-06)", async () => {
    const fs = diskOf();
    expect(await verify(fs)).toMatchObject({ ok: true, entries: 6, head: heads.joined, findings: [] });
    const { entries } = readAuditLog(Buffer.concat([bytesOf(archive), bytesOf(log)]));
    expect(entries.map(({ seq, kind, actor, payload }) => ({ seq, kind, actor, payload }))).toEqual([
      { seq: 1, kind: "PLANNED", actor: "ann", payload: null },
      { seq: 2, kind: "WAIVER", actor: 'ben "b" Ü', payload: { a: [0.1, 0, "\u2028 ✔"], nested: { hash: "sha256:no" }, z: 1e21 } },
      { seq: 3, kind: "CLOSED", actor: "ann", payload: "done" },
      { seq: 4, kind: "OURS", actor: "ann", payload: {} },
      { seq: 4, kind: "THEIRS", actor: "ann", payload: {} },
      { seq: 5, kind: "JOIN", actor: "ben", payload: null },
    ]);
    expect(entries[1]).toMatchObject({ correlation_id: "0123456789abcdef0123456789abcdef", lamport: { counter: 7, node: "runner-1" } });
    const step = (count: number) => ({ ok: true, value: count + 1, findings: [] }) as const;
    expect(foldEntries(entries, { initial: 0, step })).toMatchObject({ state: 6, findings: [] });
    const opened = await openAuditLog(`/${log}`, { fs, lock, archiveDirectory });
    const [next] = await opened.append([input("NEXT")], { expectedSeq: 5 });
    expect(next).toMatchObject({ seq: 6, prev: heads.joined.hash });
    await opened.close();
  });

  it("does not hold with any byte altered, of the archive or of the log", async () => {
    for (const name of [archive, log])
      for (let at = 0; at < bytesOf(name).byteLength; at++) {
        const { ok } = await verify(diskOf({ name, at }));
        expect([name, at, ok]).toEqual([name, at, false]);
      }
  });
});

describe("the audit log in a journal, version 1 (docs/formats/audit-journal-v1.md)", () => {
  const directory = "/audit-journal-v1/journal";
  const archiveDirectory = "/audit-journal-v1/archive";
  const segment = "audit-journal-v1/journal/journal-0000000001-0000000000000003.log";
  const archived = "audit-journal-v1/archive/archived-0000000000000001-0000000000000002-0000000001.log";
  const verify = (fs: MemoryFileSystem): Promise<AuditReport> =>
    verifyAuditJournal(directory, { fs, archiveDirectory, checkpoint: heads.third });

  it("is read as it was written once and for all, archive too: the entries that lines hold, and goes on (NFR-08, TEL-06)", async () => {
    const fs = diskOf();
    expect(await verify(fs)).toMatchObject({ ok: true, entries: 3, head: heads.third, findings: [] });
    const opened = await openAuditJournal(directory, { fs, lock, archiveDirectory });
    const kinds: string[] = [];
    for await (const { kind } of opened.read()) kinds.push(kind);
    expect(kinds).toEqual(["PLANNED", "WAIVER", "CLOSED"]);
    expect(await opened.append([input("NEXT")], { expectedSeq: 3 })).toMatchObject([{ seq: 4, prev: heads.third.hash }]);
    await opened.close();
  });

  it("does not hold with any byte altered, of the archive or of the journal: the report or the journal says so", async () => {
    for (const name of [archived, segment])
      for (let at = 0; at < bytesOf(name).byteLength; at++) {
        const said = await verify(diskOf({ name, at })).then(
          ({ ok }) => (ok ? "holds" : "refused"),
          (error: unknown) => String((error as { readonly code?: unknown }).code),
        );
        expect([name, at, said]).toEqual([name, at, expect.stringMatching(/^refused$|^ATOMIC_IO_JOURNAL_(?:CORRUPT|VERSION)$/)]);
      }
  });
});

const database = await createTestDatabase();
afterAll(() => database?.drop());

describe.runIf(database !== null)("the audit log in PostgreSQL, version 1 (docs/formats/audit-postgres-v1.md)", () => {
  it("is read from rows as they were written once and for all, goes on, and does not hold with a byte altered (NFR-08, TEL-06)", async () => {
    if (database === null) throw new Error("No database");
    const { pool } = database;
    const archive = Buffer.from(bytesOf("audit-jsonl-v1/archive/index-0000000001-0000000002.jsonl")).toString("utf8");
    const [first = "", second = ""] = archive.trimEnd().split("\n");
    const insert = async (log: string, lines: readonly string[]): Promise<void> => {
      for (const [index, line] of lines.entries())
        await pool.query("INSERT INTO gov_audit_entries (log, seq, line) VALUES ($1, $2, $3)", [log, index + 1, line]);
    };
    await insert("golden", [first, second]);
    expect(await verifyAuditTable(pool, { log: "golden" })).toMatchObject({ ok: true, entries: 2, head: heads.archived });
    const opened = await openAuditTable(pool, { log: "golden", durability: "process" });
    expect(await opened.append([input("NEXT")], { expectedSeq: 2 })).toMatchObject([{ seq: 3, prev: heads.archived.hash }]);
    await opened.close();
    await insert("altered", [first, second.replace("runner-1", "runner-2")]);
    expect(await verifyAuditTable(pool, { log: "altered" })).toMatchObject({ ok: false, firstAltered: { seq: 2 } });
  });
});

describe("the hash of a digest, digest-body-v1 (docs/formats/digest-body-v1.md)", () => {
  const bytes = readFileSync(join(fixtures, "digest-body-v1/digest.md"));
  const text = bytes.toString("utf8");

  it("is what it was once and for all, and no altered byte of the body has it (NFR-08, MAN-16)", () => {
    expect(digestBodyHash(text)).toBe("sha256:e03ad3fd972c2a7f83ad00f5520ff2f2cdae35e464d5b4ab6a3f7d082b5c9691");
    expect(holdsDigestBody(text)).toBe(true);
    const block = bytes.indexOf("## Manifest Verification");
    for (let at = 0; at < block; at++) {
      const altered = Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)));
      expect([at, holdsDigestBody(altered.toString("utf8"))]).toEqual([at, false]);
    }
    expect(
      holdsDigestBody(
        text.replace(/^(- digest_body_sha256 .*sha256:)(.)/m, (_, before: string, digit: string) => before + (digit === "0" ? "1" : "0")),
      ),
    ).toBe(false);
  });
});
