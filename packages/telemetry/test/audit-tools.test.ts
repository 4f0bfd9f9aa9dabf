import { generateKeyPairSync, hash, sign, verify } from "node:crypto";
import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import type { JsonObject, JsonValue } from "@gov/schema";
import {
  type AuditEntry,
  checkpointAt,
  type CheckpointEnvelope,
  holdsEntryProof,
  holdsExtensionProof,
  isSealedData,
  type LogCheckpoint,
  matchesQuery,
  openAuditLog,
  openPersonalData,
  openSubjectKeys,
  proveEntry,
  proveExtension,
  readAuditLog,
  sealPersonalData,
  signCheckpoint,
  verifyAuditLog,
  verifyCheckpoint,
} from "@gov/telemetry/audit";
import { describe, expect, it } from "vitest";
import { input, noLock as lock } from "./telemetry-fakes.ts";

const path = "/log.jsonl";

async function logOf(
  count: number,
  fs: MemoryFileSystem = createMemoryFileSystem(),
): Promise<{ fs: MemoryFileSystem; entries: readonly AuditEntry[] }> {
  const log = await openAuditLog(path, { fs, lock });
  await log.append(
    Array.from({ length: count }, (_, n) =>
      input(`E${String(n % 3)}`, { actor: n % 2 === 0 ? "ann" : "bob", time: `2024-01-1${String(n % 5)}T10:00:00.000Z` }),
    ),
    { expectedSeq: 0 },
  );
  await log.close();
  return { fs, entries: readAuditLog(fs.files().get(path) ?? new Uint8Array()).entries };
}

describe("signCheckpoint() and verifyCheckpoint()", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const encode = (type: string, payload: Uint8Array): Buffer =>
    Buffer.concat([Buffer.from(`DSSEv1 ${String(type.length)} ${type} ${String(payload.length)} `), payload]);
  const signer = {
    sign: ({ payloadType, payload }: { readonly payloadType: string; readonly payload: Uint8Array }) =>
      Promise.resolve({ keyId: "k1", signature: new Uint8Array(sign(null, encode(payloadType, payload), privateKey)) }),
  };
  const verifier = {
    verify: ({ payloadType, payload, signatures }: CheckpointEnvelope, policy: { readonly key: typeof publicKey }) => {
      const bytes = Buffer.from(payload, "base64");
      const isSigned = signatures.some(({ sig }) => verify(null, encode(payloadType, bytes), policy.key, Buffer.from(sig, "base64")));
      return isSigned ? Promise.resolve({ payload: new Uint8Array(bytes) }) : Promise.reject(new Error("not signed"));
    },
  };
  const open = (envelope: CheckpointEnvelope, log = "decisions"): Promise<unknown> =>
    verifyCheckpoint(envelope, { log, verifier, policy: { key: publicKey } });

  it("carry a checkpoint that finds a cut tail, and of no other log (TEL-06)", async () => {
    const { fs, entries } = await logOf(6);
    const checkpoint = checkpointAt(entries, entries.at(-1)?.hash ?? "sha256:");
    const time = "2024-01-15T10:00:00.000Z";
    const envelope = await signCheckpoint(checkpoint, { log: "decisions", time, signer });
    expect(await open(envelope)).toEqual({ v: 1, log: "decisions", time, ...checkpoint });
    await expect(open(envelope, "other")).rejects.toMatchObject({ code: "TELEMETRY_CHECKPOINT_INVALID" });
    await expect(open({ ...envelope, payloadType: "text/plain" })).rejects.toMatchObject({ code: "TELEMETRY_CHECKPOINT_INVALID" });
    const forged = Buffer.from(Buffer.from(envelope.payload, "base64").toString().replace('"seq":6', '"seq":5')).toString("base64");
    await expect(open({ ...envelope, payload: forged })).rejects.toThrow("not signed");
    const bytes = fs.files().get(path) ?? new Uint8Array();
    const cut = bytes.subarray(0, bytes.lastIndexOf(10, bytes.length - 2) + 1);
    expect(verifyAuditLog(bytes, { checkpoint }).ok).toBe(true);
    expect(verifyAuditLog(cut, { checkpoint }).findings[0]?.code).toBe("TELEMETRY_AUDIT_TRUNCATED");
  });

  it("refuse what was signed as a checkpoint and is none, and to sign such", async () => {
    const { entries } = await logOf(1);
    const checkpoint = checkpointAt(entries, entries[0]?.hash ?? "sha256:");
    const time = "2024-01-15T10:00:00.000Z";
    for (const [one, at] of [
      [checkpoint, "yesterday"],
      [checkpoint, "2024-01-15T18:00:00+08:00"],
      [{ ...checkpoint, seq: 0 }, time],
      [{ ...checkpoint, root: "sha256:x" }, time],
    ] as const)
      await expect(signCheckpoint(one, { log: "decisions", time: at, signer })).rejects.toBeInstanceOf(RangeError);
    const { hash: digest, root } = checkpoint;
    const untimed = JSON.stringify({ hash: digest, log: "decisions", root, seq: 1, time: "t", v: 1 });
    for (const text of [untimed, "x", "[]", "{}", '{"hash":"x","log":"decisions","root":"x","seq":1,"time":"t","v":1}', ' {"v":1}']) {
      const payload = Buffer.from(text);
      const type = "application/vnd.gov.audit-checkpoint+json";
      const { signature } = await signer.sign({ payloadType: type, payload });
      const envelope = {
        payloadType: type,
        payload: payload.toString("base64"),
        signatures: [{ keyid: "", sig: Buffer.from(signature).toString("base64") }],
      };
      await expect(open(envelope)).rejects.toMatchObject({ code: "TELEMETRY_CHECKPOINT_INVALID" });
    }
  });
});

