import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeFileSystem } from "@gov/atomic-io";
import { describe, expect, it } from "vitest";
import type { Looks } from "../src/internal/either-file-system.ts";
import { eitherOf } from "../src/node-file-system.ts";
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

describe("a look at a name", () => {
  const { isStill, stands } = eitherOf(nodeFileSystem).looks as Looks;

  it("tells a file from any other, by plain numbers where they are exact and else by whole ones", async () => {
    const path = join(scratchDirectory(), "a");
    writeFileSync(path, "");
    const own = await nodeFileSystem.stat(path);
    const look = isStill(path, own);
    expect([look(), stands(path)]).toEqual([true, true]);
    expect(isStill(path, { ...own, inode: own.inode + 1n })()).toBe(false);
    expect(isStill(path, { ...own, inode: own.inode + 2n ** 60n })()).toBe(false);
    expect(isStill(path, { ...own, device: own.device + 2n ** 60n })()).toBe(false);
    rmSync(path);
    expect([look(), stands(path)]).toEqual([false, false]);
  });

  it("fails where that cannot be found out, and is no more than a no to who asks whether something stands there", () => {
    const path = "a".repeat(5000);
    expect(() => isStill(path, { device: 1n, inode: 1n })()).toThrow(expect.objectContaining({ code: "ENAMETOOLONG" }));
    expect(stands(path)).toBe(false);
  });
});
