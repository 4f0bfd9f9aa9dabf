import type { Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { type DocumentInput, parseDocument, type ParsedDocument } from "../reading/parse-document.ts";

/** Test coverage of a whole code base, in percent from 0 to 100, not rounded. */
export interface CoverageSummary {
  /** The report it was read from. */
  readonly path: string;
  readonly lines: number;
  readonly branches: number;
}

/**
 * Reads the `total` of an Istanbul `coverage-summary.json` (reporter `json-summary`). The percentages are computed from the counts, so that a
 * rounded or edited `pct` cannot lift a result over a threshold; nothing to cover counts as covered.
 */
export function parseCoverageSummary(input: DocumentInput): Result<CoverageSummary> {
  const parsed = parseDocument(input, { format: "json" });
  if (!parsed.ok) return parsed;
  const document = parsed.value;
  const lines = percentOf(document.data, "lines");
  const branches = percentOf(document.data, "branches");
  if (lines !== null && branches !== null) return { ok: true, value: { path: document.path, lines, branches }, findings: parsed.findings };
  return {
    ok: false,
    findings: [
      ...parsed.findings,
      ...[lines === null ? "lines" : "", branches === null ? "branches" : ""].filter(Boolean).map((name) => missing(document, name)),
    ],
  };
}

function percentOf(data: JsonValue, name: "lines" | "branches"): number | null {
  const total = isJsonObject(data) ? data["total"] : undefined;
  const counts = isJsonObject(total) ? total[name] : undefined;
  if (!isJsonObject(counts)) return null;
  const { total: all, covered } = counts;
  if (!isCount(all) || !isCount(covered) || covered > all) return null;
  return all === 0 ? 100 : (covered / all) * 100;
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function missing({ path, locate }: ParsedDocument, name: string) {
  return makeFinding("SCHEMA_VIOLATION", `Coverage of ${name} cannot be read`, {
    path,
    at: locate(`/total/${name}`),
    expected: "whole numbers total and covered, covered at most total",
  });
}
