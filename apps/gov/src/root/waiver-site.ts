import { dirname, join } from "node:path";
import { ensureDirectory, replaceFile } from "@gov/atomic-io";
import { type WaiverEntry, type WaiverPolicy, waiverDatabase, waiverPolicyOf } from "@gov/gates/waivers";
import type { Context } from "../context.ts";
import { readEnvironment } from "./environment.ts";
import { isThere } from "./is-there.ts";
import type { Governed } from "./load-governed.ts";
import { readTextFile } from "./read-text-file.ts";
import { readLog, type RootLog } from "./root-log.ts";
import { waiverDatabasePath, waiverEntries } from "./waivers.ts";

/** What stands about waivers in a root: what the log says, and what they may do. */
export interface WaiverSite {
  readonly log: RootLog;
  readonly entries: readonly WaiverEntry[];
  readonly policy: WaiverPolicy;
}

/** Reads it. */
export async function waiverSite(context: Context, { root: { directory }, rules }: Governed): Promise<WaiverSite> {
  const log = await readLog(context, directory);
  const { enforcement } = await readEnvironment(context, { directory, log, rules });
  const policy = waiverPolicyOf(rules.rulebook.waivers, { mode: enforcement.mode });
  return { log, entries: await waiverEntries(context, directory, log), policy };
}

/** Writes the projection of the log anew; returns whether it was another, as after a crash, or when a waiver has ended since. */
export async function writeWaiverDatabase(
  context: Context,
  directory: string,
  { entries, policy, isDry = false }: Pick<WaiverSite, "entries" | "policy"> & { readonly isDry?: boolean },
): Promise<boolean> {
  const path = join(directory, waiverDatabasePath);
  const text = waiverDatabase(entries, { policy, asOf: context.clock.now() });
  if ((await isThere(context, path)) && (await readTextFile(context, path)) === text) return false;
  if (isDry) return true;
  await ensureDirectory(dirname(path), { fs: context.fs });
  await replaceFile(path, text, { fs: context.fs });
  return true;
}
