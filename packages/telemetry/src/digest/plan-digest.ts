import type { Finding } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import type { TelemetryFindingCode } from "../finding-codes.ts";
import { meetsTarget } from "../internal/meets-target.ts";
import type { DigestNarrative } from "./digest-narrative.ts";
import { findAnomalies } from "./find-anomalies.ts";
import { checkNarrative, dayOf } from "./internal/check-narrative.ts";
import { isCount, percentOf } from "./percent.ts";

/** Outcome of a gate in a cycle, with where it can be looked up. */
export interface DigestGate {
  readonly id: string;
  /** Such as `PASS`. */
  readonly outcome: string;
  /** Paths or addresses of the evidence. */
  readonly evidence: readonly string[];
}

/** A KPI as measured. */
export interface DigestKpi {
  readonly name: string;
  /** Written after the number: `%` directly, everything else after a space. */
  readonly unit: string;
  /** Whether more is better, less is better, or only the target is good. */
  readonly direction: "at_least" | "at_most" | "exactly";
  readonly target: number | null;
  /** Null while it has not been measured. */
  readonly actual: number | null;
  /** Against the cycle before; null when either is missing. @default null */
  readonly delta?: number | null | undefined;
  /** What it says. @default none */
  readonly description?: string | undefined;
  /** Where it goes against the cycles before: `→`, `↑` or `↓`. @default null */
  readonly trend?: string | null | undefined;
  /** How it was computed, and from what. @default not shown */
  readonly formula?: string | undefined;
  readonly inputs?: Readonly<Record<string, number | readonly number[] | null>> | undefined;
  /** Values of the cycles before, newest first, for what is unusual. @default none */
  readonly earlier?: readonly (number | null)[] | undefined;
}

/** An action for the next cycle (ART-16). */
export interface ImprovementAction {
  readonly action: string;
  readonly owner: string;
  /** Date, `YYYY-MM-DD`. */
  readonly due: string;
}

/** What the digests of seed documents c11 and c33 say beside the numbers. */
export interface DigestContext {
  /** Revision of the snapshot that the numbers are of. */
  readonly snapshotRev: string | null;
  readonly rulebookHash: Digest | null;
  readonly owners: readonly string[];
  readonly actions: readonly ImprovementAction[];
  /** Waivers in force, by id. */
  readonly waivers: readonly string[];
  readonly scopeChanges: readonly string[];
  readonly decisions: readonly string[];
  readonly risks: readonly string[];
  readonly notes: readonly string[];
}

/** A file a digest refers to. */
export interface DigestReference {
  readonly path: string;
  readonly digest: Digest;
}

/** What a digest is made of; null where an input does not exist. Nothing is ever filled in. */
export interface DigestData {
  readonly cycleId: string;
  /** Date of the digest, `YYYY-MM-DD`. */
  readonly date: string;
  /** First and last date of the cycle; its duration is the days from one to the other. */
  readonly period: { readonly from: string; readonly to: string } | null;
  readonly tasks: { readonly completed: number; readonly total: number } | null;
  /** Every gate of the cycle; null when none has run. */
  readonly gates: readonly DigestGate[] | null;
  readonly criticalIssues: number | null;
  readonly kpis: readonly DigestKpi[];
  /** Improvement actions for the next cycle. */
  readonly improvements: readonly string[];
  readonly manifest: DigestReference | null;
  readonly artifacts: readonly DigestReference[];
  /** Needed for the shapes `c11` and `c33`. @default none */
  readonly context?: DigestContext | undefined;
  /** Needed for the shape `c22-long`. @default none */
  readonly narrative?: DigestNarrative | undefined;
}

/** A KPI with its verdict; null while an input is missing. */
export interface JudgedKpi extends DigestKpi {
  readonly isMet: boolean | null;
}

/** A digest before it is written: every number computed, every missing one null. */
export interface DigestModel extends Omit<DigestData, "context" | "kpis" | "gates" | "narrative"> {
  /** Null when none was given. */
  readonly context: DigestContext | null;
  readonly narrative: DigestNarrative | null;
  /** Notes on KPIs that are unusual against the cycles before. */
  readonly anomalies: readonly string[];
  /** FINAL only when every input is there and valid (DIG-08). */
  readonly status: "DRAFT" | "FINAL";
  /** Days from the first to the last date of the cycle. */
  readonly durationDays: number | null;
  /** Completed tasks in whole percent. */
  readonly taskPercent: number | null;
  /** Gates that say PASS in whole percent of all; a waived gate has not passed. */
  readonly gatePassPercent: number | null;
  /** Sorted by id; empty when none has run. */
  readonly gates: readonly DigestGate[];
  readonly kpis: readonly JudgedKpi[];
  /** What is missing (warnings) and what cannot be (errors). */
  readonly findings: readonly Finding[];
}

