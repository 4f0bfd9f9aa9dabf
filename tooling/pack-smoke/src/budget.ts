import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";
import type { WorkspacePackage } from "./workspace-packages.ts";

/** The ceilings of a package, in its `etc/budget.json`; raised only in the commit that needs it. */
export interface Budget {
  readonly packedBytes: number;
  /** Packages that npm installs beside the package itself. */
  readonly dependencies: number;
  /** Reported beside what was measured, never asserted: time depends on the machine. */
  readonly importMs: number;
}

/** What a package costs its users. */
export interface Cost {
  readonly name: string;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly dependencies: number;
  readonly importMs: number;
  /** Null when the package has none, which fails its check. */
  readonly budget: Budget | null;
}

/** Reads a package's budget. @throws Error when it is missing or a field is not a non-negative number. */
export async function readBudget(subject: WorkspacePackage): Promise<Budget> {
  const path = join(subject.directory, "etc", "budget.json");
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new Error(`Cannot weigh "${subject.name}": "${path}" is missing, expected { "packedBytes", "dependencies", "importMs" }`, {
      cause,
    });
  });
  const budget = JSON.parse(text) as Record<string, unknown>;
  const field = (name: keyof Budget): number => {
    const value = budget[name];
    if (typeof value !== "number" || !(value >= 0))
      throw new Error(`Cannot read "${path}": "${name}" must be a number, it is ${String(value)}`);
    return value;
  };
  return { packedBytes: field("packedBytes"), dependencies: field("dependencies"), importMs: field("importMs") };
}

/** Lists the ceilings a cost breaks: bytes and counts, which are the same on every machine. */
export function brokenCeilings(cost: Pick<Cost, "name" | "packedBytes" | "dependencies">, budget: Budget): readonly string[] {
  return (["packedBytes", "dependencies"] as const)
    .filter((field) => cost[field] > budget[field])
    .map((field) => `"${cost.name}" has ${field} ${cost[field]}, its budget is ${budget[field]}`);
}

/** Measures how long a fresh process takes to import a package, or to run its command's `--version` when it has no import; the median of five. */
export async function measureImport(
  subject: WorkspacePackage,
  options: { readonly directory: string; readonly executable: string },
): Promise<number> {
  const specifier = subject.entries.find((entry) => entry.kind === "code")?.specifier;
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    if (specifier !== undefined) {
      const code = `const start = performance.now(); await import("${specifier}"); process.stdout.write(String(performance.now() - start));`;
      times.push(Number(await runCommand([options.executable, "--input-type=module", "-e", code], { cwd: options.directory })));
    } else {
      const start = performance.now();
      const file = Object.values(subject.bin)[0];
      if (file === undefined) throw new Error(`Cannot time "${subject.name}": it has neither an entry nor a command`);
      await runCommand([options.executable, join("node_modules", subject.name, file), "--version"], { cwd: options.directory });
      times.push(performance.now() - start);
    }
  }
  return times.sort((left, right) => left - right)[2] as number;
}
