import { isJsonObject, type Finding, type JsonValue } from "@gov/schema";
import { canonicalGateName } from "../gate-name.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { type EnforcementMode, enforcementModes } from "./enforcement-mode.ts";

/** An entry of the decision log: the mode of everything, or of one gate, was changed. */
export type ModeChanged = {
  readonly type: "MODE_CHANGED";
  readonly payload: {
    /** Null for the overall mode. */
    readonly gate: string | null;
    readonly from: EnforcementMode;
    readonly to: EnforcementMode;
    readonly by: string;
    readonly reason: string;
    /** Ids of the green runs that an escalation was decided on, the latest last; none for a weaker mode. */
    readonly runs?: readonly string[];
  };
};

/** The modes that a log tells. */
export interface EnforcementModes {
  /** @default "solo" before any entry */
  readonly overall: EnforcementMode;
  /** Gates with a mode of their own, in the one spelling of their names. */
  readonly gates: ReadonlyMap<string, EnforcementMode>;
}

/** One run of CI, the latest last. */
export interface CiRun {
  readonly id: string;
  readonly isGreen: boolean;
  /** Whether the integration suites were part of it; a run without them counts for nothing (GOV-16). */
  readonly hasIntegration: boolean;
}

/** A change of mode that somebody wants. */
export interface ModeRequest {
  readonly gate: string | null;
  readonly to: EnforcementMode;
  readonly by: string;
  readonly reason: string;
}

/** The entry to append, or every reason why the mode stays. */
export type ModePlan = { readonly ok: true; readonly entry: ModeChanged } | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * Plans a change of mode: up one step at a time, after the consecutive green runs the step asks for; down to any weaker mode, with a
 * reason that the log keeps (GOV-15, GOV-16). Whether the actor may, access rules decide before.
 *
 * @param options.greensRequired - green runs before entering each mode; a mode that is not listed needs 3 (B-25).
 * @example Escalate one step after three green runs
 * ```ts
 * import assert from "node:assert/strict";
 * import { foldModes, planModeChange } from "@gov/gates/enforcement";
 *
 * const modes = foldModes([]);
 * const runs = ["1", "2", "3"].map((id) => ({ id, isGreen: true, hasIntegration: true }));
 * const request = { gate: null, by: "ada", reason: "The suite is stable" };
 * assert.equal(planModeChange({ ...request, to: "shadow" }, { modes, runs }).ok, true);
 * const skipped = planModeChange({ ...request, to: "hard_block" }, { modes, runs });
 * assert(!skipped.ok);
 * assert.equal(skipped.findings[0]?.message, "Cannot go from solo to hard_block: the next step is shadow");
 * ```
 */
export function planModeChange(
  request: ModeRequest,
  options: {
    readonly modes: EnforcementModes;
    readonly runs: readonly CiRun[];
    readonly greensRequired?: { readonly [Mode in EnforcementMode]?: number | undefined } | undefined;
  },
): ModePlan {
  const { gate, to, by, reason } = request;
  const { modes, runs, greensRequired = {} } = options;
  const from = modeOf(modes, gate);
  const step = enforcementModes.indexOf(to) - enforcementModes.indexOf(from);
  const findings: Finding[] = [];
  const refuse = (message: string) => void findings.push(makeFinding("GATES_MODE_REFUSED", message));
  if (by.trim() === "" || reason.trim() === "") refuse(`Cannot go from ${from} to ${to}: somebody must say why`);
  if (step === 0) refuse(`Cannot go from ${from} to ${to}: it is the mode already`);
  if (step > 1) refuse(`Cannot go from ${from} to ${to}: the next step is ${String(enforcementModes[enforcementModes.indexOf(from) + 1])}`);
  const required = greensRequired[to] ?? 3;
  const greens = consecutiveGreens(runs);
  if (step === 1 && !(greens >= required))
    refuse(`Cannot go from ${from} to ${to}: ${greens} consecutive green runs with integration suites, ${required} are required`);
  if (findings.length > 0) return { ok: false, findings };
  const counted = step === 1 ? { runs: greenRuns(runs).slice(Math.max(0, greens - required)) } : {};
  return { ok: true, entry: { type: "MODE_CHANGED", payload: { gate, from, to, by, reason, ...counted } } };
}

/** How many different runs at the end were green in a row, integration suites included (GOV-16). */
export function consecutiveGreens(runs: readonly CiRun[]): number {
  return greenRuns(runs).length;
}

function greenRuns(runs: readonly CiRun[]): readonly string[] {
  const last = runs.findLastIndex(({ isGreen, hasIntegration }) => !isGreen || !hasIntegration);
  return [...new Set(runs.slice(last + 1).map(({ id }) => id))];
}

/** Reads runs as CI writes them: a list of `{ id, green, integration }`, the latest last; null for anything else. */
export function parseCiRuns(value: unknown): readonly CiRun[] | null {
  if (!Array.isArray(value)) return null;
  const runs = value.map((item: unknown): CiRun | null => {
    if (typeof item !== "object" || item === null) return null;
    const { id, green, integration } = item as Readonly<Record<string, unknown>>;
    if (typeof id !== "string" || id === "" || typeof green !== "boolean" || typeof integration !== "boolean") return null;
    return { id, isGreen: green, hasIntegration: integration };
  });
  return runs.every((run) => run !== null) ? runs : null;
}

/** The mode of a gate, in any spelling of its name, or the overall mode. */
export function modeOf(modes: EnforcementModes, gate: string | null): EnforcementMode {
  return gate === null ? modes.overall : (modes.gates.get(canonicalGateName(gate)) ?? modes.overall);
}

/**
 * Folds a log into the modes it tells. An entry whose `from` is not the mode at its place was decided on another state, and one that
 * skips a step was never allowed: both change nothing.
 */
export function foldModes(entries: readonly ModeChanged[]): EnforcementModes {
  return entries.reduce<EnforcementModes>(
    (modes, { payload: { gate, from, to } }) => {
      const step = enforcementModes.indexOf(to) - enforcementModes.indexOf(from);
      if (modeOf(modes, gate) !== from || step > 1) return modes;
      return gate === null ? { ...modes, overall: to } : { ...modes, gates: new Map([...modes.gates, [canonicalGateName(gate), to]]) };
    },
    { overall: "solo", gates: new Map() },
  );
}

/** True when a value read from a log is a change of mode. */
export function isModeChanged(value: JsonValue): boolean {
  if (!isJsonObject(value) || value["type"] !== "MODE_CHANGED" || !isJsonObject(value["payload"])) return false;
  const { gate, from, to, by, reason } = value["payload"];
  const isMode = (mode: JsonValue | undefined) => (enforcementModes as readonly unknown[]).includes(mode);
  return (gate === null || typeof gate === "string") && isMode(from) && isMode(to) && typeof by === "string" && typeof reason === "string";
}
