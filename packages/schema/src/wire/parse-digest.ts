import type { Finding, Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { type MarkdownLine, markdownLines, maxMarkdownLine } from "../plan/markdown-lines.ts";
import type { ParsePlanOptions } from "../plan/parse-plan.ts";
import { actionsOf, figuresOf, gatesOf, isThematicBreak, membersOf } from "./digest-entries.ts";
import { type DigestPart, digestPartOf } from "./digest-layout.ts";
import type { DigestSection, DigestShape, WireDigest } from "./wire-digest.ts";

/**
 * Reads the digest of a cycle in whichever of the four shapes of the sources it is written (DIG-01, DIG-03, DIG-04, DIG-05): what it says
 * about itself, its key figures, gate outcomes, checksums, improvement actions, and every section with its text. Nothing is lost:
 * {@link emitDigest} writes the same bytes again. What the figures mean, and whether they are right, is for whoever computes them.
 *
 * @returns the digest, or why it is none: no shape fits, or a line is too long.
 * @example Read the figures of a digest
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseDigest } from "@gov/schema";
 *
 * const digest = parseDigest("### Cycle Digest (planning-fe)\n\n- Cycle Date: 2025-09-02\n\n### KPI Spine\n\n- coverage_pct: 82% (target: 80%)\n");
 * assert.ok(digest.ok);
 * assert.deepEqual(digest.value.figures, [{ name: "coverage_pct", value: "82%", target: "80%", status: null, line: 7 }]);
 * ```
 */
export function parseDigest(body: string, options: ParsePlanOptions = {}): Result<WireDigest> {
  const { startLine = 1, path = null } = options;
  const lines = markdownLines(body, startLine);
  const problem = (message: string, line: number): Finding => makeFinding("SCHEMA_DIGEST", message, { path, at: { line, column: 1 } });
  const long = lines.find(({ text }) => text.length > maxMarkdownLine);
  if (long !== undefined) return { ok: false, findings: [problem(`Line is longer than ${String(maxMarkdownLine)} characters`, long.line)] };
  const shape = shapeOf(lines);
  if (shape === null)
    return { ok: false, findings: [problem("Digest has none of the four shapes: expected key figures and metadata", startLine)] };
  const text = textBetween(body, startLine);
  const [title, ...headings] = lines.filter(({ level }) => level !== null);
  const end = startLine + body.split(/\r\n|\r|\n/).length;
  const sections = headings.map(({ heading, level, line }, index): DigestSection => {
    const until = headings[index + 1]?.line ?? end;
    return { title: heading, level: level ?? 0, text: text(line + 1, until), heading: text(line, line + 1), line };
  });
  const first = sections[0]?.line ?? end;
  const under = (part: DigestPart): readonly MarkdownLine[] => linesUnder(part, { sections, lines });
  const before = lines.filter(({ line }) => line > (title?.line ?? first) && line < first);
  const value: WireDigest = {
    shape,
    title: title?.heading ?? "",
    titleLevel: title?.level ?? 1,
    ...(title === undefined ? {} : { titleHeading: text(title.line, title.line + 1) }),
    preamble: text(startLine, title?.line ?? first),
    lead: text((title?.line ?? startLine - 1) + 1, first),
    metadata: membersOf(shape === "c11" ? under("metadata") : before),
    metrics: membersOf(under("metrics")),
    figures: figuresOf(under("figures")),
    gates: gatesOf(under("gates")),
    verification: membersOf(under("verification")),
    actions: actionsOf(under("actions")),
    sections,
  };
  return { ok: true, value, findings: [] };
}

function linesUnder(
  part: DigestPart,
  { sections, lines }: { readonly sections: readonly DigestSection[]; readonly lines: readonly MarkdownLine[] },
): readonly MarkdownLine[] {
  const index = sections.findIndex(({ title }) => digestPartOf(title) === part);
  const [start, next] = [sections[index]?.line, sections[index + 1]?.line ?? Number.POSITIVE_INFINITY];
  if (start === undefined) return [];
  const below = lines.filter(({ line }) => line > start && line < next);
  // A thematic break ends the entries: references may stand behind it.
  const rule = below.findIndex(({ text }) => isThematicBreak(text));
  return rule < 0 ? below : below.slice(0, rule);
}

// Lines as they stand, their ends included.
function textBetween(body: string, startLine: number): (from: number, to: number) => string {
  const starts = [0, ...Array.from(body.matchAll(/\r\n|\r|\n/g), (match) => match.index + match[0].length)];
  return (from, to) => body.slice(starts[from - startLine] ?? body.length, starts[to - startLine] ?? body.length);
}

/** The shape that the headings of a digest show; null when it is none. */
export function shapeOf(lines: readonly MarkdownLine[]): DigestShape | null {
  const has = (heading: RegExp): boolean => lines.some((line) => line.level !== null && heading.test(line.heading));
  if (has(/^kpi spine$/i)) return "c33";
  if (has(/^metadata$/i) && has(/^kpis$/i)) return "c11";
  if (has(/^executive metrics$/i)) return "c22-short";
  return has(/^key performance indicators/i) ? "c22-long" : null;
}
