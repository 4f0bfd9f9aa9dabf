import { spawn } from "node:child_process";

const maxOutput = 1 << 22;

/** Reads the module's text from standard input, calls its default export, and prints what it gives. */
const runner = `let text = "";
for await (const chunk of process.stdin) text += chunk;
const { source, input } = JSON.parse(text);
const { default: run } = await import("data:text/javascript;base64," + source);
process.stdout.write(JSON.stringify(await run(input)) ?? "null");`;

/** How a module of the user's own is run. */
export interface ModuleRun {
  /** The folder that the module may read. */
  readonly cwd: string;
  readonly input: unknown;
  readonly signal: AbortSignal;
}

/**
 * Runs exactly these bytes as a module in a process of their own: it may read files below the folder, and has no environment, and may
 * neither write files nor start processes. What its default export gives comes back as JSON.
 */
export function runModule(bytes: Uint8Array, { cwd, input, signal }: ModuleRun): Promise<unknown> {
  const permission = process.allowedNodeEnvironmentFlags.has("--permission") ? "--permission" : "--experimental-permission";
  const argv = [permission, `--allow-fs-read=${cwd}`, `--allow-fs-read=${cwd}/*`, "--no-warnings", "--input-type=module", "--eval", runner];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, argv, { cwd, env: {}, signal, stdio: ["pipe", "pipe", "pipe"] });
    const out: Buffer[] = [];
    let size = 0;
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxOutput) child.kill("SIGKILL");
      else out.push(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => (err = `${err}${chunk.toString("utf8")}`.slice(0, 4096)));
    child.on("error", reject);
    child.on("close", (code) => {
      if (size > maxOutput) return reject(new Error(`The module gave more than ${maxOutput} bytes`));
      if (code !== 0)
        return reject(new Error(err.split("\n").find((line) => /Error/.test(line)) ?? `The module ended with ${String(code)}`));
      try {
        resolve(JSON.parse(Buffer.concat(out).toString("utf8")));
      } catch {
        reject(new Error("The module gave no JSON"));
      }
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(JSON.stringify({ source: Buffer.from(bytes).toString("base64"), input }));
  });
}
