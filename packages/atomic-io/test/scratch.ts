import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";

const made: string[] = [];

afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A directory in memory, where there is one: for what does not depend on the disk and would only wait for it. */
export function memoryDirectory(): string {
  return scratchDirectory(existsSync("/dev/shm") ? "/dev/shm" : undefined);
}

/** A directory of the machine's file system that is gone after the test. */
export function scratchDirectory(parent: string = tmpdir()): string {
  const directory = realpathSync(mkdtempSync(join(parent, "gov-atomic-")));
  made.push(directory);
  return directory;
}