/**
 * Computes a digest from its inputs (DIG-03). Pure: the same data give the same digest, and every number in it follows from the data.
 * An input that is missing or impossible stays null, is a finding, and keeps the digest a DRAFT (DIG-08).
 */
export function planDigest(data: DigestData): DigestModel {
  const findings: Finding[] = [];
  const note = (code: TelemetryFindingCode, message: string): null => {
    findings.push({
      code,
      severity: code === "TELEMETRY_DIGEST_INPUT_MISSING" ? "warning" : "error",
      message,
      path: null,
      line: null,
      column: null,
    });
    return null;
  };
  const missing = (what: string): null => note("TELEMETRY_DIGEST_INPUT_MISSING", `${what} is missing: it is shown as n/a`);
  const invalid = (what: string): null => note("TELEMETRY_DIGEST_INPUT_INVALID", `${what}: it is shown as n/a`);
  if (dayOf(data.date) === null) throw new RangeError(`Cannot date the digest "${data.date}": it must be a date as YYYY-MM-DD`);

  const { period, gates } = data;
  const days = period === null ? null : [dayOf(period.from), dayOf(period.to)];
  const durationDays =
    period === null
      ? missing("The period of the cycle")
      : (differenceOf(days) ?? invalid(`The period from "${period.from}" to "${period.to}" is none`));
  const tasks =
    data.tasks === null
      ? missing("The number of tasks")
      : isShare(data.tasks)
        ? data.tasks
        : invalid("The numbers of tasks are no share of a whole");
  const taskPercent = tasks === null ? null : (percentOf(tasks.completed, tasks.total) ?? missing("Any task"));
  const passed = gates?.filter(({ outcome }) => outcome === "PASS").length ?? 0;
  const gatePassPercent = gates === null ? missing("The gate results") : (percentOf(passed, gates.length) ?? missing("Any gate result"));
  const issues = data.criticalIssues;
  const criticalIssues =
    issues === null
      ? missing("The number of critical issues")
      : isCount(issues)
        ? issues
        : invalid("The number of critical issues is no count");
  const kpis = data.kpis.map((kpi) => judge(kpi, { missing, invalid }));
  if (data.manifest === null) missing("The manifest");
  const context = data.context ?? null;
  if (context?.snapshotRev === null) missing("The revision of the snapshot");
  if (context?.rulebookHash === null) missing("The hash of the rulebook");
  if (context?.owners.length === 0) missing("Any owner");
  const told = data.narrative ?? null;
  const narrative = told === null ? null : checkNarrative(told, { missing, invalid });
  for (const { action, due } of context?.actions ?? [])
    if (dayOf(due) === null)
      note("TELEMETRY_DIGEST_INPUT_INVALID", `The date "${due}" of "${action}" is none: it is shown as it was given`);
  return {
    ...{ cycleId: data.cycleId, date: data.date, status: findings.length === 0 ? "FINAL" : "DRAFT" },
    ...{ period: durationDays === null ? null : period, narrative, anomalies: findAnomalies(data.kpis) },
    ...{ durationDays, tasks, taskPercent, gatePassPercent, criticalIssues, kpis },
    gates: [...(gates ?? [])].sort((a, b) => compareText(a.id, b.id)),
    improvements: [...data.improvements],
    manifest: data.manifest,
    context,
    artifacts: [...data.artifacts].sort((a, b) => compareText(a.path, b.path)),
    findings,
  };
}

type Report = (what: string) => null;

function judge(kpi: DigestKpi, { missing, invalid }: { readonly missing: Report; readonly invalid: Report }): JudgedKpi {
  const read = (value: number | null, what: string): number | null =>
    value === null
      ? missing(`The ${what} of "${kpi.name}"`)
      : Number.isFinite(value)
        ? value
        : invalid(`The ${what} of "${kpi.name}" is no number`);
  const target = read(kpi.target, "target");
  const actual = read(kpi.actual, "actual value");
  const isMet = target === null || actual === null ? null : meetsTarget(actual, { target, direction: kpi.direction });
  return { ...kpi, target, actual, isMet };
}

function isShare({ completed, total }: { readonly completed: number; readonly total: number }): boolean {
  return isCount(completed) && isCount(total) && completed <= total;
}

function differenceOf(days: readonly (number | null)[] | null): number | null {
  const [from = null, to = null] = days ?? [];
  return from === null || to === null || to < from ? null : to - from;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
