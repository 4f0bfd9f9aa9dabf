import { compareFindings, type Finding } from "../finding.ts";
import { messageOf } from "./render-sarif.ts";
import { summarizeFindings } from "./summarize-findings.ts";

/** Options of {@link renderMarkdown}. */
export interface RenderMarkdownOptions {
  /** Heading above the findings. @default none */
  readonly title?: string | undefined;
  /** Most characters of the whole text; findings beyond it are counted in a last line, never dropped unsaid. @default no limit */
  readonly maxLength?: number | undefined;
}

/**
 * Writes findings as Markdown for a pull request or a job summary: counts, then the findings under each document. Text of documents is escaped:
 * it can neither format, link, embed HTML nor mention anybody.
 *
 * @throws {RangeError} When `maxLength` is too short to hold the counts.
 * @example Write a comment
 * ```ts
 * import assert from "node:assert/strict";
 * import { renderMarkdown } from "@gov/schema/findings";
 *
 * const finding = { code: "A", severity: "error", message: "Not *right*", path: "a.md", line: 3, column: 1 } as const;
 * assert.equal(renderMarkdown([finding]), "1 error, 0 warnings, 0 notes\n\n### `a.md`\n\n- **error** 3:1 Not \\*right\\* (`A`)\n");
 * ```
 */
export function renderMarkdown(findings: readonly Finding[], options: RenderMarkdownOptions = {}): string {
  const { title, maxLength = Number.POSITIVE_INFINITY } = options;
  const { errors, warnings, notes } = summarizeFindings(findings);
  const counts = [plural(errors, "error"), plural(warnings, "warning"), plural(notes, "note")].join(", ");
  let text = `${title === undefined ? "" : `## ${escapeMarkdown(title)}\n\n`}${counts}\n`;
  const reserve = rest(findings.length).length;
  if (text.length + reserve > maxLength) {
    throw new RangeError(
      `Cannot write Markdown with "maxLength" of ${String(maxLength)}: at least ${String(text.length + reserve)} is expected`,
    );
  }
  let path: string | null | undefined;
  let shown = 0;
  for (const finding of [...findings].sort(compareFindings)) {
    const heading = finding.path === path ? "" : `\n### ${finding.path === null ? "Without a document" : codeSpan(finding.path)}\n\n`;
    const entry = heading + itemOf(finding);
    if (text.length + entry.length + (shown + 1 === findings.length ? 0 : reserve) > maxLength) break;
    text += entry;
    path = finding.path;
    shown += 1;
  }
  return shown === findings.length ? text : text + rest(findings.length - shown);
}

function itemOf(finding: Finding): string {
  const { severity, line, column, code } = finding;
  const place = line === null ? "" : `${String(line)}${column === null ? "" : `:${String(column)}`} `;
  return `- **${severity}** ${place}${escapeMarkdown(messageOf(finding))} (${codeSpan(code)})\n`;
}

function rest(count: number): string {
  return `\n${plural(count, "finding")} more did not fit here\n`;
}

function plural(count: number, word: string): string {
  return `${String(count)} ${word}${count === 1 ? "" : "s"}`;
}

function escapeMarkdown(text: string): string {
  return (
    oneLine(text)
      .replace(/[\\`*_{}[\]<>#|~&$]/g, "\\$&")
      .replace(/:(?=\/\/)|(?<=\bwww)\./gi, "\\$&")
      // GitHub makes mentions and numbers of issues links, escaped or not; an invisible comment after the sign parts them.
      .replace(/@|#(?=\d)/g, "$&<!-- -->")
  );
}

function codeSpan(text: string): string {
  const line = oneLine(text);
  const longest = (line.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const fence = "`".repeat(longest + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ").trim();
}
