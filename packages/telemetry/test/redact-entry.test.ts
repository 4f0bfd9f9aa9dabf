import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import {
  type AuditEntry,
  type AuditInput,
  type AuditLog,
  isSealedData,
  joinAuditLog,
  openAuditJournal,
  openAuditLog,
  openPersonalData,
  openSubjectKeys,
  sealPersonalData,
} from "@gov/telemetry/audit";
import { createRedactor, type Redactor } from "@gov/telemetry/redact";
import { describe, expect, it } from "vitest";
import { redactCorpus } from "./redact-corpus.ts";
import { input, noLock as lock } from "./telemetry-fakes.ts";

type Open = (redactor?: Redactor) => Promise<{ readonly log: AuditLog; readonly stored: () => string }>;

const stores: Readonly<Record<string, Open>> = {
  jsonl: async (redactor) => {
    const fs = createMemoryFileSystem();
    const log = await openAuditLog("/log", { fs, lock, redactor });
    return { log, stored: () => Buffer.from(fs.files().get("/log") ?? []).toString("latin1") };
  },
  journal: async (redactor) => {
    const fs = createMemoryFileSystem();
    const log = await openAuditJournal("/log", { fs, lock, redactor });
    return { log, stored: () => [...fs.files().values()].map((bytes) => Buffer.from(bytes).toString("latin1")).join("") };
  },
};

async function appendOne(
  open: Open,
  more: Partial<AuditInput>,
): Promise<{ readonly entry: AuditEntry | undefined; readonly stored: string }> {
  const { log, stored } = await open();
  const [entry] = await log.append([input("K", more)], { expectedSeq: 0 });
  await log.close();
  return { entry, stored: stored() };
}

for (const [name, open] of Object.entries(stores))
  describe(`a log (${name})`, () => {
    it("lets no secret and no personal datum of the labelled corpus reach the disk (TEL-11, GOV-17)", async () => {
      const corpus = redactCorpus(20).filter(({ detector }) => detector !== null);
      const { log, stored } = await open();
      await log.append(
        corpus.map(({ text }) => input("K", { payload: { text, list: [text] } })),
        { expectedSeq: 0 },
      );
      await log.close();
      const written = stored();
      // As it would stand in JSON; what is not plain ASCII is not compared.
      const plain = corpus.map(({ leak }) => JSON.stringify(leak).slice(1, -1)).filter((leak) => /^[\x20-\x7e]+$/.test(leak));
      expect(plain.length).toBeGreaterThan(50);
      expect(plain.filter((leak) => written.includes(leak))).toEqual([]);
    });

    it("keeps who did what to whom, but no secret there", async () => {
      const token = `ghp_${"a1B2".repeat(9)}`;
      const { entry, stored } = await appendOne(open, { actor: "ann@example.org", subject: `deploy with ${token}` });
      expect(entry).toMatchObject({ actor: "ann@example.org", subject: "deploy with [redacted:github-token]" });
      expect(stored).not.toContain(token);
    });

    it("removes secrets known to the caller from names, too, and keeps who they name (TEL-11)", async () => {
      const { log, stored } = await open(createRedactor({ secrets: ["correct horse"], without: ["email"] }));
      const more = { actor: "ann@example.org", subject: "login with correct horse", payload: "correct horse" };
      const [entry] = await log.append([input("K", more)], { expectedSeq: 0 });
      await log.close();
      expect(entry).toMatchObject({ ...more, subject: "login with [redacted:known-secret]", payload: "[redacted:known-secret]" });
      expect(stored()).not.toContain("correct horse");
    });

    it("leaves sealed personal data as they are, so that they can be opened and erased", async () => {
      const keys = await openSubjectKeys("/keys", { fs: createMemoryFileSystem() });
      const sealed = await sealPersonalData({ email: "ann@example.org" }, { subject: "person-7", keys });
      const { entry } = await appendOne(open, { payload: { who: sealed, password: "hunter2hunter2", note: "ann@example.org" } });
      expect(entry?.payload).toEqual({ who: sealed, password: "[redacted:assigned-secret]", note: "[redacted:email]" });
      expect(await openPersonalData(sealed, { keys })).toEqual({ isErased: false, value: { email: "ann@example.org" } });
      for (const false_ of [
        { ...sealed, more: 1 },
        { ...sealed, data: "ann@example.org" },
        { ...sealed, iv: "x" },
        { ...sealed, key: "secret" },
      ])
        expect(isSealedData(false_)).toBe(false);
    });

    it("takes another redactor, and still refuses what is out of bounds", async () => {
      const { log } = await open(createRedactor({ without: ["email"] }));
      expect((await log.append([input("K", { payload: "ann@example.org" })], { expectedSeq: 0 }))[0]?.payload).toBe("ann@example.org");
      for (const broken of [{ actor: 7 }, { payload: undefined }])
        await expect(log.append([input("K", broken as unknown as Partial<AuditInput>)], { expectedSeq: 1 })).rejects.toBeInstanceOf(
          RangeError,
        );
      await log.close();
    });
  });

describe("joinAuditLog()", () => {
  it("redacts the entry it appends (TEL-11)", async () => {
    const fs = createMemoryFileSystem();
    const branch = async (kind: string): Promise<Uint8Array> => {
      const log = await openAuditLog(`/${kind}`, { fs, lock });
      await log.append([input(kind)], { expectedSeq: 0 });
      await log.close();
      return fs.files().get(`/${kind}`) ?? new Uint8Array();
    };
    const merged = Buffer.concat([await branch("A"), await branch("B")]);
    const handle = await fs.open("/log", "append");
    await handle.write(merged, null);
    await handle.close();
    const entry = await joinAuditLog(
      "/log",
      { time: "2024-01-15T10:00:03.000Z", actor: "ann", payload: { token: "abcdef123" } },
      { fs, lock },
    );
    expect(entry?.payload).toEqual({ token: "[redacted:assigned-secret]" });
  });
});
