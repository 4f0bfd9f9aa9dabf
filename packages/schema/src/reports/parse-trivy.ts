import { type Finding, type Result } from "../finding.ts";
import { hasError } from "../internal/make-finding.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { type DocumentInput, parseDocument } from "../reading/parse-document.ts";
import { type IssueLevel, issueLevels, type IssueReport, issueReport, type ReportedIssue } from "./issue-report.ts";
import { countAt, field, listAt, objectAt, textAt } from "./json-fields.ts";
import { reportLimits } from "./read-xml.ts";
import { reportFault } from "./report-fault.ts";

/**
 * Reads a Trivy JSON report (schema version 2): vulnerabilities, misconfigurations that failed, secrets and licenses. A severity that is not known is
 * an error, not a pass.
 *
 * @example Count critical vulnerabilities
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseTrivy } from "@gov/schema/reports";
 *
 * const found = { VulnerabilityID: "CVE-2024-1", PkgName: "a", InstalledVersion: "1.0", Severity: "CRITICAL" };
 * const scan = { SchemaVersion: 2, Results: [{ Target: "package-lock.json", Vulnerabilities: [found] }] };
 * const report = parseTrivy({ path: "trivy.json", bytes: new TextEncoder().encode(JSON.stringify(scan)) });
 * assert.ok(report.ok);
 * assert.equal(report.value.counts.critical, 1);
 * ```
 */
export function parseTrivy(input: DocumentInput): Result<IssueReport> {
  const parsed = parseDocument(input, { format: "json", limits: reportLimits });
  if (!parsed.ok) return parsed;
  const { path, data, locate } = parsed.value;
  const findings: Finding[] = [...parsed.findings];
  const refuse = (message: string, pointer: string, expected?: string): void => {
    if (findings.length < 20) findings.push(reportFault(message, { path, at: locate(pointer), expected }));
  };
  const results = field(data, "Results");
  if (field(data, "SchemaVersion") !== 2) refuse("Report is of no version that is known", "/SchemaVersion", "2");
  // Trivy leaves Results out when it found no file of a kind it knows.
  if (results !== undefined && !Array.isArray(results)) refuse("Results are no list", "/Results");
  const issues: ReportedIssue[] = [];
  listAt(data, "Results").forEach((result, at) => {
    for (const [name, read] of Object.entries(sections)) {
      listAt(result, name).forEach((entry, index) => {
        const pointer = `/Results/${String(at)}/${name}/${String(index)}`;
        const issue = isJsonObject(entry) ? read(entry, textAt(result, "Target")) : null;
        const severity = textAt(entry, "Severity");
        if (issue === null) refuse("Entry has no id", pointer);
        else if (severity === null || !known.has(severity)) refuse("Severity is not known", `${pointer}/Severity`, [...known].join(", "));
        else if (issue !== "passed") issues.push({ ...issue, ...weightOf(severity) });
      });
    }
  });
  return hasError(findings) ? { ok: false, findings } : { ok: true, value: issueReport(path, issues), findings };
}

type Read = (entry: JsonValue, target: string | null) => Omit<ReportedIssue, "level" | "severity"> | "passed" | null;

const sections: Readonly<Record<string, Read>> = {
  Vulnerabilities: (entry, target) => {
    const [id, name] = [textAt(entry, "VulnerabilityID"), textAt(entry, "PkgName") ?? ""];
    const [installed, fixed, title] = [textAt(entry, "InstalledVersion") ?? "", textAt(entry, "FixedVersion"), textAt(entry, "Title")];
    const mended = fixed === null ? "not fixed yet" : `fixed in ${fixed}`;
    const message = `${name} ${installed}, ${mended}${title === null ? "" : `: ${title}`}`;
    return id === null ? null : { ...base(id, target, message), fingerprint: `${id}:${name}:${installed}` };
  },
  Misconfigurations: (entry, target) => {
    const id = textAt(entry, "ID") ?? textAt(entry, "AVDID");
    if (id === null) return null;
    // Trivy lists exceptions and passed checks only when asked to; neither is an issue.
    if ((textAt(entry, "Status") ?? "FAIL") !== "FAIL") return "passed";
    const message = textAt(entry, "Message") ?? textAt(entry, "Title") ?? id;
    return { ...base(id, target, message), line: countAt(objectAt(entry, "CauseMetadata"), "StartLine", 1) };
  },
  Secrets: (entry, target) => {
    const id = textAt(entry, "RuleID");
    return id === null ? null : { ...base(id, target, textAt(entry, "Title") ?? id), line: countAt(entry, "StartLine", 1) };
  },
  Licenses: (entry, target) => {
    const id = textAt(entry, "Name");
    return id === null
      ? null
      : base(id, textAt(entry, "FilePath") ?? target, `License ${id} of ${textAt(entry, "PkgName") ?? "the sources"}`);
  },
};

function base(rule: string, path: string | null, message: string): Omit<ReportedIssue, "level" | "severity"> {
  return { tool: "Trivy", rule, message, path, line: null, column: null, fingerprint: null, suppressed: false };
}

const known: ReadonlySet<string> = new Set([...issueLevels.map((level) => level.toUpperCase()), "UNKNOWN"]);

function weightOf(severity: string): Pick<ReportedIssue, "level" | "severity"> {
  const level: IssueLevel | null = issueLevels.find((name) => name.toUpperCase() === severity) ?? null;
  return { level, severity: level === "critical" || level === "high" ? "error" : level === "low" ? "note" : "warning" };
}
