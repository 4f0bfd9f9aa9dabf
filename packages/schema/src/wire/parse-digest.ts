import type { Finding, Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { type MarkdownLine, markdownLines, maxMarkdownLine, plainText } from "../plan/markdown-lines.ts";
import { tableWith } from "../plan/markdown-table.ts";
import type { ParsePlanOptions } from "../plan/parse-plan.ts";
import type { DigestShape, WireDigest } from "./wire-digest.ts";

/**
 * Reads the digest of a cycle in whichever of the four shapes of the sources it is written (DIG-01, DIG-03, DIG-04, DIG-05): what it says
 * about itself, its key figures, its gate outcomes and its sections, as texts and with their lines. What the figures mean, and whether they
 * are right, is for whoever computes them.
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
  const title = lines.find(({ level }) => level !== null);
  const sections = lines.filter((line) => line.level !== null && line !== title);
  const under = (heading: RegExp): readonly MarkdownLine[] => {
    const start = sections.find((section) => heading.test(section.heading));
    const end = sections.find(({ line, level }) => start !== undefined && line > start.line && (level ?? 0) <= (start.level ?? 0));
    return start === undefined ? [] : lines.filter(({ line }) => line > start.line && line < (end?.line ?? Number.POSITIVE_INFINITY));
  };
  const before = lines.filter(({ line }) => line < (sections[0]?.line ?? Number.POSITIVE_INFINITY));
  const value: WireDigest = {
    shape,
    title: title?.heading ?? "",
    metadata: (shape === "c11" ? membersOf(under(/^metadata$/i)) : membersOf(before)).map(({ key, value: text, line }) => ({
      key,
      value: text,
      line,
    })),
    figures: shape === "c11" || shape === "c33" ? listedFigures(under(/^kpi/i)) : tableFigures(under(/kpi/i)),
    gates: membersOf(under(/^gate(?:s| outcomes)$/i)).map(({ key, value: text, line }) => {
      const [, outcome = text, evidence = null] = /^(.*?)\s{0,9}\(evidence:\s{0,9}(.*)\)$/.exec(text) ?? [];
      return { gate: key, outcome, evidence, line };
    }),
    sections: sections.map(({ heading, line }) => ({ title: heading, line })),
  };
  return { ok: true, value, findings: [] };
}

function shapeOf(lines: readonly MarkdownLine[]): DigestShape | null {
  const has = (heading: RegExp): boolean => lines.some((line) => line.level !== null && heading.test(line.heading));
  if (has(/^kpi spine$/i)) return "c33";
  if (has(/^metadata$/i) && has(/^kpis$/i)) return "c11";
  if (has(/^executive metrics$/i)) return "c22-short";
  return has(/^key performance indicators/i) ? "c22-long" : null;
}

interface Member {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

// `- key: value`, `**Key**: value`, and items below a key that has no value of its own: `dora.mttr_hours`.
function membersOf(lines: readonly MarkdownLine[]): readonly Member[] {
  let owner: string | null = null;
  return lines.flatMap(({ line, text, level }) => {
    const [, indent = "", content = ""] = /^([ \t]*)(?:[-*+][ \t]+)?(\S.*)$/.exec(text) ?? [];
    const [, key, value = ""] = /^([^:]{1,128}):(?:[ \t]+(.*))?$/.exec(plainText(content)) ?? [];
    if (level !== null || key === undefined) return [];
    if (indent === "") owner = value === "" ? key.trim() : null;
    if (value === "") return [];
    return [{ key: indent !== "" && owner !== null ? `${owner}.${key.trim()}` : key.trim(), value: value.trim(), line }];
  });
}

function listedFigures(lines: readonly MarkdownLine[]): WireDigest["figures"] {
  return membersOf(lines).map(({ key, value: text, line }) => {
    const [, value = text, target = null] = /^(.*?)\s{0,9}\(target:\s{0,9}(.*)\)$/.exec(text) ?? [];
    return { name: key, value, target, status: null, line };
  });
}

function tableFigures(lines: readonly MarkdownLine[]): WireDigest["figures"] {
  return (tableWith("kpi", lines) ?? tableWith("metric", lines) ?? []).map(({ cells, line }) => ({
    name: cells.get("kpi") ?? cells.get("metric") ?? "",
    value: cells.get("current") ?? cells.get("actual") ?? "",
    target: cells.get("target") ?? null,
    status: cells.get("status") ?? null,
    line,
  }));
}