describe("proveEntry(), proveExtension(), holdsEntryProof() and holdsExtensionProof()", () => {
  it("show an entry, and that one checkpoint goes on from another, to whoever holds the checkpoints alone (TEL-06)", async () => {
    const { entries } = await logOf(7);
    const checkpoints = entries.map(({ hash }) => checkpointAt(entries, hash));
    const file = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;
    for (const checkpoint of checkpoints)
      for (const since of checkpoints) {
        const one = { seq: since.seq, head: checkpoint.hash };
        if (since.seq > checkpoint.seq) {
          expect(() => proveEntry(entries, one)).toThrow(RangeError);
          expect(() => proveExtension(entries, { since, head: checkpoint.hash })).toThrow(RangeError);
          continue;
        }
        const inclusion = file(proveEntry(entries, one));
        const extension = file(proveExtension(entries, { since, head: checkpoint.hash }));
        for (const other of checkpoints) {
          expect(holdsEntryProof(inclusion, other)).toBe(other === checkpoint);
          expect(holdsExtensionProof(extension, { since, checkpoint: other })).toBe(other === checkpoint);
          expect(holdsExtensionProof(extension, { since: other, checkpoint })).toBe(other === since);
        }
      }
    expect(() =>
      proveExtension(entries, { since: { seq: 1, hash: entries[1]?.hash ?? "sha256:" }, head: entries[2]?.hash ?? "sha256:" }),
    ).toThrow(RangeError);
  });

  it("believe nothing of a proof but what leads to the checkpoint (TEL-06)", async () => {
    const { entries } = await logOf(4);
    const [since, checkpoint] = [1, 3].map((index) => checkpointAt(entries, entries[index]?.hash ?? "sha256:")) as [
      LogCheckpoint,
      LogCheckpoint,
    ];
    const { entry, proof } = JSON.parse(JSON.stringify(proveEntry(entries, { seq: 3, head: checkpoint.hash }))) as Record<
      string,
      JsonObject
    >;
    const deep = Array.from({ length: 2_000 }).reduce<JsonValue>((inner) => [inner], null);
    expect(holdsEntryProof({ entry, proof } as JsonObject, checkpoint)).toBe(true);
    for (const other of [{ ...entry, actor: "eve" }, { ...entry, more: 1 }, { ...entry, payload: deep }, [], null])
      expect(holdsEntryProof({ entry: other, proof } as JsonObject, checkpoint)).toBe(false);
    for (const other of [null, {}, { ...proof, hashes: [1] }, { ...proof, index: "2" }, { ...proof, size: 3 }, { ...proof, hashes: "x" }])
      for (const value of [{ entry, proof: other }, other]) {
        expect(holdsEntryProof(value as JsonObject, checkpoint)).toBe(false);
        expect(holdsExtensionProof(value as JsonObject, { since, checkpoint })).toBe(false);
      }
  });
});

