import { symlinkSync } from "node:fs";
import { nodeFileSystem } from "@gov/atomic-io";
import { createMemoryFileSystem, fileSystemConformance } from "@gov/atomic-io/testing";
import { describe, it } from "vitest";
import { scratchDirectory } from "./scratch.ts";

describe("createMemoryFileSystem()", () => {
  for (const { name, run } of fileSystemConformance) {
    it(name, async () => {
      const fs = createMemoryFileSystem({ files: { "/root/keep": "" } });
      await fs.unlink("/root/keep");
      await run({ fs, root: "/root", symlink: fs.symlink });
    });
  }
});

describe("nodeFileSystem", () => {
  for (const { name, run } of fileSystemConformance) {
    it(name, async () => {
      await run({ fs: nodeFileSystem, root: scratchDirectory(), symlink: (target, path) => symlinkSync(target, path) });
    });
  }
});
