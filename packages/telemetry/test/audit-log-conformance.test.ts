import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { openAuditJournal, openAuditLog, verifyAuditJournal, verifyAuditLog } from "@gov/telemetry/audit";
import { type AuditLogAdapter, auditLogConformance } from "@gov/telemetry/testing";
import { describe, expect, it } from "vitest";
import { noLock as lock } from "./telemetry-fakes.ts";

const stores: Readonly<Record<string, () => AuditLogAdapter>> = {
  jsonl: () => {
    const fs = createMemoryFileSystem();
    return {
      open: () => openAuditLog("/log.jsonl", { fs, lock }),
      verify: (checkpoint) => Promise.resolve(verifyAuditLog(fs.files().get("/log.jsonl") ?? new Uint8Array(), { checkpoint })),
    };
  },
  journal: () => {
    const fs = createMemoryFileSystem();
    return { open: () => openAuditJournal("/log", { fs, lock }), verify: (checkpoint) => verifyAuditJournal("/log", { fs, checkpoint }) };
  },
  "journal that is archived as it goes": () => {
    const fs = createMemoryFileSystem();
    const place = { fs, archiveDirectory: "/archive" };
    return {
      open: async () => {
        const log = await openAuditJournal("/log", { ...place, lock });
        const append: typeof log.append = async (entries, options) => {
          const appended = await log.append(entries, options);
          await log.rotate((log.head()?.seq ?? 0) + 1);
          return appended;
        };
        return { ...log, append };
      },
      verify: (checkpoint) => verifyAuditJournal("/log", { ...place, checkpoint }),
    };
  },
};

for (const [name, create] of Object.entries(stores))
  describe(`auditLogConformance on ${name}`, () => {
    for (const { name: behaviour, run } of auditLogConformance) it(behaviour, () => run(create()));
  });

describe("auditLogConformance", () => {
  it("does not pass a store that acknowledges a lost race", async () => {
    const careless: AuditLogAdapter = {
      ...(stores["jsonl"] as () => AuditLogAdapter)(),
      open: async () => {
        const log = await openAuditLog("/log.jsonl", { fs: createMemoryFileSystem(), lock });
        return { ...log, append: (entries) => log.append(entries, { expectedSeq: "any" }) };
      },
    };
    const verdicts = await Promise.allSettled(auditLogConformance.map(({ run }) => run(careless)));
    expect(verdicts.filter(({ status }) => status === "rejected").length).toBeGreaterThan(2);
  });
});
