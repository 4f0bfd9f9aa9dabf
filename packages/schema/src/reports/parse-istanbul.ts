import { type Finding, type Result } from "../finding.ts";
import { hasError } from "../internal/make-finding.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { appendPointer } from "../reading/json-pointer.ts";
import { type DocumentInput, parseDocument } from "../reading/parse-document.ts";
import {
  addBranch,
  addLine,
  coverageCount,
  type CoverageCount,
  type CoverageReport,
  type FileCoverage,
  type FileHits,
  hitsOf,
  reportOf,
  totalOf,
} from "./coverage-report.ts";
import { reportLimits } from "./read-xml.ts";
import { reportFault } from "./report-fault.ts";

/**
 * Reads coverage that Istanbul, nyc, c8 or vitest wrote as JSON: `coverage-summary.json` with its `total`, or `coverage-final.json` with the hits of
 * every statement and branch. Percentages are computed from counts; a `total` that differs from the sum of its files is an error.
 *
 * @example Read a summary
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseIstanbul } from "@gov/schema/reports";
 *
 * const counts = { lines: { total: 4, covered: 3 }, branches: { total: 0, covered: 0 } };
 * const bytes = new TextEncoder().encode(JSON.stringify({ total: counts, "a.ts": counts }));
 * const report = parseIstanbul({ path: "coverage-summary.json", bytes });
 * assert.ok(report.ok);
 * assert.deepEqual([report.value.lines.percent, report.value.branches.percent], [75, 100]);
 * ```
 */
export function parseIstanbul(input: DocumentInput): Result<CoverageReport> {
  const parsed = parseDocument(input, { format: "json", limits: reportLimits });
  if (!parsed.ok) return parsed;
  const { path, data, locate } = parsed.value;
  const findings: Finding[] = [...parsed.findings];
  const refuse: Refuse = (message, pointer, expected) => {
    if (findings.length < 20) findings.push(reportFault(message, { path, at: locate(pointer), expected }));
  };
  let value: CoverageReport | null = null;
  if (!isJsonObject(data)) refuse("Report is not a mapping", "");
  else value = Object.hasOwn(data, "total") ? readSummary(path, data, refuse) : readFinal(path, data, refuse);
  if (value === null || hasError(findings)) return { ok: false, findings };
  return { ok: true, value, findings };
}

type Refuse = (message: string, pointer: string, expected?: string) => void;

function readSummary(path: string, data: JsonObject, refuse: Refuse): CoverageReport {
  const files: FileCoverage[] = [];
  let total: FileCoverage | null = null;
  for (const [name, counts] of Object.entries<JsonValue>(data)) {
    const pointer = appendPointer("", name);
    const [lines, branches] = [summaryCount(counts, "lines"), summaryCount(counts, "branches")];
    if (lines === null || branches === null) {
      refuse("Coverage of lines or branches cannot be read", pointer, "whole numbers total and covered, covered at most total");
      continue;
    }
    if (name === "total") total = { path: name, lines, branches };
    else files.push({ path: name, lines, branches });
  }
  files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const sum = files.length === 0 && total !== null ? { lines: total.lines, branches: total.branches } : totalOf(files);
  for (const part of ["lines", "branches"] as const) {
    const claimed = total?.[part];
    if (claimed === undefined || (claimed.covered === sum[part].covered && claimed.total === sum[part].total)) continue;
    const counts = ({ covered, total: all }: CoverageCount): string => `${String(covered)} of ${String(all)}`;
    refuse(`Total of ${part} is ${counts(claimed)}, and its files add up to ${counts(sum[part])}`, `/total/${part}`);
  }
  return { path, ...sum, files };
}

function summaryCount(counts: JsonValue, of: "lines" | "branches"): CoverageCount | null {
  const found = isJsonObject(counts) ? counts[of] : undefined;
  if (!isJsonObject(found)) return null;
  const { total, covered } = found;
  return isCount(total) && isCount(covered) && covered <= total ? coverageCount(covered, total) : null;
}

/** Lines as Istanbul counts them: a line's hits are the most of any statement that begins on it. */
function readFinal(path: string, data: JsonObject, refuse: Refuse): CoverageReport {
  const hits = new Map<string, FileHits>();
  for (const [name, file] of Object.entries<JsonValue>(data)) {
    const pointer = appendPointer("", name);
    const [map, statements, branches] = isJsonObject(file) ? [file["statementMap"], file["s"], file["b"]] : [];
    if (!isJsonObject(map) || !isJsonObject(statements) || !isJsonObject(branches)) {
      refuse("Coverage of a file cannot be read", pointer, "statementMap, s and b");
      continue;
    }
    const known = hitsOf(hits, name);
    for (const [id, count] of Object.entries<JsonValue>(statements)) {
      const statement = Object.hasOwn(map, id) ? map[id] : undefined;
      const start = isJsonObject(statement) && isJsonObject(statement["start"]) ? statement["start"]["line"] : undefined;
      if (isCount(start) && isCount(count)) addLine(known, start, count);
      else
        refuse(
          `Statement ${JSON.stringify(id)} cannot be read`,
          appendPointer(`${pointer}/s`, id),
          "a whole number of hits, and its first line",
        );
    }
    for (const [id, counts] of Object.entries<JsonValue>(branches)) {
      if (Array.isArray(counts) && (counts as readonly JsonValue[]).every((count) => isCount(count))) {
        (counts as readonly number[]).forEach((count, index) => addBranch(known, `${id}:${String(index)}`, count > 0));
      } else {
        refuse(`Branch ${JSON.stringify(id)} cannot be read`, appendPointer(`${pointer}/b`, id), "a list of whole numbers");
      }
    }
  }
  return reportOf(path, hits);
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
