import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Example } from "./collect-examples.ts";
import { inspectExample } from "./inspect-example.ts";

/** What became of one example. */
export interface ExampleResult {
  readonly example: Example;
  readonly ok: boolean;
  /** Empty when fine; otherwise what went wrong, with places in the file that holds the example. */
  readonly message: string;
}

/** How {@link runExamples} runs. */
export interface RunOptions {
  /** Package name to absolute folder; these are all that an example can import beside Node itself. */
  readonly packages: ReadonlyMap<string, string>;
  /** Resolve packages to their sources (`@gov/source`) or to what is built. @default "source" */
  readonly resolve?: "source" | "dist" | undefined;
  /** How many examples run at once. @default 2 */
  readonly concurrency?: number | undefined;
  /** How long one example may take. @default 60_000 */
  readonly timeoutMs?: number | undefined;
}

/** Runs every example as its own module in its own empty folder, and answers in the order given. */
export async function runExamples(examples: readonly Example[], options: RunOptions): Promise<readonly ExampleResult[]> {
  const { packages, resolve = "source", concurrency = 2, timeoutMs = 60_000 } = options;
  const root = await realpath(await mkdtemp(join(tmpdir(), "gov-doctest-")));
  try {
    await linkPackages(root, packages);
    const results: ExampleResult[] = [];
    const pending = [...examples.entries()];
    const work = async (): Promise<void> => {
      for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
        const [index, example] = next;
        const folder = join(root, String(index + 1));
        await mkdir(folder);
        results[index] = await runExample(example, { folder, flags: resolve === "source" ? ["--conditions=@gov/source"] : [], timeoutMs });
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    return results;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function linkPackages(root: string, packages: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, folder] of packages) {
    const link = join(root, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(folder, link, "junction");
  }
}

interface Place {
  readonly folder: string;
  readonly flags: readonly string[];
  readonly timeoutMs: number;
}

async function runExample(example: Example, { folder, flags, timeoutMs }: Place): Promise<ExampleResult> {
  const problems = inspectExample(example);
  if (problems.length > 0) {
    return { example, ok: false, message: problems.map(({ line, message }) => `${example.file}:${String(line)}: ${message}`).join("\n") };
  }
  const module = join(folder, "example.mts");
  await writeFile(module, example.code);
  return await new Promise((settle) => {
    const options = { cwd: folder, timeout: timeoutMs, encoding: "utf8" } as const;
    execFile(process.execPath, [...flags, "--disable-warning=ExperimentalWarning", module], options, (error, stdout, stderr) => {
      if (error === null) settle({ example, ok: true, message: "" });
      else settle({ example, ok: false, message: explain({ example, module, text: `${stdout}${stderr}`.trim() || error.message }) });
    });
  });
}

function explain({ example, module, text }: { readonly example: Example; readonly module: string; readonly text: string }): string {
  const escaped = module.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const place = new RegExp(`(?:file://)?${escaped}(?::(\\d+))?`, "g");
  const placed = text.replace(place, (_, line?: string) => `${example.file}:${String(example.line + Number(line ?? 1) - 1)}`);
  const first = new RegExp(`${example.file.replaceAll(".", "\\.")}:\\d+`).exec(placed)?.[0] ?? `${example.file}:${String(example.line)}`;
  return placed.startsWith(first) ? placed : `${first}: the example fails\n${placed}`;
}
