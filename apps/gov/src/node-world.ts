import { type Stats, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nodeFileSystem, nodeSpaceProbe } from "@gov/atomic-io";
import { stampLength, type World } from "./context.ts";
import { laterGit } from "./later-git.ts";

/** The real world: the one place that knows the clock, the environment, the working directory, the terminal and git. */
export function nodeWorld(version: string): World {
  const { stdin, stderr } = process;
  return {
    cwd: process.cwd(),
    env: process.env,
    fs: nodeFileSystem,
    space: nodeSpaceProbe,
    clock: { now: () => Date.now(), monotonicMs: () => performance.now() },
    lockWaitMs: 5000,
    git: laterGit(async () => (await import("./node-git.ts")).nodeGit),
    rerun,
    runModule: async (bytes, run) => (await import("./run-module.ts")).runModule(bytes, run),
    httpGet: async (url, options) => (await import("./http-get.ts")).httpGet(url, options),
    after: (milliseconds, callback) => {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
    stamps: nodeStamps,
    version,
    // The same distance from src/ and from dist/.
    templates: fileURLToPath(new URL("../templates/", import.meta.url)),
    // A signal ends the process; whoever waits for it has nothing open that could be left half done.
    untilStopped: () => new Promise(() => undefined),
    stdin: async (maxBytes = Infinity) => {
      const chunks: Buffer[] = [];
      let length = 0;
      for await (const chunk of stdin) {
        chunks.push(chunk as Buffer);
        length += (chunk as Buffer).length;
        if (length > maxBytes) break;
      }
      return Buffer.concat(chunks);
    },
    ask: stdin.isTTY && stderr.isTTY ? askTerminal : null,
  };
}

async function rerun(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const { execFile } = await import("node:child_process");
  const program = [...process.execArgv, process.argv[1] ?? "", ...argv];
  // Findings are an answer as well, so whatever was printed counts; what cannot be run prints nothing.
  return new Promise((resolve, reject) => {
    execFile(process.execPath, program, { env: { ...process.env, ...env }, maxBuffer: 1 << 30 }, (error, stdout) =>
      error instanceof Error && stdout === "" ? reject(error) : resolve(stdout),
    );
  });
}

/**
 * Identity, size and both times of what each path leads to: whatever changes the bytes changes one of them. Times are as exact as a number is, a quarter of a
 * microsecond: a number for each nanosecond takes longer to make than the file system to ask.
 */
function nodeStamps(paths: readonly string[]): Float64Array {
  const stamps = new Float64Array(paths.length * stampLength);
  paths.forEach((path, at) => {
    const from = at * stampLength;
    let stat: Stats | undefined;
    try {
      stat = statSync(path, { throwIfNoEntry: false });
    } catch {
      // Out of sight it may change unseen, so that it never counts as settled: in a folder that is shut, behind links that go round.
      stamps[from + stampLength - 1] = Infinity;
    }
    if (stat === undefined) return;
    stamps[from] = stat.ino;
    stamps[from + 1] = stat.size;
    stamps[from + 2] = stat.mtimeMs;
    stamps[from + 3] = stat.ctimeMs;
  });
  return stamps;
}

async function askTerminal(question: string): Promise<string> {
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C at a question interrupts the program, as it does anywhere else.
  lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}
