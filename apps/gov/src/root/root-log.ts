import { type Finding, isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import { createCorrelationId, createEvent, createHybridClock, createPlanningEvent, planningEventTypes } from "@gov/telemetry";
import { type AuditCheckpoint, type AuditEntry, orderEntries, toAuditInput } from "@gov/telemetry/audit";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { orRefuse } from "../or-refuse.ts";
import { decisionArchives } from "./decision-log.ts";
import { openLog } from "./open-log.ts";

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

/** Reads the chained log; a log that does not hold, or not what a checkpoint covers, is refused, an absent one is empty. */
export async function readLog(context: Context, directory: string, checkpoint?: AuditCheckpoint): Promise<RootLog> {
  const store = await openLog(context, directory);
  const read = await store.read(checkpoint);
  if (read === null) return { entries: [], seq: 0 };
  const { entries, report } = read;
  if (!report.ok) throw new LogBrokenError(store.shown, report.findings);
  return { entries: inOrder(entries), seq: report.head?.seq ?? 0 };
}

/** What holds of a log that a merge or a crash has left unsettled: for whoever settles it, and for nothing else. */
export async function readUnsettledLog(context: Context, directory: string): Promise<RootLog & { readonly isSettled: boolean }> {
  const read = await (await openLog(context, directory)).read();
  return { entries: inOrder(read?.entries ?? []), seq: read?.report.head?.seq ?? 0, isSettled: read?.report.ok ?? true };
}

/** Wherever a merge has put the lines: in the order in which every clone folds them. */
function inOrder(entries: readonly AuditEntry[]): readonly AuditEntry[] {
  return entries.some(({ joins }) => joins !== undefined) ? orderEntries(entries) : entries;
}

/** The events that the entries of a log carry, in order. */
export function eventsOf({ entries }: RootLog): readonly JsonValue[] {
  return entries.flatMap(({ payload }) => {
    const event = isJsonObject(payload) ? payload["event"] : undefined;
    return event === undefined ? [] : [event];
  });
}

/** Appends decisions to the log, as events with both timestamps and one correlation id; what is out of bounds of the log is refused. */
export async function appendToLog(
  context: Context,
  directory: string,
  { entries, subject, expectedSeq, actor }: Appending,
): Promise<readonly AuditEntry[]> {
  if (entries.length === 0) return [];
  const { clock } = context;
  const world = { clock, correlationId: createCorrelationId(), order: createHybridClock({ clock, node: "cli" }) };
  const inputs = entries.map(({ type, payload }) => {
    const planning = planningEventTypes.find((known) => known === type);
    const event = planning === undefined ? createEvent({ type, payload }, world) : createPlanningEvent({ type: planning, payload }, world);
    return toAuditInput(event, { actor, subject });
  });
  const store = await openLog(context, directory);
  return orRefuse(
    () => store.append((log) => log.append(inputs, { expectedSeq })),
    // Names and reasons of any length come from outside; the log takes none without end.
    (message) => new InputError("CLI_NOT_RECORDABLE", message, { hint: "nothing was recorded: give it a text within these bounds" }),
  );
}

/** A chained log that does not hold: nothing may be decided on it. */
class LogBrokenError extends Error {
  override readonly name = "LogBrokenError";
  readonly code = "TELEMETRY_AUDIT_CORRUPT";
  readonly hint: string;
  readonly findings: readonly Finding[];

  constructor(shown: string, findings: readonly Finding[]) {
    const isOnly = (...codes: readonly string[]): boolean => findings.every((finding) => codes.includes(finding.code));
    const [says, hint] = isOnly("TELEMETRY_AUDIT_FORK_UNJOINED")
      ? ["branches were merged, and nobody has joined it", "gov audit join joins it"]
      : isOnly("TELEMETRY_AUDIT_TAIL_UNVERIFIED", "TELEMETRY_AUDIT_FORK_UNJOINED")
        ? ["its tail does not hold", "when a crash has left it: gov audit repair"]
        : isOnly("TELEMETRY_ARCHIVE_MISSING")
          ? ["entries are in no archive", `bring the files of ${decisionArchives} back, from another clone or a backup`]
          : ["it does not hold", "gov audit verify names the first altered entry; after a merge: gov audit join"];
    super(`Cannot use the log "${shown}": ${says}`);
    this.hint = hint;
    this.findings = findings;
  }
}
