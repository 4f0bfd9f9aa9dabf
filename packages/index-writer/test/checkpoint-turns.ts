import { execFileSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";

/** How a checkpoint treated the event loop. */
export interface CheckpointTurns {
  /** The longest time between two turns, without that for which another thread had the processor. */
  readonly longestMs: number;
  readonly turns: number;
  readonly ms: number;
}

/** Lets a process of its own write checkpoints: the first of an index, one over it, and one after opening. */
export function checkpointTurns(records: number): Readonly<Record<"first" | "second" | "reopened", CheckpointTurns>> {
  const options = ["--expose-gc", "--conditions=@gov/source", "--experimental-strip-types"];
  const env = { ...process.env, NODE_NO_WARNINGS: "1" };
  const script = join(import.meta.dirname, "checkpoint-turns.mjs");
  return JSON.parse(execFileSync(process.execPath, [...options, script, String(records)], { encoding: "utf8", env })) as ReturnType<
    typeof checkpointTurns
  >;
}
