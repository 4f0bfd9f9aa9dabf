// Run by pack-smoke in a project where the packed package is installed, on each supported Node, with the other ones as arguments. Says what it tried.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { nodeFileSystem } from "@gov/atomic-io";
import { acquireLock } from "@gov/atomic-io/lock";
import { openDocumentWriter, writeModes } from "@gov/atomic-io/modes";
import { createMemoryFileSystem, documentWriterConformance, fileSystemConformance } from "@gov/atomic-io/testing";

let cases = 0;
const scratch = () => realpathSync(mkdtempSync(join(tmpdir(), "gov-packed-")));
const trying = async (name, work) => {
  const root = scratch();
  try {
    await work(root);
    cases += 1;
  } catch (error) {
    throw new Error(`${name}: ${error.message}`, { cause: error });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};

for (const { name, run } of fileSystemConformance) {
  await trying(`nodeFileSystem ${name}`, (root) => run({ fs: nodeFileSystem, root, symlink: (target, path) => symlinkSync(target, path) }));
  await trying(`createMemoryFileSystem ${name}`, async () => {
    const fs = createMemoryFileSystem({ files: { "/case/keep": "" } });
    await fs.unlink("/case/keep");
    await run({ fs, root: "/case", symlink: fs.symlink });
  });
}

for (const mode of writeModes) {
  for (const { name, run } of documentWriterConformance) {
    await trying(`openDocumentWriter ${mode} ${name}`, async (root) => {
      const taken = new Map();
      const bridge = {
        submit: async ({ path, bytes }) => void taken.set(path, Buffer.from(bytes)),
        accepted: async (path) => (taken.has(path) ? createHash("sha256").update(taken.get(path)).digest("hex") : null),
      };
      const writer = await openDocumentWriter({ mode, root, bridge, intents: join(root, "intents") });
      const text = async (path) => (mode === "bridge" ? (taken.get(path)?.toString() ?? null) : readFile(path, "utf8").catch(() => null));
      await run({ writer, root, text });
      await writer.close();
    });
  }
}

// One lock for every version of Node: what another one holds is refused here, and free as soon as it is killed.
const hold = `const { acquireLock } = await import("@gov/atomic-io/lock"); await acquireLock(process.argv[1]); console.log("held"); setInterval(() => {}, 1000);`;
for (const node of process.argv.slice(2)) {
  await trying(`acquireLock against ${node}`, async (root) => {
    const path = join(root, "lock");
    const child = spawn(node, ["--input-type=module", "-e", hold, path], { cwd: process.cwd(), stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    await assert.rejects(acquireLock(path), { code: "ATOMIC_IO_LOCK_HELD" });
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    const lock = await acquireLock(path, { timeoutMs: 5000 });
    assert.notEqual(lock.stale, null);
    await lock.release();
  });
}

process.stdout.write(`${cases} cases`);
