import type { Finding } from "@gov/schema";
import type { GateReport, GateResult, ValidatorResult } from "./gate-report.ts";

/**
 * Tells in plain lines what every gate looked at and concluded: each validator with its findings, the digest of the configuration and of
 * each file behind it (GAT-28). It says more about the same report, and changes nothing: a verbose run is this over a run again.
 */
export function explainReport(report: GateReport): readonly string[] {
  const { subject, transition, outcome, gates } = report;
  const step = transition === null ? "" : `, ${transition.from} -> ${transition.to}`;
  return [`${subject.id}: ${outcome}${step}`, `  judged ${subject.digest}`, ...gates.flatMap(explainGate)];
}

function explainGate({ name, outcome, configDigest, validators, findings, evidence, failureAction }: GateResult): readonly string[] {
  return [
    `  gate ${name}: ${outcome}`,
    `    rules ${configDigest ?? "none"}`,
    ...findings.map((finding) => `    ${explainFinding(finding)}`),
    ...validators.flatMap(explainValidator),
    ...evidence.map(({ path, digest }) => `    read ${path} ${digest}`),
    ...(failureAction === null ? [] : [`    asks: ${failureAction}`]),
  ];
}

function explainValidator({ type, outcome, findings }: ValidatorResult): readonly string[] {
  return [`    validator ${type}: ${outcome}`, ...findings.map((finding) => `      ${explainFinding(finding)}`)];
}

function explainFinding({ severity, code, message, path, line, hint }: Finding): string {
  const place = path === null ? "" : ` (${path}${line === null ? "" : `:${String(line)}`})`;
  return `${severity} ${code}: ${message}${place}${hint === undefined ? "" : `; ${hint}`}`;
}
