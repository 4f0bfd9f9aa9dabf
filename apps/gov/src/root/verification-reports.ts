import { defaultVerticals, openVerification, type Verification } from "@gov/index-writer/verification";
import type { Context } from "../context.ts";
import type { GovernedRoot } from "./open-root.ts";

/** The verticals of a root: those of its configuration, each with globs of its documents, or the usual ones over every document. */
export function verticalsOf({ config }: Pick<GovernedRoot, "config">): Readonly<Record<string, readonly string[]>> {
  if (Object.keys(config.verticals).length > 0) return config.verticals;
  return Object.fromEntries(defaultVerticals.map((name) => [name, ["**"]]));
}

/** Opens the verification reports of a root for one piece of work, as the one writer of them. */
export async function withReports<T>(context: Context, root: GovernedRoot, work: (reports: Verification) => Promise<T>): Promise<T> {
  const { fs, lockWaitMs: timeoutMs } = context;
  const reports = await openVerification(root.directory, { verticals: Object.keys(verticalsOf(root)), fs, timeoutMs });
  try {
    return await work(reports);
  } finally {
    await reports.close();
  }
}
