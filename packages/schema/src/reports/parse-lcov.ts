import { type Finding, type Result } from "../finding.ts";
import { hasError, makeFinding } from "../internal/make-finding.ts";
import { decodeText } from "../reading/decode-text.ts";
import { type DocumentInput } from "../reading/parse-document.ts";
import { addBranch, addLine, type CoverageReport, type FileHits, hitsOf, reportOf } from "./coverage-report.ts";
import { reportLimits } from "./read-xml.ts";
import { reportFault } from "./report-fault.ts";

/**
 * Reads an lcov tracefile. Lines and branches are counted from `DA` and `BRDA`; the sums `LF`, `LH`, `BRF` and `BRH` must agree with them where
 * they are larger, and a last record that is not closed is an error: a report cut off half way passes no gate.
 *
 * @example Read line coverage
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseLcov } from "@gov/schema/reports";
 *
 * const bytes = new TextEncoder().encode("SF:a.ts\nDA:1,2\nDA:2,0\nend_of_record\n");
 * const report = parseLcov({ path: "lcov.info", bytes });
 * assert.ok(report.ok);
 * assert.equal(report.value.lines.percent, 50);
 * ```
 */
export function parseLcov(input: DocumentInput): Result<CoverageReport> {
  const { path, bytes } = input;
  if (bytes.length > reportLimits.maxBytes) {
    const message = `Report has ${String(bytes.length)} bytes: at most ${String(reportLimits.maxBytes)} are read`;
    return { ok: false, findings: [makeFinding("SCHEMA_TOO_LARGE", message, { path })] };
  }
  const decoded = decodeText(bytes, path);
  if (!decoded.ok) return decoded;
  const findings: Finding[] = [...decoded.findings];
  const hits = new Map<string, FileHits>();
  let record: { readonly file: FileHits; readonly lines: Set<number>; readonly branches: Set<string> } | null = null;
  let number = 0;
  const refuse = (message: string, expected?: string): void => {
    if (findings.length < 20) findings.push(reportFault(message, { path, at: { line: number, column: 1 }, expected }));
  };
  for (const text of decoded.value.split(/\r?\n/)) {
    number += 1;
    const colon = text.indexOf(":");
    const key = colon < 0 ? text.trim() : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1);
    if (key === "SF") {
      if (record !== null) refuse("Record begins before the one above it ends", '"end_of_record"');
      record = { file: hitsOf(hits, value), lines: new Set(), branches: new Set() };
    } else if (key === "end_of_record") {
      record = null;
    } else if (counted.has(key)) {
      const fault = record === null ? "Count stands outside of a record" : addCount(record, key, value);
      if (fault !== null) refuse(fault, formats[key]);
    }
  }
  if (record !== null) refuse("Last record is not closed", '"end_of_record"');
  if (hits.size === 0) refuse("Report names no source file", '"SF:" lines');
  if (hasError(findings)) return { ok: false, findings };
  return { ok: true, value: reportOf(path, hits), findings };
}

const formats: Readonly<Record<string, string>> = {
  DA: "DA:line,hits",
  BRDA: "BRDA:line,block,branch,taken",
  LF: "at most as many as there are DA lines",
  BRF: "at most as many as there are BRDA lines",
};
const counted: ReadonlySet<string> = new Set(Object.keys(formats));

function addCount(
  record: { readonly file: FileHits; readonly lines: Set<number>; readonly branches: Set<string> },
  key: string,
  value: string,
): string | null {
  if (key === "DA") {
    // A checksum may follow, and a few tools write counts below zero for lines they cannot count.
    const [, line, count] = /^(\d{1,9}),(-?\d{1,15})(?:,.*)?$/.exec(value) ?? [];
    if (line === undefined || count === undefined) return "Line count cannot be read";
    record.lines.add(Number(line));
    addLine(record.file, Number(line), Math.max(0, Number(count)));
    return null;
  }
  if (key === "BRDA") {
    const [, line, branch, taken] = /^(\d{1,9}),([^,]*,.+),(-|\d{1,15})$/.exec(value) ?? [];
    if (line === undefined || branch === undefined || taken === undefined) return "Branch count cannot be read";
    record.branches.add(`${line},${branch}`);
    addBranch(record.file, `${line},${branch}`, taken !== "-" && Number(taken) > 0);
    return null;
  }
  const shown = key === "LF" ? record.lines.size : record.branches.size;
  if (!/^\d{1,9}$/.test(value.trim())) return "Sum cannot be read";
  return Number(value) > shown ? `Record claims ${value.trim()} and shows ${String(shown)}` : null;
}
