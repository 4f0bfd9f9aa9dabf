import { relative, resolve, sep } from "node:path";
import type { Finding } from "@gov/schema";
import { type Block, type Call, type Command, InputError, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { type CheckResult, readCheckCache } from "../root/check-cache.ts";
import { isThere } from "../root/is-there.ts";
import { locateRoot, rootFlags } from "../root/locate-root.ts";

const baselineName = "gov-baseline.json";

/** Reads, validates and cross-checks every governed document; changes none. What has not changed since the last time is not read again. */
export const check: Command = {
  usage: "[root]",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    since: { type: "string", value: "<revision>", description: "tell only of documents that differ from a revision of git" },
    staged: { type: "boolean", description: "check what the next commit would hold, and tell only of that" },
    "stdin-path": { type: "string", value: "<path>", description: "with - as root: the path of the document on standard input" },
    baseline: {
      type: "string",
      value: "<file>",
      description: `findings that do not count (default: ${baselineName} in the root, if there)`,
    },
    "write-baseline": { type: "boolean", description: "accept all findings as they are: add new ones, remove fixed ones" },
    "no-cache": { type: "boolean", description: "read everything again" },
  },
  examples: [
    "gov check",
    "gov check governance --format json",
    "gov check --since origin/main --format github",
    "gov check --staged --quiet",
    "gov check - --stdin-path docs/plan.md",
    "gov check --write-baseline",
  ],
  async run(context, call) {
    const positional = call.positionals[0] === "-" ? undefined : call.positionals[0];
    const place = await locateRoot(context, call, positional);
    const scope = await scopeOf(context, call, place.directory);
    const useCache = call.flags["no-cache"] !== true && scope?.instead === undefined;
    const cached = useCache ? await readCheckCache(context, place) : null;
    const result =
      cached ?? (await (await import("../root/check-root.ts")).checkRoot(context, call, { positional, instead: scope?.instead }));
    if (call.flags["write-baseline"] === true) {
      const { writeBaseline } = await import("../root/baseline.ts");
      if (scope !== null) throw new UsageError("--write-baseline takes all findings, not those of some documents");
      return writeBaseline(context, call, {
        directory: place.directory,
        positional,
        file: baselineFile(context, call, place.directory),
        result,
      });
    }
    const told = scope === null ? result.findings : result.findings.filter(({ path }) => path === null || scope.paths.has(path));
    const compared = await withoutKnown(context, told, { file: baselineFile(context, call, place.directory), call });
    const counts = countBySeverity(compared.findings);
    const { files, artifacts, kinds } = result;
    const extra = scope === null ? {} : { scope: [...scope.paths].sort() };
    return {
      data: { summary: { files, artifacts, kinds, ...counts }, known: compared.known, fixed: compared.fixed, ...extra },
      findings: compared.findings,
      view: [verdict(result, counts, scope), ...compared.view],
    };
  },
};

/** Of which documents is told, and bytes to take instead of those in their files. */
interface Scope {
  readonly paths: ReadonlySet<string>;
  readonly instead?: ReadonlyMap<string, Uint8Array | null> | undefined;
}

async function scopeOf(context: Context, call: Call, directory: string): Promise<Scope | null> {
  const since = stringFlag(call, "since");
  const path = stringFlag(call, "stdin-path");
  const isStaged = call.flags["staged"] === true;
  const isStdin = call.positionals[0] === "-";
  if ([since !== undefined, isStaged, isStdin].filter(Boolean).length > 1)
    throw new UsageError("--since, --staged and - exclude each other");
  if (isStdin !== (path !== undefined))
    throw new UsageError("- and --stdin-path need each other", "gov check - --stdin-path docs/plan.md < plan.md");
  if (path !== undefined) {
    // Spelled as documents are told, or no finding would be about it.
    const inside = relative(directory, resolve(context.cwd, path)).split(sep).join("/").normalize("NFC");
    return { paths: new Set([inside]), instead: new Map([[inside, await context.stdin()]]) };
  }
  if (since !== undefined) {
    const changed = await context.git.changedSince(directory, since);
    if (changed === null)
      throw new InputError("CLI_NO_REVISION", `Cannot tell what has changed since "${since}": git knows no such revision here`, {
        hint: "fetch it; a shallow clone may not have it",
      });
    return { paths: new Set(changed) };
  }
  if (!isStaged) return null;
  const staged = await context.git.staged(directory);
  if (staged === null) throw new InputError("CLI_NO_REPOSITORY", "Cannot tell what is staged: this is no git repository");
  return { paths: new Set(staged.keys()), instead: staged };
}

function baselineFile({ cwd }: Context, call: Call, directory: string): string {
  const given = stringFlag(call, "baseline");
  return given === undefined ? resolve(directory, baselineName) : resolve(cwd, given);
}

interface Compared {
  readonly findings: readonly Finding[];
  readonly known: number;
  readonly fixed: number;
  readonly view: readonly Block[];
}

async function withoutKnown(
  context: Context,
  findings: readonly Finding[],
  { file, call }: { readonly file: string; readonly call: Call },
): Promise<Compared> {
  const isNamed = stringFlag(call, "baseline") !== undefined;
  if (!isNamed && !(await isThere(context, file))) return { findings, known: 0, fixed: 0, view: [] };
  const { compareBaseline } = await import("../root/baseline.ts");
  return compareBaseline(context, findings, file);
}

/** How many findings there are of each severity. */
interface SeverityCounts {
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
}

function countBySeverity(findings: readonly Finding[]): SeverityCounts {
  const count = (severity: Finding["severity"]) => findings.filter((finding) => finding.severity === severity).length;
  return { errors: count("error"), warnings: count("warning"), notes: count("note") };
}

function verdict({ files, artifacts }: CheckResult, { errors, warnings, notes }: SeverityCounts, scope: Scope | null): Block {
  const found = `${plural(errors, "error")}, ${plural(warnings, "warning")}, ${plural(notes, "note")}`;
  const mark = errors > 0 ? "fail" : warnings > 0 ? "warn" : "pass";
  const where = scope === null ? "" : ` in ${plural(scope.paths.size, "changed file")}`;
  return { type: "line", mark, text: `${plural(files, "file")} read, ${plural(artifacts, "artifact")}: ${found}${where}` };
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
