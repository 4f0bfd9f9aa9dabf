import type { Finding } from "@gov/schema";
import { makeFinding } from "../internal/make-finding.ts";
import { numberOption } from "../internal/options.ts";
import { parseLastInstant, parseTime } from "../internal/parse-time.ts";
import { compareText } from "../internal/text-order.ts";
import { misconfigured, verdictOf } from "../internal/verdict.ts";
import type { ScheduleEvidence } from "../operations-evidence.ts";
import type { Validator } from "./validator.ts";

const day = 86_400_000;

/**
 * `timeline_checker {horizon_days?}`: nothing ends before it begins, nothing begins before what it depends on has ended, nobody works
 * on two things at once, and everything ends within `horizon_days` (90) of the first day of the plan (GAT-10). An end that is a date includes its
 * day; an item that needs something without a date here fails, because nobody can tell.
 */
export const timelineChecker: Validator = {
  type: "timeline_checker",
  options: ["horizon_days"],
  needs: () => ["schedule"],
  evaluate: (config, evidence) => {
    const horizonDays = numberOption(config, { name: "horizon_days", fallback: 90 });
    if (horizonDays === null) return misconfigured(config, "horizon_days must be a number from 0");
    const { from = "", items = [] } = evidence.parts.schedule?.value ?? {};
    if (items.length === 0) return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot judge the timeline: nothing is scheduled")]);
    const begin = parseTime(from) === null ? null : parseTime(from.slice(0, 10));
    if (begin === null) return misconfigured(config, `the plan begins on ${JSON.stringify(from)}, which is no date`);
    const spans = items.map((item): Span => ({ item, start: parseTime(item.start), end: parseLastInstant(item.end) }));
    // Of two items with one id the one that ends last is waited for.
    const byId = new Map<string, Span>();
    for (const span of spans) if (Number(span.end) >= Number(byId.get(span.item.id)?.end ?? -Infinity)) byId.set(span.item.id, span);
    return verdictOf([...spans.flatMap((span) => spanFindings(span, { begin, horizonDays, byId })), ...overlaps(spans)]);
  },
};

interface Span {
  readonly item: ScheduleEvidence["items"][number];
  /** First instant. */
  readonly start: number | null;
  /** Last instant. */
  readonly end: number | null;
}

function spanFindings(
  { item, start, end }: Span,
  world: { readonly begin: number; readonly horizonDays: number; readonly byId: ReadonlyMap<string, Span> },
): readonly Finding[] {
  const conflict = (message: string) => makeFinding("GATES_TIMELINE_CONFLICT", message, item);
  if (start === null || end === null) return [conflict(`"${item.id}" has no dates that can be read`)];
  const early = [...new Set(item.dependencies)].flatMap((id) => {
    const needed = world.byId.get(id);
    if (needed === undefined) return [conflict(`"${item.id}" depends on "${id}", which is not scheduled`)];
    return needed.end !== null && needed.end >= start
      ? [conflict(`"${item.id}" begins on ${item.start}, and "${id}" that it depends on ends on ${needed.item.end}`)]
      : [];
  });
  const last = world.begin + world.horizonDays * day + day - 1;
  return [
    ...(end < start ? [conflict(`"${item.id}" ends on ${item.end}, before it begins on ${item.start}`)] : []),
    ...(start < world.begin ? [conflict(`"${item.id}" begins on ${item.start}, before the plan does`)] : []),
    ...(end > last ? [conflict(`"${item.id}" ends on ${item.end}: the plan reaches ${world.horizonDays} days`)] : []),
    ...early,
  ];
}

function overlaps(spans: readonly Span[]): readonly Finding[] {
  const byOwner = new Map<string, Span[]>();
  for (const span of spans) {
    if (span.item.owner === null || span.start === null || span.end === null) continue;
    const own = byOwner.get(span.item.owner);
    if (own === undefined) byOwner.set(span.item.owner, [span]);
    else own.push(span);
  }
  return [...byOwner].flatMap(([owner, own]) => {
    const sorted = own.sort((a, b) => Number(a.start) - Number(b.start) || compareText(a.item.id, b.item.id));
    let latest: Span | null = null;
    return sorted.flatMap((span) => {
      const busy = latest;
      if (latest === null || Number(span.end) > Number(latest.end)) latest = span;
      if (busy === null || Number(span.start) > Number(busy.end)) return [];
      const message = `"${owner}" works on "${span.item.id}" from ${span.item.start} and on "${busy.item.id}" until ${busy.item.end}`;
      return [makeFinding("GATES_TIMELINE_CONFLICT", message, span.item)];
    });
  });
}
