import { join } from "node:path";
import { parseArgs } from "node:util";

/** What one run measures. */
export interface Arguments {
  /** Only rows whose id contains this text; null means all. */
  readonly filter: string | null;
  readonly quick: boolean;
  readonly out: string;
  /** Where files are written that are measured. */
  readonly scratch: string;
  readonly seed: number;
}

/** How the command is used. */
export const usage = `Usage: node tooling/bench/src/main.ts [filter] [--quick] [--seed <number>] [--out <folder>] [--scratch <folder>]

Measures the built packages against their peers, in turns, and writes bench-results.json, bench-results.md and the page
bench-report.html, which holds every figure against what the packages promise.

  filter          only rows whose id contains this text
  --quick         fewer rounds and smaller inputs, for a look
  --seed <number> the seed of all inputs and orders; default 20250101
  --out <folder>  where the results go; default node_modules/.cache/bench
  --scratch <folder>
                  on which disk files are written; default node_modules/.cache/bench
`;

/** Reads the command line. @throws TypeError on an unknown option, RangeError on a seed that is not a whole number. */
export function parseArguments(argv: readonly string[], options: { readonly root: string }): Arguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { quick: { type: "boolean" }, out: { type: "string" }, scratch: { type: "string" }, seed: { type: "string" } },
  });
  if (positionals.length > 1) throw new TypeError(`Cannot use "${positionals.join(" ")}": expected one filter`);
  const seed = Number(values.seed ?? 20250101);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`Cannot use the seed "${values.seed}": it must be a whole number`);
  const cache = join(options.root, "node_modules", ".cache", "bench");
  return {
    filter: positionals[0] ?? null,
    quick: values.quick ?? false,
    out: values.out ?? cache,
    scratch: values.scratch ?? cache,
    seed,
  };
}
