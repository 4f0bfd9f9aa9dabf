import { dirname, join, relative } from "node:path";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { decisionLog } from "./decision-log.ts";
import { isInside } from "./is-inside.ts";
import { storageFolder } from "./storage-folder.ts";

/**
 * Refuses a root whose log or state a link puts outside of it, or whose state has a file in its place. Nothing would be written there in any case; asked before, a call
 * has not done the half of what it is to do by then.
 */
export async function requireOwnState(context: Context, directory: string): Promise<void> {
  const log = join(directory, decisionLog);
  for (const path of [dirname(dirname(log)), dirname(log), log]) await context.mustStayInside(path);
  for (const state of new Set([join(directory, ".gov"), storageFolder(context, directory)])) {
    await context.mustStayInside(state);
    await mustBeFolder(context, state, directory);
    for (const name of await namesIn(context, state)) await context.mustStayInside(join(state, name));
  }
}

async function mustBeFolder({ fs }: Context, state: string, directory: string): Promise<void> {
  const kind = await fs.stat(state).then(
    (stat) => stat.kind,
    () => null,
  );
  if (kind !== null && kind !== "directory")
    throw new InputError(
      "CLI_STATE_UNUSABLE",
      `Cannot keep state in "${isInside(directory, state) ? relative(directory, state) : state}": it is no folder`,
      {
        hint: "move it away: gov makes a folder of its own there",
      },
    );
}

async function namesIn({ fs }: Context, folder: string): Promise<readonly string[]> {
  try {
    return await fs.readdir(folder);
  } catch {
    // Not there yet, or no folder: whoever writes there says so.
    return [];
  }
}
