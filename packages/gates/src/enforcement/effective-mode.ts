import type { Finding } from "@gov/schema";
import { makeFinding } from "../internal/make-finding.ts";
import { type EnforcementMode, enforcementModes } from "./enforcement-mode.ts";

/** The mode in force, and what is to be told about it. */
export interface EffectiveMode {
  readonly mode: EnforcementMode;
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
  if (environment === undefined || environment.trim() === "") return { mode: logged, findings: [] };
  const asked = parseEnforcementMode(environment);
  if (asked === null) {
    const message = `Enforcement mode "${environment}" is unknown: expected one of ${enforcementModes.join(", ")}`;
    return { mode: "hard_block", findings: [makeFinding("GATES_MODE_UNKNOWN", message)] };
  }
  if (enforcementModes.indexOf(asked) >= enforcementModes.indexOf(logged)) return { mode: asked, findings: [] };
  const message = `The environment asks for ${asked}, and the decision log says ${logged}: it may only tighten`;
  return { mode: logged, findings: [makeFinding("GATES_MODE_WEAKENED", message)] };
}
