import type { FileSystem } from "@gov/atomic-io";
import { type Waiver, waiverGranted } from "@gov/gates/waivers";
import type { Context } from "../../src/context.ts";
import { appendToLog, readLog } from "../../src/root/root-log.ts";

/** Tells the log of a root that a waiver was granted. */
export async function grantWaiver(world: { readonly fs: FileSystem; readonly now: number }, directory: string, id: string): Promise<void> {
  const { fs, now } = world;
  const context = {
    fs,
    clock: { now: () => now, monotonicMs: () => now },
    lockWaitMs: 5000,
    logOf: () => ({ store: "file" }),
  } as unknown as Context;
  const waiver: Waiver = {
    ...{ id, rule: "CVE-2026-1", path: null, fingerprint: null, reason: "Not reachable", ticket: "T-1" },
    ...{ requested_by: "ann", not_before: "2026-01-01", expires: "2026-02-01", emergency: false },
  };
  const entry = waiverGranted({ waiver, signers: [{ person: "bob", role: "quality" }] });
  const { seq } = await readLog(context, directory);
  const told = { type: entry.type, payload: JSON.parse(JSON.stringify(entry.payload)) as Record<string, never> };
  await appendToLog(context, directory, { entries: [told], subject: id, expectedSeq: seq, actor: "bob" });
}
