import { parseTime } from "../../timestamps.ts";
import type { DigestNarrative } from "../digest-narrative.ts";

/** Returns the day that a date is, `YYYY-MM-DD`, or null. */
export function dayOf(date: string): number | null {
  const ms = parseTime(`${date}T00:00:00Z`);
  return ms === null ? null : ms / 86_400_000;
}

/** Returns a narrative whose times and dates are such, the others null; `missing` and `invalid` are told of each. */
export function checkNarrative(
  narrative: DigestNarrative,
  { missing, invalid }: { readonly missing: (what: string) => null; readonly invalid: (what: string) => null },
): DigestNarrative {
  for (const [name, what] of parts) if (narrative[name] === null) missing(what);
  const read = (text: string | null, what: string, parse: (text: string) => number | null): string | null =>
    text === null || parse(text) !== null ? text : invalid(`${what} "${text}" is none`);
  return {
    ...narrative,
    generated: read(narrative.generated, "The time of the digest", parseTime),
    nextDigest: read(narrative.nextDigest, "The date of the next digest", dayOf),
  };
}

const parts = [
  ["frameworkVersion", "The version of the framework"],
  ["generated", "When the digest was generated"],
  ["summary", "The summary"],
  ["nextDigest", "The date of the next digest"],
  ["contact", "Any contact"],
  ["repository", "The repository of the digest"],
] as const;
