#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { keepCompiledCode } from "./compile-cache.ts";
import { exitCodes } from "./exit-codes.ts";
import { type Host, main, reportFailure } from "./main.ts";
import type { Terminal } from "./terminal.ts";

const { stdout, stderr, env } = process;
// A reader that stops early, such as `head`, is no failure of ours.
stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(process.exitCode ?? exitCodes.ok);
  stderr.write(`gov: Cannot print the answer: ${error.message}  CLI_${error.code ?? "EIO"}\n`);
  process.exit(exitCodes.io);
});
stderr.on("error", () => undefined);
process.on("SIGINT", () => process.exit(exitCodes.interrupted));
process.on("SIGTERM", () => process.exit(exitCodes.terminated));

// A hook of a linked worktree is told of its repository by this, and git would then take the root, wherever it is, for the top of the working tree.
if (env["GIT_WORK_TREE"] === undefined) delete env["GIT_DIR"];
keepCompiledCode(env);
const argv = process.argv.slice(2);
const terminal: Terminal = {
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  colour: stdout.isTTY && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb",
  isWatched: stderr.isTTY && env["TERM"] !== "dumb",
  columns: stderr.isTTY ? stderr.columns : 80,
  outColumns: stdout.isTTY ? stdout.columns : undefined,
};
const host: Host = {
  version: packageVersion(),
  world: async () => (await import("./node-world.ts")).nodeWorld(host.version),
};
try {
  process.exitCode = await main(argv, host, terminal);
} catch (error) {
  // The world itself cannot be looked at, such as a working directory that was removed.
  process.exitCode = await reportFailure(error, argv, { host, terminal });
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { readonly version: string };
  return version;
}
