import { relative, resolve, sep } from "node:path";
import { readFileBounded, scanFiles } from "@gov/index-writer";
import { compareFindings, type Finding, parseDocument } from "@gov/schema";
import { type Command, InputError, type Outcome, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { isThere } from "../root/is-there.ts";
import { readInput } from "../root/read-input.ts";
import { isDashboard, lintDashboard } from "../lint/lint-dashboard.ts";
import { lintLinks } from "../lint/lint-links.ts";
import { lintLog } from "../lint/lint-log.ts";
import { lintMermaid } from "../lint/lint-mermaid.ts";

const maxBytes = 8 << 20;
const maxLogBytes = 1 << 26;
const page = /\.(?:md|mdx|markdown)$/i;
const diagram = /\.(?:mmd|mermaid)$/i;

/** Lints what people look at: links of pages, Mermaid diagrams, Grafana dashboards. Needs no configuration, and no network: only links within the folder are followed. Or the lines of a log. */
export const lint: Command = {
  usage: "[folder]",
  maxPositionals: 1,
  flags: { logs: { type: "string", value: "<file>", description: "judge each line of a JSON log instead; - is standard input" } },
  examples: ["gov lint", "gov lint docs", "gov lint --format github", "gov lint --logs service.log"],
  async run(context, call) {
    const log = stringFlag(call, "logs");
    if (log !== undefined && call.positionals.length > 0) throw new UsageError("A folder and --logs exclude each other");
    if (log !== undefined) return linesOf(context, log);
    const folder = resolve(context.cwd, call.positionals[0] ?? ".");
    if (!(await isThere(context, folder))) throw new InputError("CLI_ROOT_UNUSABLE", `There is no folder "${call.positionals[0] ?? "."}"`);
    const scan = await scanFiles(folder, { fs: context.fs });
    const files = new Set(scan.files.map(({ path }) => path));
    const texts = await readTexts(context, scan.files);
    const places = { files, folder, textOf: (path: string) => texts.get(path) ?? null, isThere: (path: string) => isThere(context, path) };
    const found: Finding[] = [];
    let [pages, dashboards] = [0, 0];
    for (const [path, text] of texts) {
      context.progress(`linting ${path}`);
      if (path.endsWith(".json")) {
        const parsed = parseDocument({ path, bytes: new TextEncoder().encode(text) }, { format: "json" });
        if (!parsed.ok || !isDashboard(parsed.value.data)) continue;
        dashboards += 1;
        for (const finding of lintDashboard({ path }, parsed.value.data)) found.push(finding);
      } else {
        pages += 1;
        for (const finding of lintMermaid({ path, text })) found.push(finding);
        if (page.test(path)) for (const finding of await lintLinks({ path, text }, places)) found.push(finding);
      }
    }
    const findings = found.sort(compareFindings);
    const shown = relative(context.cwd, folder).split(sep).join("/");
    return {
      data: { folder: shown === "" ? "." : shown, pages, dashboards },
      findings,
      view: summary(`${pages} pages and diagrams, ${dashboards} dashboards`, findings),
    };
  },
};

/** Each line of a log. */
async function linesOf(context: Context, path: string): Promise<Outcome> {
  const { lines, findings } = lintLog({ path, bytes: await readInput(context, path, { maxBytes: maxLogBytes }) });
  return { data: { log: path, lines }, findings, view: summary(`${lines} line${lines === 1 ? "" : "s"}`, findings) };
}

function summary(what: string, findings: readonly Finding[]): Outcome["view"] {
  const { length } = findings;
  const mark = findings.some(({ severity }) => severity === "error") ? "fail" : length === 0 ? "pass" : "warn";
  return [{ type: "line", mark, text: `${what}: ${length} finding${length === 1 ? "" : "s"}` }];
}

async function readTexts(
  context: Context,
  files: readonly { readonly path: string; readonly absolute: string }[],
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const { path, absolute } of files) {
    // A dashboard stands where its folder says so; other JSON is nothing to look at.
    const isWanted = page.test(path) || diagram.test(path) || (path.endsWith(".json") && /dashboard/i.test(path));
    if (!isWanted) continue;
    const read = await readFileBounded(absolute, { maxBytes, fs: context.fs, path });
    if (read.ok) texts.set(path, new TextDecoder().decode(read.value));
  }
  return texts;
}
