import type { Finding } from "@gov/schema";
import { makeFinding } from "../internal/make-finding.ts";
import { type EnforcementMode, enforcementModes } from "./enforcement-mode.ts";
import { type EnforcementModes, foldModes, type ModeChanged } from "./mode-log.ts";

/** An entry of the decision log: the environment asked for a mode it may not have, and did not get it. */
export type ModeDenied = {
  readonly type: "MODE_DENIED";
  readonly payload: { readonly asked: string; readonly logged: EnforcementMode; readonly in_force: EnforcementMode };
};

/** The mode in force, and what is to be told about it. */
export interface EffectiveMode {
  readonly mode: EnforcementMode;
  /** To append when the environment was denied what it asked for; null otherwise. */
  readonly entry: ModeDenied | null;
  /** An alert when the environment asked for less, or for something that is no mode. */
  readonly findings: readonly Finding[];
}

/** Reads a mode as the environment or a flag gives it; null for what is none. */
export function parseEnforcementMode(text: string): EnforcementMode | null {
  return enforcementModes.find((mode) => mode === text.trim().toLowerCase()) ?? null;
}

/**
 * The mode in force: what the decision log says, and more where the environment asks for more. An environment that asks for less is
 * denied, and one that asks for what is no mode gets the strictest.
 *
 * @param logged - the mode that the decision log tells.
 * @param environment - the value of the variable, such as `AI_ENFORCEMENT_MODE`; undefined when it is not set.
 */
export function effectiveMode(logged: EnforcementMode, environment: string | undefined): EffectiveMode {
  if (environment === undefined || environment.trim() === "") return { mode: logged, entry: null, findings: [] };
  const asked = parseEnforcementMode(environment);
  if (asked === null) {
    const message = `Enforcement mode "${environment}" is unknown: expected one of ${enforcementModes.join(", ")}`;
    return denied({ asked: environment, logged, in_force: "hard_block" }, makeFinding("GATES_MODE_UNKNOWN", message));
  }
  if (enforcementModes.indexOf(asked) >= enforcementModes.indexOf(logged)) return { mode: asked, entry: null, findings: [] };
  const message = `The environment asks for ${asked}, and the decision log says ${logged}: it may only tighten`;
  return denied({ asked, logged, in_force: logged }, makeFinding("GATES_MODE_WEAKENED", message));
}

/** The modes in force, per rule and overall, and what is to be told about them. */
export interface ModesInForce extends Omit<EffectiveMode, "mode"> {
  /** Null while nobody has decided on modes: neither the log nor the environment. */
  readonly modes: EnforcementModes | null;
  readonly overall: EnforcementMode;
}

/**
 * The modes that a log and the environment tell together: the environment tightens all of them, and weakens none (GOV-15).
 *
 * @param environment - the value of the variable, such as `AI_ENFORCEMENT_MODE`; undefined when it is not set.
 */
export function modesInForce(changes: readonly ModeChanged[], environment: string | undefined): ModesInForce {
  const logged = foldModes(changes);
  const { mode: overall, entry, findings } = effectiveMode(logged.overall, environment);
  const isAsked = environment !== undefined && environment.trim() !== "";
  if (changes.length === 0 && !isAsked) return { modes: null, overall, entry, findings };
  // What was denied tightens nothing either; what is no mode asks for the strictest.
  const floor = isAsked && (entry === null || parseEnforcementMode(environment) === null) ? overall : "solo";
  const rank = (mode: EnforcementMode): number => enforcementModes.indexOf(mode);
  const gates = [...logged.gates].map(([gate, mode]) => [gate, rank(mode) < rank(floor) ? floor : mode] as const);
  return { modes: { overall, gates: new Map(gates) }, overall, entry, findings };
}

function denied(payload: ModeDenied["payload"], finding: Finding): EffectiveMode {
  return { mode: payload.in_force, entry: { type: "MODE_DENIED", payload }, findings: [finding] };
}
