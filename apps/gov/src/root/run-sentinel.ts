import { compareSentinelRuns, selectAll, type Selection, sentinelInputs, type SentinelReport, type SentinelRun } from "@gov/hydration";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { candidatesOf, type Governed } from "./load-governed.ts";

/** Where the same selection is made again: two locales that sort differently, two time zones that are never on one day. */
const elsewhere = [
  { locale: "de_DE.UTF-8", timeZone: "America/Los_Angeles" },
  { locale: "sv_SE.UTF-8", timeZone: "Pacific/Kiritimati" },
] as const;

/** Selects in many orders here, and once in each other locale and time zone by a process of its own, and compares (HYD-03). */
export async function runSentinelEverywhere(
  context: Context,
  governed: Governed,
  options: { readonly config: string | undefined },
): Promise<SentinelReport> {
  const { hydration } = governed.rules.rulebook;
  const orders = sentinelInputs(await candidatesOf(context, governed), { seed: 1, shuffles: 8 });
  const here = orders.map(({ name, candidates }): SentinelRun => ({ name, selections: selectAll(candidates, hydration) }));
  const argv = [
    "resolve",
    "--root",
    governed.root.directory,
    ...(options.config === undefined ? [] : ["--config", options.config]),
    "--format",
    "json",
  ];
  const there = elsewhere.map(async ({ locale, timeZone }): Promise<SentinelRun> => {
    const output = await context.rerun(argv, { LC_ALL: locale, LANG: locale, TZ: timeZone });
    return { name: `${locale}, ${timeZone}`, selections: selectionsOf(output) };
  });
  return compareSentinelRuns([...here, ...(await Promise.all(there))]);
}

function selectionsOf(output: string): ReadonlyMap<string, Selection> {
  const { selections } = JSON.parse(output) as { readonly selections?: readonly Selection[] };
  if (selections === undefined)
    throw new InputError("CLI_SENTINEL_FAILED", "Cannot compare selections: one under another locale and time zone failed");
  return new Map(selections.map((selection) => [selection.id ?? "", selection]));
}
