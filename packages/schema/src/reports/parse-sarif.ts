import { type Finding, type Result, type Severity } from "../finding.ts";
import { hasError } from "../internal/make-finding.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { type DocumentInput, parseDocument } from "../reading/parse-document.ts";
import { type IssueLevel, type IssueReport, issueReport, type ReportedIssue } from "./issue-report.ts";
import { countAt, field, listAt, objectAt, textAt } from "./json-fields.ts";
import { reportLimits } from "./read-xml.ts";
import { reportFault } from "./report-fault.ts";

/**
 * Reads a SARIF 2.1.0 log of any tool. Rules are looked up by index or id, also in extensions, and give level, message and security severity where a
 * result does not; results of another kind than `fail` are no issues; accepted suppressions are told. A run that did not end well, or has no
 * `results`, is an error: what a scanner did not look at is not clean.
 *
 * @example Count what a scanner found
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseSarif } from "@gov/schema/reports";
 *
 * const run = { tool: { driver: { name: "scan" } }, results: [{ ruleId: "R1", level: "error", message: { text: "Leak" } }] };
 * const bytes = new TextEncoder().encode(JSON.stringify({ version: "2.1.0", runs: [run] }));
 * const report = parseSarif({ path: "scan.sarif", bytes });
 * assert.ok(report.ok);
 * assert.deepEqual(report.value.issues.map((issue) => [issue.rule, issue.severity]), [["R1", "error"]]);
 * ```
 */
export function parseSarif(input: DocumentInput): Result<IssueReport> {
  const parsed = parseDocument(input, { format: "json", limits: reportLimits });
  if (!parsed.ok) return parsed;
  const { path, data, locate } = parsed.value;
  const findings: Finding[] = [...parsed.findings];
  const refuse: Refuse = (message, pointer, expected) => {
    if (findings.length < 20) findings.push(reportFault(message, { path, at: locate(pointer), expected }));
  };
  const runs = field(data, "runs");
  if (field(data, "version") !== "2.1.0") refuse("Log is of no version that is known", "/version", '"2.1.0"');
  if (!Array.isArray(runs)) refuse("Log has no runs", "/runs", "a list of runs");
  const issues = (Array.isArray(runs) ? (runs as readonly JsonValue[]) : []).flatMap((run, index) =>
    readRun(run, `/runs/${String(index)}`, refuse),
  );
  return hasError(findings) ? { ok: false, findings } : { ok: true, value: issueReport(path, issues), findings };
}

type Refuse = (message: string, pointer: string, expected?: string) => void;

function readRun(run: JsonValue, pointer: string, refuse: Refuse): readonly ReportedIssue[] {
  const name = textAt(objectAt(objectAt(run, "tool"), "driver"), "name");
  if (name === null) refuse("Run does not name its tool", `${pointer}/tool`, "tool.driver.name");
  listAt(run, "invocations").forEach((invocation, index) => {
    if (field(invocation, "executionSuccessful") === false) refuse("Tool did not end well", `${pointer}/invocations/${String(index)}`);
  });
  const results = field(run, "results");
  if (!Array.isArray(results)) {
    refuse(
      "Run has no results: its tool did not look, or they stand in another file",
      `${pointer}/results`,
      "a list, empty when nothing was found",
    );
    return [];
  }
  const rules = rulesOf(run);
  return (results as readonly JsonValue[]).flatMap((result, index) => {
    const at = `${pointer}/results/${String(index)}`;
    if (!isJsonObject(result)) {
      refuse("Result is not a mapping", at);
      return [];
    }
    const kind = textAt(result, "kind") ?? "fail";
    return kind === "fail" ? [issueOf(result, { tool: name ?? "", run, rule: ruleOf(result, rules) })] : [];
  });
}

type RuleLookup = (component: number, index: number | null, id: string | null) => JsonObject | null;

/** Rules of the driver, which is component -1, and of its extensions. */
function rulesOf(run: JsonValue): RuleLookup {
  const tool = objectAt(run, "tool");
  const lists = [listAt(objectAt(tool, "driver"), "rules"), ...listAt(tool, "extensions").map((extension) => listAt(extension, "rules"))];
  const byId = lists.map((rules) => new Map(rules.flatMap((rule) => [[textAt(rule, "id") ?? "", rule] as const])));
  return (component, index, id) => {
    const known = byId[component + 1];
    // A hierarchical id ("CA2101/1") belongs to the rule its first parts name (SARIF §3.27.5).
    const ids =
      id === null ? [] : id.length > 1_024 ? [id] : id.split("/").map((_, parts, all) => all.slice(0, all.length - parts).join("/"));
    const named = ids.map((text) => known?.get(text)).find((rule) => rule !== undefined);
    const rule = (index === null ? undefined : lists[component + 1]?.[index]) ?? named;
    return isJsonObject(rule) ? rule : null;
  };
}

