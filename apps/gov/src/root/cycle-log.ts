import { dirname, join } from "node:path";
import { ensureDirectory } from "@gov/atomic-io";
import { acquireLock } from "@gov/atomic-io/lock";
import { type CycleState, foldCycle, isLifecycleEntry, type LifecycleEntry } from "@gov/gates/lifecycle";
import { readFileBounded } from "@gov/index-writer";
import { isJsonObject } from "@gov/schema";
import { createCorrelationId, createHybridClock, createPlanningEvent } from "@gov/telemetry";
import { type AuditEntry, openAuditLog, readAuditLog, toAuditInput } from "@gov/telemetry/audit";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { isThere } from "./is-there.ts";
import { decisionLog, maxLogBytes } from "./decision-log.ts";
import type { Governed } from "./load-governed.ts";

/** The chained log of a root as it stands: its entries, and the sequence number the next append has to expect. */
export interface CycleLog {
  readonly entries: readonly AuditEntry[];
  readonly seq: number;
}

/** Reads the chained log; a log that does not hold is refused, an absent one is empty. */
export async function readCycleLog(context: Context, directory: string): Promise<CycleLog> {
  const path = join(directory, decisionLog);
  if (!(await isThere(context, path))) return { entries: [], seq: 0 };
  const read = await readFileBounded(path, { maxBytes: maxLogBytes, fs: context.fs, path: decisionLog });
  if (!read.ok) throw new InputError("CLI_LOG_UNREADABLE", `Cannot read the log "${decisionLog}"`, { findings: read.findings });
  const { entries, report } = readAuditLog(read.value, { path: decisionLog });
  if (!report.ok) throw new LogBrokenError(report.findings);
  return { entries, seq: report.head?.seq ?? 0 };
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

/** Ids of all cycles that the log speaks of, sorted. */
export function cycleIds(log: CycleLog): readonly string[] {
  return [...new Set(lifecycleEntries(log).map(({ payload }) => payload.entity_id))].sort();
}

/** Where a cycle stands: a fold over the log. */
export function cycleState({ rules }: Governed, log: CycleLog, cycle: string): CycleState {
  return foldCycle(lifecycleEntries(log), { entityId: cycle, table: rules.preset.lifecycle });
}

/** A cycle as programs read it. */
export function cycleData({ entityId, state, isComplete, gateResults }: CycleState): Readonly<Record<string, unknown>> {
  const sorted = Object.keys(gateResults)
    .sort()
    .map((gate) => [gate, gateResults[gate]]);
  return { id: entityId, state, isComplete, gateResults: Object.fromEntries(sorted) };
}

/** Appends decisions to the log, as planning events with both timestamps and one correlation id. */
export async function appendToLog(
  context: Context,
  directory: string,
  decision: { readonly entries: readonly LifecycleEntry[]; readonly expectedSeq: number; readonly actor: string },
): Promise<readonly AuditEntry[]> {
  if (decision.entries.length === 0) return [];
  const path = join(directory, decisionLog);
  await ensureDirectory(dirname(path), { fs: context.fs });
  const correlationId = createCorrelationId();
  const order = createHybridClock({ clock: context.clock, node: "cli" });
  const events = decision.entries.map(({ type, payload }) =>
    toAuditInput(createPlanningEvent({ type, payload }, { clock: context.clock, order, correlationId }), {
      actor: decision.actor,
      subject: payload.entity_id,
    }),
  );
  const { fs, lockWaitMs: timeoutMs } = context;
  const log = await openAuditLog(path, { fs, lock: (logPath) => acquireLock(`${logPath}.lock`, { fs, timeoutMs }) });
  try {
    return await log.append(events, { expectedSeq: decision.expectedSeq });
  } finally {
    await log.close();
  }
}

function lifecycleEntries({ entries }: CycleLog): readonly LifecycleEntry[] {
  return entries.flatMap(({ payload }) => {
    const event = isJsonObject(payload) ? payload["event"] : undefined;
    return event !== undefined && isLifecycleEntry(event) ? [event] : [];
  });
}
