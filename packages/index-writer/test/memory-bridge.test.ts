import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type IndexRecord, openIndex, type RecordInput, readIndex, rebuildIndex, refreshIndex, renderIndex } from "@gov/index-writer";
import type { Result } from "@gov/schema";
import { expect, it } from "vitest";
import { record } from "./records.ts";

const toRecord = ({ path, bytes, digest }: RecordInput): Result<IndexRecord | null> => ({
  ok: true,
  findings: [],
  value: record(path, "t", { digest, size: bytes.byteLength }),
});

it("a memory-bridge sync that writes beside the index leaves it readable, complete and rebuildable (IDX-03)", async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "gov-memory-bridge-")));
  try {
    await mkdir(join(root, "memory-bridge"));
    let syncing = true;
    // As such tools do: plain writes, and writes beside that are renamed into place, of documents as well as of its own state.
    const sync = async (): Promise<number> => {
      let round = 0;
      for (; syncing; round++) {
        await writeFile(join(root, "memory-bridge", "state.json"), JSON.stringify({ round }));
        await writeFile(join(root, `synced-${round % 20}.md.tmp`), `round ${round}\n`);
        await rename(join(root, `synced-${round % 20}.md.tmp`), join(root, `synced-${round % 20}.md`));
      }
      return round;
    };
    const running = sync();
    const index = await openIndex(root);
    const refresh = (): ReturnType<typeof refreshIndex> => refreshIndex(index, root, { include: ["**/*.md"], toRecord });
    for (let round = 0; round < 20; round++) {
      await writeFile(join(root, `own-${round}.md`), `own ${round}\n`);
      await refresh();
      if (round % 5 === 0) await index.checkpoint();
      const { records } = await readIndex(root);
      expect(records.filter(({ path }) => path.startsWith("own-"))).toHaveLength(round + 1);
    }
    syncing = false;
    expect(await running).toBeGreaterThan(0);
    expect(await refresh()).toMatchObject({ findings: [] });
    await index.checkpoint();
    const live = renderIndex(index.list());
    expect(index.list().length).toBeGreaterThan(20);
    await index.close();
    await rebuildIndex(root, (await readIndex(root)).records);
    expect(renderIndex((await readIndex(root)).records)).toBe(live);
  } finally {
    rmSync(root, { recursive: true });
  }
});
