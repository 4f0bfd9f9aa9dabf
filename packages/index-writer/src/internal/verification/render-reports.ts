import type { Finding } from "@gov/schema";
import type { Runbook, VerificationState, VerticalReport, VerticalState } from "../../verification/verification.ts";

/** Text of `findings.json`. */
export function renderFindings({ vertical, status, rationale, at, seq, findings }: VerticalState): string {
  return jsonText({ version: "1", vertical, status, generated_at: at, rationale, seq, findings });
}

/** Text of `summary.json`. */
export function renderSummary(state: VerificationState, at: string): string {
  const verticals = state.verticals.map(
    ({ vertical, status, seq, findings }) => [vertical, { status, seq, findings: countsOf(findings) }] as const,
  );
  return jsonText({
    version: "1",
    status: state.status,
    generated_at: at,
    seq: state.seq,
    frozen: state.frozen,
    verticals: Object.fromEntries(verticals),
  });
}

/** Text of `master_report.md`. */
export function renderMasterReport(state: VerificationState, at: string): string {
  const rows = state.verticals.map(({ vertical, status, findings, rationale, at: when }) => {
    const { error, warning, note } = countsOf(findings);
    return `| ${vertical} | ${status} | ${error} | ${warning} | ${note} | ${when ?? "–"} | ${cell(rationale)} |`;
  });
  return [
    "# Verification",
    "",
    `**${state.status}**${state.frozen ? ", frozen" : ""} at ${at}, change ${state.seq}`,
    "",
    "| vertical | status | errors | warnings | notes | at | rationale |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

/** Text of `report.md` with a new section above the earlier ones. */
export function prependReport(before: string | null, vertical: string, report: VerticalReport & { readonly seq: number }): string {
  const title = `# ${vertical}\n`;
  const earlier = before === null ? "" : before.startsWith(title) ? before.slice(title.length) : `\n${before}`;
  const list = report.findings.map(
    ({ code, severity, path, line, message }) => `- ${severity} ${code}${placeOf(path, line)}: ${cell(message)}`,
  );
  const section = [`## Status: ${report.status}`, "", `Change ${report.seq}, ${report.at}`, "", `Rationale: ${cell(report.rationale)}`];
  return `${title}\n${[...section, ...(list.length === 0 ? [] : ["", ...list])].join("\n")}\n${earlier}`;
}

const runbookBegin = "<!-- runbook: begin -->";
const runbookEnd = "<!-- runbook: end -->";

/** Text of a README with the runbook between its markers, or at its end when it has none. */
export function withRunbook(readme: string | null, { commands, rollbacks, waivers, contacts }: Runbook): string {
  const list = (title: string, items: readonly string[]): readonly string[] => [
    `### ${title}`,
    "",
    ...(items.length === 0 ? ["None."] : items.map((item) => `- [ ] ${cell(item)}`)),
    "",
  ];
  const body = [...list("Commands", commands), ...list("Rollbacks", rollbacks), ...list("Waivers", waivers), ...list("Contacts", contacts)];
  const block = [runbookBegin, "", "## Runbook", "", ...body, runbookEnd].join("\n");
  const text = readme ?? "";
  const [from, to] = [text.indexOf(runbookBegin), text.indexOf(runbookEnd)];
  if (from >= 0 && to > from) return text.slice(0, from) + block + text.slice(to + runbookEnd.length);
  return `${text}${text === "" ? "" : text.endsWith("\n") ? "\n" : "\n\n"}${block}\n`;
}

function countsOf(findings: readonly Finding[]): Readonly<Record<Finding["severity"], number>> {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** Text of others in one line of Markdown: it starts no table cell, no heading and no marker of its own. */
function cell(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[|<>]/g, (char) => `&#${char.charCodeAt(0)};`)
    .trim();
}

function placeOf(path: string | null, line: number | null): string {
  return path === null ? "" : ` ${cell(path)}${line === null ? "" : `:${line}`}`;
}

function jsonText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
