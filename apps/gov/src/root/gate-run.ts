import {
  checkpointEntries,
  evaluateGates,
  type Evidence,
  foldCheckpoints,
  type GateReport,
  type GateTrigger,
  planCheckpoints,
} from "@gov/gates";
import { type EnforcedReport, enforceReport } from "@gov/gates/enforcement";
import { governanceRules } from "@gov/gates/governance";
import { builtInValidators, type Validator } from "@gov/gates/validators";
import { applyWaivers, foldWaivers, type WaiverResult } from "@gov/gates/waivers";
import { type Finding, isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import type { Context } from "../context.ts";
import { cycleEvidence } from "./cycle-evidence.ts";
import type { Governed } from "./load-governed.ts";
import { eventsOf } from "./root-log.ts";
import { traceGates } from "./trace-gates.ts";
import { waiverSite } from "./waiver-site.ts";
import { readEnvironment } from "./environment.ts";

/** Which gates to run, and of which cycle. */
export interface GateRequest {
  readonly cycle: string;
  /** The gates of one step. @default every gate */
  readonly transition?: GateTrigger | undefined;
  /** @default every gate */
  readonly names?: readonly string[] | undefined;
}

/** A run of gates: what they concluded after waivers, what that does under the modes in force, and what to record of it. */
export interface GateRun {
  readonly evidence: Evidence;
  readonly report: GateReport;
  readonly waivers: readonly WaiverResult[];
  readonly enforced: EnforcedReport;
  /** Alerts on the environment: it asked for less than the log says. */
  readonly alerts: readonly Finding[];
  /** Alerts of a run that is recorded: gates that failed with nothing to roll back to. */
  readonly checkpointAlerts: readonly Finding[];
  /** Entries for the log that it does not hold yet: what gates in shadow would have done. */
  readonly shadows: readonly Entry[];
  /** The same: places to roll back to. A step of a cycle needs none, because its own entry says what was judged. */
  readonly checkpoints: readonly Entry[];
}

/** Every validator there is: the built-in ones, and governance rules. */
const allValidators: ReadonlyMap<string, Validator> = new Map([...builtInValidators, [governanceRules.type, governanceRules]]);

/** Collects evidence, evaluates gates over it, applies the waivers of the log and the modes in force. Nothing is written. */
export async function runGates(context: Context, governed: Governed, { cycle, transition, names }: GateRequest): Promise<GateRun> {
  const { root, rules } = governed;
  const { log, entries: waivers, policy } = await waiverSite(context, governed);
  const { modes, findings } = await readEnvironment(context, { directory: root.directory, log, rules });
  const evidence = await cycleEvidence(context, governed, cycle);
  const found = evaluateGates(evidence, rules.rulebook.gates, { transition, names, validators: allValidators });
  const { report, waivers: states } = applyWaivers(found, foldWaivers(waivers), { policy, modes, asOf: context.clock.now() });
  await traceGates(context, report);
  const enforced = enforceReport(report, modes);
  const events = eventsOf(log);
  const known = new Set(events.flatMap((event) => (isEntry(event) ? [entryKey(event)] : [])));
  const checkpoints = planCheckpoints(report, foldCheckpoints(events));
  const isNew = (entry: Entry): boolean => !known.has(entryKey(entry));
  return {
    evidence,
    report,
    waivers: states,
    enforced,
    alerts: findings,
    checkpointAlerts: checkpoints.findings,
    shadows: enforced.entries.filter(isNew),
    checkpoints: checkpointEntries(checkpoints.create).filter(isNew),
  };
}

interface Entry {
  readonly type: string;
  readonly payload: JsonObject;
}

function isEntry(event: JsonValue): event is JsonObject & Entry {
  return isJsonObject(event) && typeof event["type"] === "string" && isJsonObject(event["payload"]);
}

function entryKey({ type, payload }: Entry): string {
  return JSON.stringify([type, Object.entries(payload).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
