import type { Actor } from "@gov/gates/rbac";
import { type Call, stringFlag } from "../command.ts";
import type { Context } from "../context.ts";

/** Who acts: a name that nobody has proven yet, by `--actor`, else as git knows the person. */
export async function actorOf(context: Context, call: Call, directory: string): Promise<Actor> {
  const name = stringFlag(call, "actor") ?? (await context.git.userEmail(directory)) ?? "unknown";
  return { name, proof: null };
}

/** An actor as the log records it: nothing marks a proven name, and no name can pass for a proven one. */
export function recordedActor({ name, proof }: Actor): string {
  return proof === null ? `unverified:${name}` : name;
}