describe("matchesQuery()", () => {
  it("selects by kind, actor, subject, correlation and time (TEL-08)", async () => {
    const { entries } = await logOf(10);
    const count = (query: Parameters<typeof matchesQuery>[0]): number => entries.filter(matchesQuery(query)).length;
    expect(count({})).toBe(10);
    expect(count({ kinds: ["E0", "E1"] })).toBe(7);
    expect(count({ actors: ["bob"] })).toBe(5);
    expect(count({ subjects: ["other"] })).toBe(0);
    expect(count({ correlationId: "f".repeat(32) })).toBe(0);
    expect(count({ from: "2024-01-11T18:00:00+08:00", to: "2024-01-13T10:00:00Z" })).toBe(4);
    expect(() => matchesQuery({ from: "yesterday" })).toThrow(RangeError);
  });
});

describe("sealPersonalData()", () => {
  it("leaves a chain that stays valid when the subject's key is destroyed, and nothing from which the text can be had", async () => {
    const fs = createMemoryFileSystem();
    const keys = await openSubjectKeys("/keys", { fs });
    const text = "Ann Example, born 1990-01-02";
    const holds = (part: string | Uint8Array, image: MemoryFileSystem = fs): boolean =>
      [...image.files().values()].some((bytes) => Buffer.from(bytes).includes(typeof part === "string" ? part : Buffer.from(part)));
    const log = await openAuditLog(path, { fs, lock });
    const sealed = await sealPersonalData({ text }, { subject: "p7", keys });
    await log.append([input("A", { actor: "p7", payload: { about: sealed, note: "stays" } }), input("B")], { expectedSeq: 0 });
    await log.close();
    const key = (await keys.find("p7")) ?? new Uint8Array();
    /** What is sealed in the log as it stands on the disk. */
    const stored = (): JsonValue =>
      (readAuditLog(fs.files().get(path) ?? new Uint8Array()).entries[0]?.payload as JsonObject)["about"] ?? null;
    const inLog = stored();
    if (!isSealedData(inLog)) throw new Error("it is not sealed");
    expect(await openPersonalData(inLog, { keys })).toEqual({ isErased: false, value: { text } });
    expect([holds(text), holds("Ann Example"), holds("1990-01-02"), holds(key)]).toEqual([false, false, false, true]);
    const before = fs.text(path);
    const checkpoint = log.head() ?? undefined;

    await keys.destroy("p7");
    expect(fs.text(path)).toBe(before);
    expect(verifyAuditLog(fs.files().get(path) ?? new Uint8Array(), { checkpoint })).toMatchObject({ ok: true, entries: 2 });
    // Also after a power cut, whoever looks for the key.
    for (const image of [fs, ...fs.crashImages()]) {
      expect([holds(key, image), holds(text, image)]).toEqual([false, false]);
      const found = await openSubjectKeys("/keys", { fs: image });
      expect([await found.find("p7"), await openPersonalData(inLog, { keys: found })]).toEqual([null, { isErased: true }]);
    }
    // No other key opens it, though it bears the name of the right one.
    const other = Uint8Array.from(key, (byte, index) => (index === 31 ? byte ^ 1 : byte));
    expect(await openPersonalData(inLog, { keys: { find: () => Promise.resolve(other) } })).toEqual({ isErased: true });
    const renamed = { ...inLog, key: hash("sha256", other, "hex").slice(0, 16) };
    await expect(openPersonalData(renamed, { keys: { find: () => Promise.resolve(other) } })).rejects.toMatchObject({
      code: "TELEMETRY_SEALED_DATA_CORRUPT",
    });
    // What was not sealed stays: the pseudonym, who acted, and the rest of the payload.
    expect([holds('"actor":"p7"'), holds('"note":"stays"'), holds('"subject":"p7"')]).toEqual([true, true, true]);
  });

  it("erases one subject and leaves the others, also when the same one is sealed for again", async () => {
    const fs = createMemoryFileSystem();
    const keys = await openSubjectKeys("/keys", { fs });
    const ann = await sealPersonalData({ email: "ann@example.org" }, { subject: "p1", keys });
    const bob = await sealPersonalData("bob", { subject: "p2", keys });
    expect(JSON.stringify(ann)).not.toContain("example");
    const log = await openAuditLog(path, { fs, lock });
    await log.append([input("A", { payload: { by: ann } }), input("B", { payload: { by: bob } })], { expectedSeq: 0 });
    await keys.destroy("p1");
    await keys.destroy("p1");
    expect(verifyAuditLog(fs.files().get(path) ?? new Uint8Array()).ok).toBe(true);
    expect(await openPersonalData(ann, { keys })).toEqual({ isErased: true });
    expect(await openPersonalData(bob, { keys })).toEqual({ isErased: false, value: "bob" });
    expect([isSealedData(ann), isSealedData({ sealed: "A256GCM" }), isSealedData("x")]).toEqual([true, false, false]);
    // A later key of the same person does not open what was erased.
    await sealPersonalData("ann", { subject: "p1", keys });
    expect(await openPersonalData(ann, { keys })).toEqual({ isErased: true });
  });

  it("refuses bytes that are not what was sealed for this subject", async () => {
    const keys = await openSubjectKeys("/keys", { fs: createMemoryFileSystem() });
    const sealed = await sealPersonalData("x", { subject: "p1", keys });
    const swapped = { ...sealed, iv: Buffer.alloc(12).toString("base64") };
    await expect(openPersonalData(swapped, { keys })).rejects.toMatchObject({ code: "TELEMETRY_SEALED_DATA_CORRUPT" });
  });

  it("keeps the key that it gave last, however calls for one subject meet", async () => {
    const fs = createMemoryFileSystem();
    const keys = await openSubjectKeys("/keys", { fs });
    for (let round = 0; round < 20; round++) {
      await keys.obtain("p1");
      const [one, , , other] = await Promise.all([
        keys.obtain("p1"),
        keys.destroy("p1"),
        keys.destroy("p1"),
        keys.obtain("p1"),
        keys.obtain("p2"),
      ]);
      expect(Buffer.compare(one, other)).not.toBe(0);
      expect(await keys.find("p1")).toEqual(other);
    }
  });

  it("takes no key that was cut short for one that was destroyed", async () => {
    const fs = createMemoryFileSystem();
    const keys = await openSubjectKeys("/keys", { fs });
    const sealed = await sealPersonalData("x", { subject: "p1", keys });
    const name = [...fs.files().keys()].find((one) => one.endsWith(".key")) ?? "";
    for (const left of [0, 5]) {
      const handle = await fs.open(name, "read-write");
      await handle.truncate(left);
      await handle.close();
      await expect(openPersonalData(sealed, { keys })).rejects.toBeInstanceOf(RangeError);
      await expect(keys.obtain("p1")).rejects.toBeInstanceOf(RangeError);
    }
  });

  it("never takes the zeros of an interrupted destruction for a key", async () => {
    let destroyed = false;
    const fs: MemoryFileSystem = createMemoryFileSystem({
      afterCall: async ({ name }) => {
        if (!destroyed || name !== "sync") return;
        for (const image of fs.crashImages()) {
          const keys = await openSubjectKeys("/keys", { fs: image });
          expect(await keys.find("p1")).toBeNull();
          expect((await keys.obtain("p1")).some((byte) => byte !== 0)).toBe(true);
        }
      },
    });
    const keys = await openSubjectKeys("/keys", { fs });
    const key = await keys.obtain("p1");
    expect(await keys.obtain("p1")).toEqual(key);
    destroyed = true;
    await keys.destroy("p1");
    await expect(openSubjectKeys("/bad", { fs }).then((bad) => bad.obtain("p1"))).resolves.toHaveLength(32);
  });
});
