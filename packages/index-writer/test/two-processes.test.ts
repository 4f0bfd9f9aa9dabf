import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openIndex, readIndex } from "@gov/index-writer";
import { describe, expect, it } from "vitest";

function start(root: string): ReturnType<typeof spawn> {
  return spawn(
    process.execPath,
    ["--conditions=@gov/source", "--experimental-strip-types", join(import.meta.dirname, "index-holder.mjs"), root],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, NODE_NO_WARNINGS: "1" },
    },
  );
}

describe.runIf(process.platform === "linux")("openIndex() in two processes", () => {
  it("lets one write, tells the other who does, and loses nothing acknowledged to kill -9 (IDX-04, IDX-05)", async () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "gov-index-")));
    try {
      const writer = start(root);
      let acknowledged = 0;
      let refusal: unknown;
      for await (const line of createInterface({ input: writer.stdout as NodeJS.ReadableStream })) {
        if (line === "open") continue;
        acknowledged = Number(line);
        if (acknowledged === 20) {
          refusal = await openIndex(root).catch((error: unknown) => error);
          // A reader needs no lock.
          expect((await readIndex(root)).records.length).toBeGreaterThanOrEqual(20);
        }
        if (acknowledged === 120) writer.kill("SIGKILL");
      }
      expect(refusal).toMatchObject({ code: "INDEX_LOCKED", details: { owner: { pid: writer.pid } } });
      const index = await openIndex(root, { timeoutMs: 5000 });
      const numbers = index.list().map((record) => record.size);
      expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, position) => position + 1));
      expect(numbers.length).toBeGreaterThanOrEqual(acknowledged);
      expect(index.recovery.steps[0]).toMatchObject({ step: "detect_stale_lock", outcome: "done" });
      const second = start(root);
      const [says] = (await once(createInterface({ input: second.stdout as NodeJS.ReadableStream }), "line")) as [string];
      expect(says).toBe("INDEX_LOCKED");
      await index.close();
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
