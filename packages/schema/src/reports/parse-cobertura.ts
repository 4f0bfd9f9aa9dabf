import { type Finding, type Result } from "../finding.ts";
import { hasError } from "../internal/make-finding.ts";
import { type DocumentInput } from "../reading/parse-document.ts";
import { addBranch, addLine, type CoverageReport, type FileHits, hitsOf, reportOf } from "./coverage-report.ts";
import { readXml, type XmlElement } from "./read-xml.ts";
import { reportFault } from "./report-fault.ts";

/**
 * Reads a Cobertura XML report. Lines and branches are counted from its `line` elements, a file that several classes share once; `line-rate` and
 * `branch-rate` are not believed.
 *
 * @example Read line coverage
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseCobertura } from "@gov/schema/reports";
 *
 * const line = '<line number="1" hits="2"/><line number="2" hits="0"/>';
 * const xml = `<coverage><packages><package><classes><class filename="a.ts"><lines>${line}</lines></class></classes></package></packages></coverage>`;
 * const report = parseCobertura({ path: "cobertura.xml", bytes: new TextEncoder().encode(xml) });
 * assert.ok(report.ok);
 * assert.equal(report.value.lines.percent, 50);
 * ```
 */
export function parseCobertura(input: DocumentInput): Result<CoverageReport> {
  const read = readXml(input);
  if (!read.ok) return read;
  const { root, place } = read.value;
  const findings: Finding[] = [...read.findings];
  const refuse = (message: string, element: XmlElement, expected?: string): void => {
    findings.push(reportFault(message, { path: input.path, at: place(element.offset), expected }));
  };
  const hits = new Map<string, FileHits>();
  if (root.name !== "coverage") refuse(`Root element "${root.name}" is none of Cobertura`, root, '"coverage"');
  for (const element of classesOf(root)) {
    const filename = element.attributes.get("filename");
    if (filename === undefined) {
      refuse("Class has no filename", element);
      continue;
    }
    const file = hitsOf(hits, filename);
    for (const line of linesOf(element)) {
      const number = countOf(line.attributes.get("number"));
      const count = countOf(line.attributes.get("hits"));
      if (number === null || count === null) {
        refuse("Line has no number or no hits", line, "whole numbers");
        continue;
      }
      addLine(file, number, count);
      if (line.attributes.get("branch")?.toLowerCase() !== "true") continue;
      const branches = branchesOf(line);
      if (branches === null) refuse("Line with branches does not say how many were taken", line, 'condition-coverage="50% (1/2)"');
      // Which of the branches were taken is not told; two mentions of a line are merged as if they took the same ones.
      else
        for (let index = 0; index < branches.total; index += 1)
          addBranch(file, `${String(number)}:${String(index)}`, index < branches.covered);
    }
  }
  if (hasError(findings)) return { ok: false, findings };
  return { ok: true, value: reportOf(input.path, hits), findings };
}

function classesOf(root: XmlElement): readonly XmlElement[] {
  return childrenAt(root, ["packages", "package", "classes", "class"]);
}

/** Lines of a class, and of its methods, which some tools do not repeat there. */
function linesOf(element: XmlElement): readonly XmlElement[] {
  return [...childrenAt(element, ["lines", "line"]), ...childrenAt(element, ["methods", "method", "lines", "line"])];
}

function childrenAt(element: XmlElement, names: readonly string[]): readonly XmlElement[] {
  return names.reduce<readonly XmlElement[]>(
    (found, name) => found.flatMap(({ children }) => children.filter((child) => child.name === name)),
    [element],
  );
}

function branchesOf(line: XmlElement): { readonly covered: number; readonly total: number } | null {
  const [, taken, all] = /\((\d{1,6})\/(\d{1,6})\)/.exec(line.attributes.get("condition-coverage") ?? "") ?? [];
  if (taken === undefined || all === undefined || Number(taken) > Number(all)) return null;
  return { covered: Number(taken), total: Number(all) };
}

function countOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
