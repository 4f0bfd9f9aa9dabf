import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeFileSystem } from "@gov/atomic-io";
import { describe, expect, it } from "vitest";
import { type HeldFile, holdFile } from "../src/internal/held-file.ts";
import { scratchDirectory } from "./scratch.ts";

const answers = async ({ holds, holdsForCertain }: HeldFile): Promise<readonly boolean[]> => [await holds(), holdsForCertain()];

describe("holdFile()", () => {
  it("holds until its file is gone or another one has its name, which a name that is never given again makes needless to tell", async () => {
    for (const nameIsUnique of [false, true]) {
      const path = join(scratchDirectory(), "held");
      const held = await holdFile(nodeFileSystem, path, { handle: await nodeFileSystem.open(path, "create"), nameIsUnique });
      expect(await answers(held)).toEqual([true, true]);
      rmSync(path);
      expect(await answers(held)).toEqual([false, false]);
      writeFileSync(path, "");
      expect(await answers(held)).toEqual([false, nameIsUnique]);
      await held.release();
    }
  });

  it("tells inodes and devices apart whose numbers are beyond those that are exact", async () => {
    const path = join(scratchDirectory(), "held");
    const handle = await nodeFileSystem.open(path, "create");
    const own = await handle.stat();
    for (const other of [{ inode: own.inode + 2n ** 60n }, { device: own.device + 2n ** 60n }]) {
      const posing = { ...handle, stat: async () => ({ ...own, ...other }) };
      expect(await answers(await holdFile(nodeFileSystem, path, { handle: posing, nameIsUnique: false }))).toEqual([false, false]);
    }
    await handle.close();
  });

  it("is certain of nothing that it cannot find out", async () => {
    const directory = join(scratchDirectory(), "directory");
    mkdirSync(directory);
    const path = join(directory, "held");
    const handle = await nodeFileSystem.open(path, "create");
    for (const nameIsUnique of [false, true]) {
      // A path that no call accepts stands for a disk that does not answer.
      const held = await holdFile(nodeFileSystem, join(directory, "a".repeat(5000)), { handle, nameIsUnique });
      expect(held.holdsForCertain()).toBe(false);
      await expect(held.holds()).rejects.toMatchObject({ code: "ENAMETOOLONG" });
    }
    await handle.close();
  });
});
