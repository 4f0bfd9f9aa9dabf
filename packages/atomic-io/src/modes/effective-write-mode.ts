import { type WriteMode, writeModes } from "./mode-rules.ts";

/** The way of writing in force; `problem` says why the environment was not followed. */
export interface EffectiveWriteMode {
  readonly mode: WriteMode;
  readonly problem: string | null;
}

/**
 * The way of writing in force: what is configured, and a stricter one where the environment asks for it; the modes get stricter from `direct` to `bridge`.
 * An environment that asks for less, or for what is no mode, changes nothing and is told about.
 *
 * @param environment - the value of the variable, such as `MEMORY_WRITES_MODE`; undefined when it is not set.
 * @example Only tighten
 * ```ts
 * import assert from "node:assert/strict";
 * import { effectiveWriteMode } from "@gov/atomic-io/modes";
 *
 * assert.equal(effectiveWriteMode("atomic", "dual_write").mode, "dual_write");
 * assert.equal(effectiveWriteMode("atomic", "direct").mode, "atomic");
 * ```
 */
export function effectiveWriteMode(configured: WriteMode, environment: string | undefined): EffectiveWriteMode {
  const asked = environment?.trim().toLowerCase() ?? "";
  if (asked === "") return { mode: configured, problem: null };
  const mode = writeModes.find((known) => known === asked);
  if (mode === undefined) return { mode: configured, problem: `"${asked}" is no way of writing: expected one of ${writeModes.join(", ")}` };
  if (writeModes.indexOf(mode) >= writeModes.indexOf(configured)) return { mode, problem: null };
  return { mode: configured, problem: `The environment asks for ${mode}, and ${configured} is configured: it may only tighten` };
}
