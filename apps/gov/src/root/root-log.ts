import { dirname, join } from "node:path";
import { ensureDirectory } from "@gov/atomic-io";
import { acquireLock } from "@gov/atomic-io/lock";
import { readFileBounded } from "@gov/index-writer";
import { isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import { createCorrelationId, createEvent, createHybridClock, createPlanningEvent, planningEventTypes } from "@gov/telemetry";
import { type AuditEntry, openAuditLog, readAuditLog, toAuditInput } from "@gov/telemetry/audit";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { decisionLog, maxLogBytes } from "./decision-log.ts";
import { isThere } from "./is-there.ts";

/** The chained log of a root as it stands: its entries, and the sequence number the next append has to expect. */
export interface RootLog {
  readonly entries: readonly AuditEntry[];
  readonly seq: number;
}

/** An entry that a package decided on: what happened, and the facts of it. */
interface LogEntry {
  readonly type: string;
  readonly payload: JsonObject;
}

/** What is appended to the log at once. */
export interface Appending {
  readonly entries: readonly LogEntry[];
  /** What the entries speak of, such as a cycle. */
  readonly subject: string;
  /** The sequence number that the log had when the entries were decided on; a lost race is a typed conflict. */
  readonly expectedSeq: number;
  /** Who acts, as recorded. */
  readonly actor: string;
}

/** Reads the chained log; a log that does not hold is refused, an absent one is empty. */
export async function readLog(context: Context, directory: string): Promise<RootLog> {
  const path = join(directory, decisionLog);
  if (!(await isThere(context, path))) return { entries: [], seq: 0 };
  const read = await readFileBounded(path, { maxBytes: maxLogBytes, fs: context.fs, path: decisionLog });
  if (!read.ok) throw new InputError("CLI_LOG_UNREADABLE", `Cannot read the log "${decisionLog}"`, { findings: read.findings });
  const { entries, report } = readAuditLog(read.value, { path: decisionLog });
  if (!report.ok) throw new LogBrokenError(report.findings);
  return { entries, seq: report.head?.seq ?? 0 };
}

/** The events that the entries of a log carry, in order. */
export function eventsOf({ entries }: RootLog): readonly JsonValue[] {
  return entries.flatMap(({ payload }) => {
    const event = isJsonObject(payload) ? payload["event"] : undefined;
    return event === undefined ? [] : [event];
  });
}

/** Appends decisions to the log, as events with both timestamps and one correlation id. */
export async function appendToLog(
  context: Context,
  directory: string,
  { entries, subject, expectedSeq, actor }: Appending,
): Promise<readonly AuditEntry[]> {
  if (entries.length === 0) return [];
  const path = join(directory, decisionLog);
  await ensureDirectory(dirname(path), { fs: context.fs });
  const { clock, fs, lockWaitMs: timeoutMs } = context;
  const world = { clock, correlationId: createCorrelationId(), order: createHybridClock({ clock, node: "cli" }) };
  const inputs = entries.map(({ type, payload }) => {
    const planning = planningEventTypes.find((known) => known === type);
    const event = planning === undefined ? createEvent({ type, payload }, world) : createPlanningEvent({ type: planning, payload }, world);
    return toAuditInput(event, { actor, subject });
  });
  const log = await openAuditLog(path, { fs, lock: (logPath) => acquireLock(`${logPath}.lock`, { fs, timeoutMs }) });
  try {
    return await log.append(inputs, { expectedSeq });
  } finally {
    await log.close();
  }
}

/** A chained log that does not hold: nothing may be decided on it. */
class LogBrokenError extends Error {
  override readonly name = "LogBrokenError";
  readonly code = "TELEMETRY_AUDIT_CORRUPT";
  readonly hint = "gov audit verify names the first altered entry";
  readonly findings: readonly unknown[];

  constructor(findings: readonly unknown[]) {
    super(`Cannot use the log "${decisionLog}": it does not hold`);
    this.findings = findings;
  }
}
