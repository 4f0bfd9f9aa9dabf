import type { JsonValue } from "@gov/schema";
import { maxCanonicalDepth } from "@gov/schema/canonical";
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import {
  type AuditCheckpoint,
  type AuditEntry,
  type AuditInput,
  type AuditLog,
  type AuditReport,
  checkpointAt,
  proveConsistency,
  proveInclusion,
  verifyConsistency,
  verifyInclusion,
} from "../audit/index.ts";

/** What the suite needs of a store under test; one place per case, empty at the start. */
export interface AuditLogAdapter {
  /** Opens the log at this place, also again after closing. */
  readonly open: () => Promise<AuditLog>;
  /** Verifies what stands there, against a checkpoint where one is given. */
  readonly verify: (checkpoint?: AuditCheckpoint) => Promise<AuditReport>;
}

/** One behaviour every store of an {@link AuditLog} must have; `run` rejects when it has not. */
export interface AuditLogCase {
  readonly name: string;
  readonly run: (adapter: AuditLogAdapter) => Promise<void>;
}

/**
 * What a store of a chained log must do, as data without a test runner, for whoever brings another.
 *
 * @example Try the journal store on a file system in memory
 * ```ts
 * import assert from "node:assert/strict";
 * import { createMemoryFileSystem } from "@gov/atomic-io/testing";
 * import { openAuditJournal, verifyAuditJournal } from "@gov/telemetry/audit";
 * import { auditLogConformance } from "@gov/telemetry/testing";
 *
 * const lock = async () => ({ release: async () => {} });
 * for (const { run } of auditLogConformance) {
 *   const fs = createMemoryFileSystem();
 *   await run({
 *     open: () => openAuditJournal("/log", { fs, lock }),
 *     verify: (checkpoint) => verifyAuditJournal("/log", { fs, checkpoint }),
 *   });
 * }
 * assert.ok(auditLogConformance.length > 5);
 * ```
 */
