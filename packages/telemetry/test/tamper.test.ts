import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { type AuditCheckpoint, openAuditLog, verifyAuditLog } from "@gov/telemetry/audit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { input, noLock } from "./telemetry-fakes.ts";

const isFull = process.env["GOV_PROOF"] === "full";
const size = 10_000;

async function largeLog(): Promise<{
  readonly bytes: Uint8Array;
  readonly checkpoint: AuditCheckpoint;
  readonly starts: readonly number[];
}> {
  const fs = createMemoryFileSystem();
  const log = await openAuditLog("/log", { fs, lock: noLock });
  await log.append(
    Array.from({ length: size }, (_, n) => input(`E${String(n % 7)}`, { payload: { n } })),
    { expectedSeq: 0 },
  );
  const checkpoint = log.head();
  const bytes = fs.files().get("/log") ?? new Uint8Array();
  const starts = [0];
  for (let at = bytes.indexOf(10); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(10, at + 1)) starts.push(at + 1);
  return { bytes, checkpoint: checkpoint ?? { seq: 0, hash: "sha256:" }, starts };
}

describe("verifyAuditLog() on 10,000 entries that a checkpoint covers", () => {
  it(
    "names the first altered entry of any changed byte, line, order or tail (TEL-06)",
    { timeout: isFull ? 600_000 : 60_000 },
    async () => {
      const { bytes, checkpoint, starts } = await largeLog();
      expect(verifyAuditLog(bytes, { checkpoint })).toMatchObject({ ok: true, entries: size });
      const line = fc.nat(size - 1);
      const tamper = fc.oneof(
        fc.record({ kind: fc.constant("byte" as const), at: fc.nat(bytes.length - 1), bit: fc.nat(7) }),
        fc.record({ kind: fc.constant("delete" as const), line }),
        fc.record({ kind: fc.constant("repeat" as const), line }),
        fc.record({ kind: fc.constant("swap" as const), line: fc.nat(size - 2) }),
        fc.record({ kind: fc.constant("cut" as const), at: fc.nat(bytes.length - 1) }),
      );
      const lineAt = (offset: number): number => {
        let [low, high] = [0, starts.length];
        while (high - low > 1) {
          const middle = (low + high) >> 1;
          if ((starts[middle] ?? 0) <= offset) low = middle;
          else high = middle;
        }
        return low;
      };
      const part = (from: number, to: number): Uint8Array => bytes.subarray(starts[from] ?? bytes.length, starts[to] ?? bytes.length);
      fc.assert(
        fc.property(tamper, (one) => {
          let changed: Uint8Array;
          let first: number | null;
          if (one.kind === "byte") {
            changed = Uint8Array.from(bytes);
            changed[one.at] = (bytes[one.at] ?? 0) ^ (1 << one.bit);
            first = lineAt(one.at);
          } else if (one.kind === "cut") {
            changed = bytes.subarray(0, one.at);
            first = starts[lineAt(one.at)] === one.at ? null : lineAt(one.at);
          } else {
            const [before, here] = [bytes.subarray(0, starts[one.line]), part(one.line, one.line + 1)];
            const after = bytes.subarray(starts[one.line + 1] ?? bytes.length);
            const next = part(one.line + 1, one.line + 2);
            const parts = { delete: [after], repeat: [here, here, after], swap: [next, here, after.subarray(next.length)] }[one.kind];
            changed = Buffer.concat([before, ...parts]);
            first = one.kind === "repeat" ? one.line + 1 : one.kind === "delete" && one.line === size - 1 ? null : one.line;
          }
          const report = verifyAuditLog(changed, { checkpoint });
          expect(report.ok).toBe(false);
          expect(report.firstAltered?.line ?? null).toBe(first === null ? null : first + 1);
          if (first === null) expect(report.findings[0]?.code).toBe("TELEMETRY_AUDIT_TRUNCATED");
        }),
        { numRuns: isFull ? 3000 : 60, seed: 20_250_101 },
      );
    },
  );
});
