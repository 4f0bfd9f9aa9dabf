import { effectiveWriteMode, type WriteMode, writeModes } from "@gov/atomic-io/modes";
import type { Rulebook } from "@gov/schema";
import type { Context } from "../context.ts";

/** The way of writing, who says so, and what is wrong with what the environment asked for. */
interface WriteModeInForce {
  readonly mode: WriteMode;
  readonly origin: "default" | "environment" | "rules";
  readonly problem: string | null;
}

/** The way of writing that the rules say, or a stricter one where the environment asks for it. */
export function writeModeInForce({ env }: Pick<Context, "env">, sync: Rulebook["sync"]): WriteModeInForce {
  const said = sync?.write_mode;
  const configured = writeModes.find((mode) => mode === said) ?? "atomic";
  const { mode, problem } = effectiveWriteMode(configured, env["MEMORY_WRITES_MODE"]);
  return { mode, origin: mode === configured ? (said === undefined ? "default" : "rules") : "environment", problem };
}
