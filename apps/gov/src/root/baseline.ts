import { dirname, relative } from "node:path";
import { replaceFile } from "@gov/atomic-io";
import { readFileBounded } from "@gov/index-writer";
import { type Finding, parseDocument } from "@gov/schema";
import { type Baseline, compareWithBaseline, createBaseline, parseBaseline } from "@gov/schema/findings";
import { type Block, type Call, InputError, isDryRun, type Outcome } from "../command.ts";
import type { Context } from "../context.ts";
import { authorize } from "./authorize.ts";
import type { CheckResult } from "./check-cache.ts";
import { loadGoverned } from "./load-governed.ts";

const maxBaselineBytes = 1 << 26;

/** Findings without those that a baseline knows. One that is named and not there, or that cannot be read, is refused. */
export async function compareBaseline(
  context: Context,
  findings: readonly Finding[],
  file: string,
): Promise<{ readonly findings: readonly Finding[]; readonly known: number; readonly fixed: number; readonly view: readonly Block[] }> {
  const { fresh, known, fixed } = compareWithBaseline(findings, await readBaseline(context, file));
  const text = `${known} known findings of the baseline do not count; ${fixed.length} of it are fixed`;
  return {
    findings: fresh,
    known,
    fixed: fixed.length,
    view: [{ type: "line", mark: "none", text: fixed.length === 0 ? text : `${text}: gov check --write-baseline removes them` }],
  };
}

/** Writes all findings of a check as the baseline; the same findings give the same bytes. */
export async function writeBaseline(
  context: Context,
  call: Call,
  options: { readonly directory: string; readonly positional: string | undefined; readonly file: string; readonly result: CheckResult },
): Promise<Outcome> {
  const { directory, positional, file, result } = options;
  const place = await loadGoverned(context, call, positional);
  await authorize(context, call, {
    place,
    deed: { action: "baseline:write", subject: { id: "baseline", path: relative(directory, file) } },
  });
  const baseline = createBaseline(result.findings);
  context.writesBelow(dirname(file));
  if (!isDryRun(call)) await replaceFile(file, `${JSON.stringify(baseline, null, 2)}\n`, { fs: context.fs });
  const count = baseline.findings.length;
  const shown = relative(context.cwd, file);
  return {
    data: { baseline: shown, entries: count, dryRun: isDryRun(call) },
    findings: [],
    view: [
      {
        type: "line",
        mark: "pass",
        text: `${isDryRun(call) ? "Would write" : "Wrote"} ${count} findings to ${shown}: only new ones count from now on`,
      },
    ],
  };
}

async function readBaseline(context: Context, file: string): Promise<Baseline> {
  const shown = relative(context.cwd, file);
  const read = await readFileBounded(file, { maxBytes: maxBaselineBytes, fs: context.fs, path: shown });
  const limits = { maxBytes: maxBaselineBytes, maxNodes: 10_000_000 };
  const document = read.ok ? parseDocument({ path: shown, bytes: read.value }, { format: "json", limits }) : read;
  const baseline = document.ok ? parseBaseline(document.value.data, { path: shown }) : document;
  if (baseline.ok) return baseline.value;
  throw new InputError("CLI_BASELINE_UNUSABLE", `Cannot use the baseline "${shown}"`, { findings: baseline.findings });
}
