import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAuditJournal, openAuditLog, verifyAuditJournal, verifyAuditLog } from "@gov/telemetry/audit";
import { describe, expect, it } from "vitest";

const rounds = process.env["GOV_PROOF"] === "full" ? 200 : 4;
const writer = join(import.meta.dirname, "kill-writer.mjs");

/** Starts a writer, kills it with SIGKILL after some acknowledgements, and returns the last one. */
async function killAfter(store: string, path: string, count: number): Promise<{ readonly start: number; readonly last: number }> {
  const child = spawn(process.execPath, ["--conditions=@gov/source", writer, store, path], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, errors] = ["", ""];
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const closed = new Promise<void>((resolve) => child.on("close", () => resolve()));
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
    if (out.split("\n").length > count + 2) child.kill("SIGKILL");
  });
  await closed;
  const [first = "", ...lines] = out.split("\n").slice(0, -1);
  if (!first.startsWith("open ")) throw new Error(`The writer did not open the log: ${errors}`);
  return { start: Number(first.slice(5)), last: Math.max(Number(first.slice(5)), ...lines.map(Number)) };
}

describe.each(["jsonl", "journal"])("a writer of a log (%s) that is killed", (store) => {
  it("has lost no entry that it acknowledged, and another goes on (TEL-07)", { timeout: rounds * 20_000 }, async () => {
    const directory = mkdtempSync(join(tmpdir(), "gov-kill-"));
    const path = join(directory, "log");
    try {
      let acknowledged = 0;
      for (let round = 0; round < rounds; round++) {
        const { start, last } = await killAfter(store, path, (round * 7) % 40);
        expect(start).toBeGreaterThanOrEqual(acknowledged);
        acknowledged = last;
      }
      // What was being written when it died is a tail that nobody was told of.
      await (store === "jsonl" ? await openAuditLog(path, { tornTail: "set-aside" }) : await openAuditJournal(path)).close();
      const report = store === "jsonl" ? verifyAuditLog(readFileSync(path)) : await verifyAuditJournal(path);
      expect(report.ok).toBe(true);
      expect(report.entries).toBeGreaterThanOrEqual(acknowledged);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
