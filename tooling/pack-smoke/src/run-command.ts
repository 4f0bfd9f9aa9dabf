import { spawn } from "node:child_process";

/** How a command is run. */
export interface CommandOptions {
  readonly cwd: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The command is killed, and the promise rejects, after this long. @default {180_000} */
  readonly timeoutMs?: number | undefined;
}

/** Runs a program to its end and returns what it printed on standard output; anything but exit code 0 is an error that carries the output. */
export async function runCommand(command: readonly [string, ...string[]], options: CommandOptions): Promise<string> {
  const { cwd, env = {}, timeoutMs = 180_000 } = options;
  const [program, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // npm and pnpm are batch files on Windows, which only a shell runs.
      shell: process.platform === "win32" && !program.endsWith(".exe"),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, timeoutMs);
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", (cause) => {
      clearTimeout(timer);
      reject(new Error(`Cannot run "${program}": ${cause.message}`, { cause }));
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const stdout = Buffer.concat(out).toString("utf8");
      if (code === 0) return resolve(stdout);
      const reason = timedOut ? `no end after ${timeoutMs} ms` : `exit ${code ?? signal}`;
      reject(new Error(`"${[program, ...args].join(" ")}" failed (${reason})\n${tail(stdout + Buffer.concat(err).toString("utf8"))}`));
    });
  });
}

function tail(text: string): string {
  return text.trimEnd().split("\n").slice(-40).join("\n");
}
