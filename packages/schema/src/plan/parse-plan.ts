import type { Finding, Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import type { PlanDocument, PlanSection } from "../rules.ts";
import { type MarkdownLine, markdownLines, maxMarkdownLine } from "./markdown-lines.ts";
import { type TableRow, tableWith } from "./markdown-table.ts";
import { parsePhases } from "./parse-phases.ts";
import { listItems, rangedIds, taskIds } from "./task-ids.ts";

/** Where the text of a plan or a checklist stands. */
export interface ParsePlanOptions {
  /** Line of the document at which the text begins, after any front matter. @default 1 */
  readonly startLine?: number | undefined;
  /** Path that findings name. @default null */
  readonly path?: string | null | undefined;
}

/**
 * Reads a plan written in Markdown (PLN-01, PLN-02): its eight sections by their headings, the task table of the work breakdown, the
 * phases, the mapping of risks to tasks and the traceability index, each with its line. Ranges such as `T-01..T-06` are written out.
 * The value is a document of the kind `plan`.
 *
 * @returns the plan with remarks, or every reason why it is none: a section is absent or stands twice, the task table is absent, an id is given
 * twice, a line is too long, the ranges stand for more than a hundred thousand ids.
 * @example Read the tasks of a plan
 * ```ts
 * import assert from "node:assert/strict";
 * import { parsePlan } from "@gov/schema";
 *
 * const sections = ["Assumptions", "Execution Phases", "Rollback", "Risk-to-Task Mapping\n- R-001 → T-01", "Observability", "Traceability Index"];
 * const table = "| Task ID | Description | Prereqs | Source |\n|---|---|---|---|\n| T-01 | Define the schema | None | AP L1 |";
 * const headings = ["Objectives & Scope", ...sections.slice(0, 1), `Work Breakdown\n${table}`, ...sections.slice(1)];
 * const plan = parsePlan(headings.map((text, index) => `## ${index + 1}. ${text}\n`).join("\n"));
 * assert.ok(plan.ok);
 * assert.deepEqual(plan.value.mappings.map(({ id, tasks }) => [id, tasks]), [["R-001", ["T-01"]]]);
 * ```
 */
export function parsePlan(body: string, options: ParsePlanOptions = {}): Result<PlanDocument> {
  const { startLine = 1, path = null } = options;
  const findings: Finding[] = [];
  const problem = (message: string, line: number): void =>
    void findings.push(
      makeFinding("SCHEMA_PLAN", message, { path, at: { line, column: 1 }, hint: "Follow the template of eight sections" }),
    );
  const all = markdownLines(body, startLine);
  for (const { line, text } of all)
    if (text.length > maxMarkdownLine)
      problem(`Line is ${String(text.length)} characters long: at most ${String(maxMarkdownLine)} are read`, line);
  const lines = all.filter(({ text }) => text.length <= maxMarkdownLine);
  const ranged = lines.reduce((sum, { text }) => sum + rangedIds(text), 0);
  if (ranged > maxRangedIds) {
    problem(`Ranges of ids stand for ${String(ranged)} ids: at most ${String(maxRangedIds)} are written out`, startLine);
    return { ok: false, findings };
  }
  const starts = sectionsOf(lines);
  const found = new Map<PlanSection, SectionStart>();
  for (const start of starts) {
    const earlier = found.get(start.section);
    if (earlier === undefined) found.set(start.section, start);
    else problem(`Section "${start.title}" stands twice: first on line ${String(earlier.line)}`, start.line);
  }
  for (const { section, name } of sectionNames) if (!found.has(section)) problem(`Plan has no section "${name}"`, startLine);
  const linesOf = (section: PlanSection): readonly MarkdownLine[] => contentOf(found.get(section), starts, lines);
  const rows = tableWith("task id", linesOf("work_breakdown"));
  if (rows === null && found.has("work_breakdown")) {
    problem('Work breakdown has no table with the column "Task ID"', found.get("work_breakdown")?.line ?? startLine);
  }
  const tasks = (rows ?? []).flatMap(taskOf);
  const lineOf = new Map<string, number>();
  for (const { id, line } of tasks) {
    const earlier = lineOf.get(id);
    if (earlier === undefined) lineOf.set(id, line);
    else problem(`Task "${id}" is given twice: first on line ${String(earlier)}`, line);
  }
  if (findings.length > 0) return { ok: false, findings };
  const trace = pairsOf(linesOf("traceability_index"), /^(.+?)\s*(?:↔|<->)\s*(.+)$/).filter(({ left }) => taskIds(left).length > 0);
  const value: PlanDocument = {
    title: lines.find(({ level }) => level === 1)?.heading ?? null,
    sections: starts.map(({ section, title, line }) => ({ section, title, line })),
    tasks,
    phases: [...parsePhases(linesOf("execution_phases"))],
    mappings: pairsOf(linesOf("risk_to_task_mapping"), /^(.+?)\s*(?:→|->)\s*(.+)$/).map(({ left, right, line }) => ({
      id: left,
      tasks: [...taskIds(right)],
      line,
    })),
    traceability:
      trace.length === 0 ? null : trace.map(({ left, right, line }) => ({ task: left, sourceRefs: [...listItems(right)], line })),
  };
  return { ok: true, value, findings };
}

/** More ids than any plan has; a few bytes of a range stand for a thousand. */
const maxRangedIds = 100_000;

interface SectionStart {
  readonly section: PlanSection;
  readonly title: string;
  readonly line: number;
  readonly level: number;
}

const sectionNames: readonly { readonly section: PlanSection; readonly name: string; readonly heading: RegExp }[] = [
  { section: "objectives_and_scope", name: "Objectives & Scope", heading: /\bobjectives\b/i },
  { section: "assumptions_and_constraints", name: "Assumptions Acknowledged & Constraints", heading: /\bassumptions\b/i },
  { section: "work_breakdown", name: "Work Breakdown", heading: /\bwork breakdown\b/i },
  { section: "execution_phases", name: "Execution Phases", heading: /\bexecution phases\b/i },
  { section: "rollback_and_recovery", name: "Rollback & Recovery Playbooks", heading: /\brollback\b/i },
  { section: "risk_to_task_mapping", name: "Risk-to-Task Mapping", heading: /\brisk[- ]to[- ]task\b/i },
  { section: "observability_and_validation", name: "Observability & Validation", heading: /\bobservability\b/i },
  { section: "traceability_index", name: "Appendix: Traceability Index", heading: /\btraceability\b/i },
];

// Sections stand at one level, that of the first; a deeper heading with such a word belongs to its section.
function sectionsOf(lines: readonly MarkdownLine[]): readonly SectionStart[] {
  const named = lines.flatMap(({ heading, level, line }) => {
    const match = level === null || level === 1 ? undefined : sectionNames.find((candidate) => candidate.heading.test(heading));
    return match === undefined || level === null ? [] : [{ section: match.section, title: heading, line, level }];
  });
  return named.filter(({ level }) => level === named[0]?.level);
}

function contentOf(
  start: SectionStart | undefined,
  starts: readonly SectionStart[],
  lines: readonly MarkdownLine[],
): readonly MarkdownLine[] {
  if (start === undefined) return [];
  const end = starts.find(({ line }) => line > start.line)?.line ?? Number.POSITIVE_INFINITY;
  return lines.filter(({ line }) => line > start.line && line < end);
}

function taskOf({ cells, line }: TableRow): readonly PlanDocument["tasks"][number][] {
  const cell = (...names: readonly string[]): string => names.map((name) => cells.get(name)).find((text) => text !== undefined) ?? "";
  const id = cell("task id");
  const [owner = null] = listItems(cell("owner/role", "owner"));
  const [priority = null] = listItems(cell("priority"));
  if (id === "") return [];
  return [
    {
      id,
      description: cell("description"),
      owner,
      inputs: [...listItems(cell("inputs"), /[;,]/)],
      outputs: [...listItems(cell("outputs"), /[;,]/)],
      prerequisites: [...taskIds(cell("prereqs", "prerequisites"))],
      priority,
      sourceRefs: [...listItems(cell("source", "source refs", "sources"))],
      line,
    },
  ];
}

function pairsOf(lines: readonly MarkdownLine[], pattern: RegExp): readonly { left: string; right: string; line: number }[] {
  return lines.flatMap(({ line, text }) => {
    const item = /^\s*[-*+][ \t]+(\S.*)$/.exec(text)?.[1]?.trim().slice(0, 2_000) ?? "";
    const [, left, right] = pattern.exec(item) ?? [];
    return left === undefined || right === undefined ? [] : [{ left, right, line }];
  });
}
