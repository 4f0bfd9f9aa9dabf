import { be } from "./be.ts";
import { feC11 } from "./fe-c11.ts";
import { feC33 } from "./fe-c33.ts";
import { fe } from "./fe.ts";
import { governance } from "./governance.ts";
import { pipeline } from "./pipeline.ts";
import { quality } from "./quality.ts";
import { type Preset, type PresetName, presetNames } from "./preset.ts";

/**
 * Every preset that ships, by name.
 *
 * @example Ask a preset which gates stand before the handoff
 * ```ts
 * import assert from "node:assert/strict";
 * import { presets } from "@gov/schema/presets";
 *
 * const before = presets.be.order.filter((name) => presets.be.gates[name]?.triggers.some((step) => step.to === "READY_FOR_HANDOFF"));
 * assert.deepEqual(before, ["schema_lint", "critical_zero"]);
 * ```
 */
export const presets: Readonly<Record<PresetName, Preset>> = { be, fe, "fe-c11": feC11, "fe-c33": feC33, governance, pipeline, quality };

/** True when a text names a preset that ships. */
export function isPresetName(text: string): text is PresetName {
  return (presetNames as readonly string[]).includes(text);
}
