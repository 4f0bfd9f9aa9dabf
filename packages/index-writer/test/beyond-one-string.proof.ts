import { constants } from "node:buffer";
import { mkdtempSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openIndex } from "@gov/index-writer";
import { expect, it } from "vitest";
import { record } from "./records.ts";

it("an index larger than any string is written, read and continued (IDX-01, NFR-02)", async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "gov-beyond-")));
  try {
    const count = 300_000;
    const title = "t".repeat(2_000);
    const name = (number: number): string => `d${number % 100}/${number}.md`;
    const index = await openIndex(root);
    for (let from = 0; from < count; from += 10_000)
      await index.put(...Array.from({ length: 10_000 }, (_, at) => record(name(from + at), title)));
    const { digest } = await index.checkpoint();
    await index.close();
    expect(statSync(join(root, "artifacts_index.json")).size).toBeGreaterThan(constants.MAX_STRING_LENGTH);
    const again = await openIndex(root);
    expect(again.recovery).toMatchObject({ replayed: 0, rebuilt: false });
    expect([again.get(name(0))?.title, again.get(name(count - 1))?.title]).toEqual([title, title]);
    expect(await again.checkpoint()).toEqual({ count, digest, written: false });
    await again.put(record(name(0), "changed"));
    expect(await again.checkpoint()).toMatchObject({ count, written: true });
    await again.close();
  } finally {
    rmSync(root, { recursive: true });
  }
});