function ruleOf(result: JsonObject, lookup: RuleLookup): JsonObject | null {
  const reference = objectAt(result, "rule");
  const component = countAt(objectAt(reference, "toolComponent"), "index", 0) ?? -1;
  const index = countAt(reference, "index", 0) ?? countAt(result, "ruleIndex", 0);
  return lookup(component, index, textAt(result, "ruleId") ?? textAt(reference, "id"));
}

function issueOf(
  result: JsonObject,
  { tool, run, rule }: { readonly tool: string; readonly run: JsonValue; readonly rule: JsonObject | null },
): ReportedIssue {
  const place = objectAt(listAt(result, "locations")[0], "physicalLocation");
  const region = objectAt(place, "region");
  // SARIF §3.27.10: a result without a level has its rule's, and a rule without one warns.
  const level = textAt(result, "level") ?? textAt(objectAt(rule ?? {}, "defaultConfiguration"), "level") ?? "warning";
  const prints = Object.entries({ ...objectAt(result, "partialFingerprints"), ...objectAt(result, "fingerprints") }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const suppressions = listAt(result, "suppressions");
  const id = textAt(result, "ruleId") ?? textAt(objectAt(result, "rule"), "id") ?? textAt(rule ?? {}, "id");
  return {
    tool,
    rule: id ?? "",
    level: levelOf(field(objectAt(rule ?? {}, "properties"), "security-severity")),
    severity: severities[level] ?? "note",
    message: messageOf(objectAt(result, "message"), rule),
    path: pathOf(objectAt(place, "artifactLocation"), run),
    line: countAt(region, "startLine", 1),
    column: countAt(region, "startColumn", 1),
    fingerprint: prints.length === 0 ? null : prints.map(([name, value]) => `${name}=${typeof value === "string" ? value : ""}`).join(";"),
    // SARIF §3.27.23: suppressed when there is a suppression, and none of them is under review or rejected.
    suppressed: suppressions.length > 0 && suppressions.every((entry) => (textAt(entry, "status") ?? "accepted") === "accepted"),
  };
}

const severities: Readonly<Record<string, Severity | undefined>> = Object.assign(
  Object.create(null) as object,
  {
    error: "error",
    warning: "warning",
    note: "note",
    none: "note",
  } as const,
);

/** CVSS scores as code scanning reads them. */
function levelOf(score: JsonValue | undefined): IssueLevel | null {
  const number = typeof score === "string" && /^\d{1,2}(?:\.\d+)?$/.test(score) ? Number(score) : typeof score === "number" ? score : 0;
  if (number >= 9) return "critical";
  if (number >= 7) return "high";
  if (number >= 4) return "medium";
  return number > 0 ? "low" : null;
}

function messageOf(message: JsonObject, rule: JsonObject | null): string {
  const id = textAt(message, "id");
  const fromRule = id === null ? null : textAt(objectAt(objectAt(rule ?? {}, "messageStrings"), id), "text");
  const text =
    textAt(message, "text") ?? fromRule ?? textAt(message, "markdown") ?? textAt(objectAt(rule ?? {}, "shortDescription"), "text") ?? "";
  const values = listAt(message, "arguments");
  // SARIF §3.11.5: {0} stands for an argument, and doubled braces for themselves.
  return text.replace(/\{\{|\}\}|\{(\d{1,3})\}/g, (source, index: string | undefined) => {
    if (index === undefined) return values.length === 0 ? source : source.slice(1);
    const value = values[Number(index)];
    return typeof value === "string" ? value : source;
  });
}

function pathOf(location: JsonObject, run: JsonValue): string | null {
  const index = countAt(location, "index", 0);
  const listed = index === null ? undefined : listAt(run, "artifacts")[index];
  const uri = textAt(location, "uri") ?? textAt(objectAt(listed, "location"), "uri");
  if (uri === null) return null;
  try {
    return decodeURIComponent(uri.replace(/^file:\/\//, ""));
  } catch {
    return uri;
  }
}
