import { symlinkSync } from "node:fs";
import { nodeFileSystem } from "@gov/atomic-io";
import { createMemoryFileSystem, fileSystemConformance } from "@gov/atomic-io/testing";
import { describe, it } from "vitest";
import { scratchDirectory } from "./scratch.ts";

describe("createMemoryFileSystem()", () => {
  for (const { name, run } of fileSystemConformance) {
    it(name, async () => {
      const fs = createMemoryFileSystem({ files: { "/case/keep": "" } });
      await fs.unlink("/case/keep");
      await run({ fs, root: "/case", symlink: fs.symlink });
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
