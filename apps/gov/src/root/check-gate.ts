import type { Call } from "../command.ts";
import type { Context } from "../context.ts";
import { checkRoot } from "./check-root.ts";

/** The verification gate of a root: `gov check` finds no error in what stands there. */
export async function passesCheck(context: Context, call: Call): Promise<boolean> {
  const { findings } = await checkRoot(context, call, { positional: undefined });
  return findings.every(({ severity }) => severity !== "error");
}
