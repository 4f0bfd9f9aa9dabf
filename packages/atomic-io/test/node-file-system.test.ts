import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeFileSystem } from "@gov/atomic-io";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "./scratch.ts";

describe("nodeFileSystem.readdir()", () => {
  it("gives every name in order, of few and of many, and fails alike", async () => {
    for (const count of [0, 1, 255, 256, 257, 600]) {
      const directory = scratchDirectory();
      for (let index = 0; index < count; index++) writeFileSync(join(directory, `${index}`), "");
      const names = await nodeFileSystem.readdir(directory);
      expect(names).toEqual(readdirSync(directory).sort());
      expect(names).toHaveLength(count);
    }
    const file = join(scratchDirectory(), "a");
    writeFileSync(file, "");
    await expect(nodeFileSystem.readdir(file)).rejects.toMatchObject({ code: "ENOTDIR" });
    await expect(nodeFileSystem.readdir(join(file, "..", "missing"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});
