import { type Call, type Flag, stringFlag } from "../command.ts";
import type { Context } from "../context.ts";

/** Flag of every command that records who acted. */
export const actorFlags: Readonly<Record<string, Flag>> = {
  actor: { type: "string", value: "<name>", description: "who acts (default: git's user.email); recorded as unverified" },
};

/** Who acts, as recorded: nobody's identity is proven here, and the record says so. */
export async function actorOf(context: Context, call: Call, directory: string): Promise<string> {
  const name = stringFlag(call, "actor") ?? (await context.git.userEmail(directory)) ?? "unknown";
  return `unverified:${name}`;
}