export const auditLogConformance: readonly AuditLogCase[] = [
  {
    name: "an empty log has no head and no entries, and holds",
    run: async ({ open, verify }) => {
      const log = await open();
      equal(log.head(), null);
      deepEqual(await collect(log.read()), []);
      await log.close();
      deepEqual(await verify(), { ok: true, entries: 0, head: null, heads: [], firstAltered: null, findings: [] });
    },
  },
  {
    name: "entries are chained from 1 on, over several openings, and come back as they were acknowledged",
    run: async ({ open, verify }) => {
      const first = await open();
      const [one] = await first.append([input("A")], { expectedSeq: 0 });
      await first.close();
      const second = await open();
      const [two, three] = await second.append([input("B"), input("C")], { expectedSeq: 1 });
      deepEqual([one?.seq, two?.seq, three?.seq], [1, 2, 3]);
      deepEqual([one?.prev, two?.prev, three?.prev], [null, one?.hash, two?.hash]);
      deepEqual(await collect(second.read(2)), [two, three]);
      deepEqual(second.head(), { seq: 3, hash: three?.hash });
      await second.close();
      const report = await verify();
      deepEqual([report.ok, report.entries, report.head?.hash], [true, 3, three?.hash]);
    },
  },
  {
    name: "checkpoints of what it gives back hold, with proofs of every entry and every earlier one, and one of another chain does not",
    run: async ({ open, verify }) => {
      const log = await open();
      await log.append([input("A"), input("B")], { expectedSeq: 0 });
      await log.append([input("C"), input("D"), input("E")], { expectedSeq: 2 });
      const entries = await collect(log.read());
      const head = log.head();
      await log.close();
      const leaves = entries.map(({ hash }) => hash);
      const all = leaves.map((hash) => checkpointAt(entries, hash));
      const last = all.at(-1);
      deepEqual([last?.seq, last?.hash], [head?.seq, head?.hash]);
      const toRoot = last?.root ?? "sha256:";
      for (const [index, checkpoint] of all.entries()) {
        ok(verifyInclusion(proveInclusion(leaves, index), { leaf: checkpoint.hash, root: toRoot }));
        ok(verifyConsistency(proveConsistency(leaves, index + 1), { fromRoot: checkpoint.root, toRoot }));
        ok((await verify(checkpoint)).ok);
      }
      const [first = checkpointAt(entries, toRoot), second = first] = all;
      const codes = async (checkpoint: AuditCheckpoint): Promise<readonly string[]> =>
        (await verify(checkpoint)).findings.map(({ code }) => code);
      deepEqual(await codes({ seq: 6, hash: first.hash }), ["TELEMETRY_AUDIT_TRUNCATED"]);
      deepEqual(await codes({ seq: 1, hash: second.hash }), ["TELEMETRY_AUDIT_CHECKPOINT_MISMATCH"]);
    },
  },
  {
    name: "of two appends decided on the same state one is refused, and writes nothing",
    run: async ({ open, verify }) => {
      const log = await open();
      const won = log.append([input("A")], { expectedSeq: 0 });
      await rejects(log.append([input("B")], { expectedSeq: 0 }), { code: "TELEMETRY_SEQUENCE_CONFLICT" });
      equal((await won)[0]?.kind, "A");
      await rejects(log.append([input("C")], { expectedSeq: 7 }), { code: "TELEMETRY_SEQUENCE_CONFLICT" });
      await log.append([input("C")], { expectedSeq: 1 });
      await log.close();
      equal((await verify()).entries, 2);
    },
  },
  {
    name: "many producers at once get places in the order of their calls, without gaps",
    run: async ({ open, verify }) => {
      const log = await open();
      const places = await Promise.all(Array.from({ length: 64 }, (_, n) => log.append([input(`E${String(n)}`)], { expectedSeq: "any" })));
      deepEqual(
        places.map(([entry]) => [entry?.seq, entry?.kind]),
        places.map((_, n) => [n + 1, `E${String(n)}`]),
      );
      await log.close();
      equal((await verify()).entries, 64);
    },
  },
  {
    name: "an entry out of bounds keeps its whole batch out",
    run: async ({ open, verify }) => {
      const log = await open();
      await rejects(log.append([input("GOOD"), input("")], { expectedSeq: 0 }), RangeError);
      deepEqual(await log.append([], { expectedSeq: 0 }), []);
      equal(log.head(), null);
      await log.close();
      equal((await verify()).entries, 0);
    },
  },
  {
    name: "the deepest payload whose line can be read back is kept, and a deeper one keeps its whole batch out",
    run: async ({ open, verify }) => {
      const nested = (levels: number): JsonValue => Array.from({ length: levels }).reduce<JsonValue>((value) => [value], null);
      const deepest = { ...input("A"), payload: nested(maxCanonicalDepth - 1) };
      const log = await open();
      await rejects(log.append([input("A"), { ...deepest, payload: nested(maxCanonicalDepth) }], { expectedSeq: 0 }), {
        code: "SCHEMA_NOT_CANONICAL",
      });
      await log.append([deepest], { expectedSeq: 0 });
      await log.close();
      const report = await verify();
      deepEqual([report.ok, report.entries], [true, 1]);
    },
  },
  {
    name: "reading from what is no whole number is refused, and not an empty log",
    run: async ({ open }) => {
      const log = await open();
      await log.append([input("A"), input("B")], { expectedSeq: 0 });
      for (const from of [Number.NaN, 1.5, Number.POSITIVE_INFINITY]) await rejects(async () => collect(log.read(from)), RangeError);
      deepEqual((await collect(log.read(-1))).length, 2);
      await log.close();
    },
  },
  {
    name: "secrets and personal data leave a payload before it is chained; who did what, and sealed data, stay",
    run: async ({ open, verify }) => {
      const log = await open();
      const sealed = { sealed: "A256GCM", subject: "p1", key: "0".repeat(16), iv: "A".repeat(16), data: "AAAA" };
      const who = { actor: "ann@example.org", subject: "bob@example.org" };
      const given = { ...input("A"), ...who, payload: { mail: "eve@example.org", password: "correct horse", about: sealed } };
      const payload = { mail: "[redacted:email]", password: "[redacted:assigned-secret]", about: sealed };
      const [entry] = await log.append([given], { expectedSeq: 0 });
      const stored = await collect(log.read());
      await log.close();
      for (const one of [entry, ...stored]) deepEqual({ ...one }, { ...entry, ...who, payload });
      equal(stored.length, 1);
      ok((await verify()).ok);
    },
  },
  {
    name: "closing waits for appends under way and refuses later ones",
    run: async ({ open, verify }) => {
      const log = await open();
      const pending = log.append([input("A")], { expectedSeq: 0 });
      await log.close();
      await log.close();
      equal((await pending).length, 1);
      await rejects(log.append([input("B")], { expectedSeq: 1 }), { code: "TELEMETRY_AUDIT_CLOSED" });
      ok((await verify()).ok);
    },
  },
];

function input(kind: string): AuditInput {
  return { time: "2024-01-15T10:00:00.000Z", kind, actor: "ann", subject: "task/ü", payload: { ä: [1.5, null, "\u2028"], z: 0 } };
}

async function collect(entries: AsyncIterable<AuditEntry>): Promise<readonly AuditEntry[]> {
  const all: AuditEntry[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}
