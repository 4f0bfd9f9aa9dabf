import { relative, resolve, sep } from "node:path";
import { readFileBounded, scanFiles } from "@gov/index-writer";
import { compareFindings, type Finding, parseDocument } from "@gov/schema";
import { type Command, InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { isThere } from "../root/is-there.ts";
import { isDashboard, lintDashboard } from "../lint/lint-dashboard.ts";
import { lintLinks } from "../lint/lint-links.ts";
import { lintMermaid } from "../lint/lint-mermaid.ts";

const maxBytes = 8 << 20;
const page = /\.(?:md|mdx|markdown)$/i;
const diagram = /\.(?:mmd|mermaid)$/i;

/** Lints what people look at: links of pages, Mermaid diagrams, Grafana dashboards. Needs no configuration, and no network: only links within the folder are followed. */
export const lint: Command = {
  usage: "[folder]",
  maxPositionals: 1,
  flags: {},
  examples: ["gov lint", "gov lint docs", "gov lint --format github"],
  async run(context, call) {
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
        found.push(...lintDashboard({ path }, parsed.value.data));
      } else {
        pages += 1;
        found.push(...lintMermaid({ path, text }), ...(page.test(path) ? await lintLinks({ path, text }, places) : []));
      }
    }
    const findings = found.sort(compareFindings);
    const shown = relative(context.cwd, folder).split(sep).join("/");
    return {
      data: { folder: shown === "" ? "." : shown, pages, dashboards },
      findings,
      view: [
        {
          type: "line",
          mark: findings.length === 0 ? "pass" : "fail",
          text: `${pages} pages and diagrams, ${dashboards} dashboards: ${findings.length} finding${findings.length === 1 ? "" : "s"}`,
        },
      ],
    };
  },
};

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
