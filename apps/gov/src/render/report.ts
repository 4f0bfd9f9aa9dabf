import { join, relative, sep } from "node:path";
import type { Finding } from "@gov/schema";
import { renderAnnotations, renderJunit, renderMarkdown, renderSarif } from "@gov/schema/findings";
import type { Format } from "../arguments.ts";
import type { World } from "../context.ts";

/** How findings are written for other programs. */
export interface ReportOptions {
  readonly format: Format;
  readonly failOn: "error" | "warning";
  readonly version: string;
  /** Path of the governed root from the top of the repository, with a slash at its end, or empty: other programs count paths from there. */
  readonly prefix: string;
}

const homepage = "https://www.npmjs.com/package/@gov/cli";

/** Renders findings as SARIF, JUnit XML, GitHub annotations or Markdown. */
export function renderReport(findings: readonly Finding[], { format, failOn, version, prefix }: ReportOptions): string {
  const placed = findings.map((finding) => (finding.path === null ? finding : { ...finding, path: prefix + finding.path }));
  switch (format) {
    case "sarif":
      return renderSarif(placed, { tool: { name: "gov", version, informationUri: homepage }, fallbackPath: `${prefix}gov.yaml` });
    case "junit":
      return renderJunit(placed, { failOn });
    case "github":
      return renderAnnotations(placed);
    default:
      return renderMarkdown(placed, { title: "gov" });
  }
}

/** Path of a governed root from the top of its repository, or from where the call was made where there is none. */
export async function prefixOf({ cwd, fs }: World, root: string | undefined): Promise<string> {
  if (root === undefined) return "";
  let top = cwd;
  for (let directory = root; ; directory = join(directory, "..")) {
    const found = await fs.lstat(join(directory, ".git")).catch(() => null);
    if (found !== null) top = directory;
    if (found !== null || join(directory, "..") === directory) break;
  }
  const inside = relative(top, root).split(sep).join("/");
  return inside === "" || inside.startsWith("..") ? "" : `${inside}/`;
}
