import { compareFindings, type Finding, severities, type Severity } from "../finding.ts";
import { messageOf } from "./render-sarif.ts";

const commands: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", note: "notice" };

/**
 * Writes findings as workflow commands that GitHub Actions shows beside the lines they speak of, heaviest first: one step shows ten of each
 * severity and leaves the rest in its log. Every part is escaped, so that text of a document can neither begin a command nor end one.
 *
 * @returns One command on each line, or the empty text without findings.
 * @example Annotate a pull request
 * ```ts
 * import assert from "node:assert/strict";
 * import { renderAnnotations } from "@gov/schema/findings";
 *
 * const finding = { code: "A", severity: "note", message: "100%\n::error::no", path: "a,b.md", line: 3, column: 1 } as const;
 * assert.equal(renderAnnotations([finding]), "::notice file=a%2Cb.md,line=3,col=1,title=A::100%25%0A::error::no\n");
 * ```
 */
export function renderAnnotations(findings: readonly Finding[]): string {
  return [...findings]
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || compareFindings(a, b))
    .map((finding) => `${commandOf(finding)}\n`)
    .join("");
}

function commandOf(finding: Finding): string {
  const { code, severity, path, line, column } = finding;
  const properties = [
    ...(path === null ? [] : [`file=${escapeProperty(path)}`]),
    ...(path === null || line === null ? [] : [`line=${String(line)}`]),
    ...(path === null || line === null || column === null ? [] : [`col=${String(column)}`]),
    `title=${escapeProperty(code)}`,
  ];
  return `::${commands[severity]} ${properties.join(",")}::${escapeData(messageOf(finding))}`;
}

// The two escapes of the runner's own toolkit.
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
