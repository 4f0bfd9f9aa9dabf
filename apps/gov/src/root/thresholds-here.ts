import { type PresetThresholds, presets } from "@gov/schema/presets";
import { type Call, InputError, stringFlag } from "../command.ts";
import type { Context } from "../context.ts";
import { loadGoverned } from "./load-governed.ts";

/** The numbers in force in the root that a call means; outside of every root, where it names none, the documented defaults. */
export async function thresholdsHere(context: Context, call: Call): Promise<PresetThresholds> {
  const isNamed = stringFlag(call, "root") !== undefined || stringFlag(call, "config") !== undefined;
  try {
    return (await loadGoverned(context, call)).rules.thresholds;
  } catch (error) {
    if (!isNamed && error instanceof InputError && error.code === "CLI_NO_CONFIGURATION") return presets.governance.thresholds;
    throw error;
  }
}
