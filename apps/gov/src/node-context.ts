import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nodeFileSystem } from "@gov/atomic-io";
import type { Context } from "./context.ts";
import { nodeGit } from "./node-git.ts";

/** The real world: the one place that knows the clock, the environment, the working directory and git. */
export function nodeContext(): Context {
  return {
    cwd: process.cwd(),
    env: process.env,
    fs: nodeFileSystem,
    clock: { now: () => Date.now(), monotonicMs: () => performance.now() },
    lockWaitMs: 5000,
    git: nodeGit,
    version: packageVersion(),
    // The same distance from src/ and from dist/.
    templates: fileURLToPath(new URL("../templates/", import.meta.url)),
  };
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { readonly version: string };
  return version;
}
