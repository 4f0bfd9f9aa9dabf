import type { Finding } from "@gov/schema";
import { makeFinding } from "../internal/make-finding.ts";
import { numberOption } from "../internal/options.ts";
import { parseTime } from "../internal/parse-time.ts";
import { compareText } from "../internal/text-order.ts";
import { misconfigured, verdictOf } from "../internal/verdict.ts";
import type { ScheduleEvidence } from "../operations-evidence.ts";
import type { Validator } from "./validator.ts";

const day = 86_400_000;

/**
 * `timeline_checker {horizon_days?}`: nothing ends before it begins, nothing begins before what it depends on has ended, nobody works
 * on two things at once, and everything ends within `horizon_days` (90) of the beginning of the plan (GAT-10).
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
    const begin = parseTime(from);
    if (begin === null) return misconfigured(config, `the plan begins on ${JSON.stringify(from)}, which is no date`);
    const spans = items.map((item): Span => ({ item, start: parseTime(item.start), end: parseTime(item.end) }));
    return verdictOf([...spans.flatMap((span) => spanFindings(span, { begin, horizonDays, spans })), ...overlaps(spans)]);
  },
};

interface Span {
  readonly item: ScheduleEvidence["items"][number];
  readonly start: number | null;
  readonly end: number | null;
}

function spanFindings(
  { item, start, end }: Span,
  world: { readonly begin: number; readonly horizonDays: number; readonly spans: readonly Span[] },
): readonly Finding[] {
  const conflict = (message: string) => makeFinding("GATES_TIMELINE_CONFLICT", message, item);
  if (start === null || end === null) return [conflict(`"${item.id}" has no dates that can be read`)];
  const early = item.dependencies.flatMap((id) => {
    const needed = world.spans.find((span) => span.item.id === id);
    return needed?.end !== null && needed !== undefined && needed.end >= start
      ? [conflict(`"${item.id}" begins on ${item.start}, and "${id}" that it depends on ends on ${needed.item.end}`)]
      : [];
  });
  const last = world.begin + world.horizonDays * day;
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
    byOwner.set(span.item.owner, [...(byOwner.get(span.item.owner) ?? []), span]);
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
