import type { Finding, GateConfig, JsonObject, JsonValue } from "@gov/schema";
import { compareFindings, isJsonObject } from "@gov/schema";
import { makeFinding } from "../internal/make-finding.ts";
import { parseTime } from "../internal/parse-time.ts";
import type { DocsEvidence } from "../operations-evidence.ts";
import { judgeDocs } from "../validators/docs-freshness.ts";
import type { Waiver } from "../waivers/waiver.ts";

/** What time alone can make due. */
export interface DueFacts {
  /** Documents that say when they are to be reviewed next, as written. */
  readonly reviews: readonly { readonly id: string; readonly path: string; readonly nextReview: string }[];
  /** Waivers that were granted and not revoked. */
  readonly waivers: readonly Waiver[];
  /** Documents that say what they document, and when either changed. */
  readonly pages: DocsEvidence["pages"];
  /** The gates in force: their `docs_freshness` says how long documentation may follow. */
  readonly gates: Readonly<Record<string, GateConfig>>;
}

/** What happened because its time had come, for the decision log. */
export type DueEntry = { readonly type: (typeof dueEntryTypes)[number]; readonly payload: JsonObject };

/** Every type of {@link DueEntry}. */
export const dueEntryTypes = ["docs.refreshed", "docs.stale", "review.due", "waiver.expired"] as const;

/** What is new since the log was written, and what a person should look at. */
export interface DuePlan {
  readonly entries: readonly DueEntry[];
  readonly findings: readonly Finding[];
}

const day = 86_400_000;
const noticeDays = 14;

/**
 * Decides what the passing of time has brought: reviews whose date has come, waivers that have expired, documentation that has fallen behind what it
 * documents or caught up with it. What the log tells already is not told again, so that the same call at the same time plans nothing the second time;
 * findings stay until somebody has acted. Waivers that end within 14 days are a warning (GOV-19, GOV-10).
 *
 * @param options.recorded - the events of the decision log, in order.
 * @param options.asOf - the instant of the judgement, ISO 8601.
 * @throws RangeError when `asOf` is no time.
 * @example A review whose day has come is recorded once
 * ```ts
 * import assert from "node:assert/strict";
 * import { planDue } from "@gov/gates/governance";
 *
 * const facts = { reviews: [{ id: "plan", path: "plan.md", nextReview: "2026-03-01" }], waivers: [], pages: [], gates: {} };
 * const first = planDue(facts, { recorded: [], asOf: "2026-03-02" });
 * assert.deepEqual(first.entries, [{ type: "review.due", payload: { id: "plan", path: "plan.md", due: "2026-03-01" } }]);
 * const second = planDue(facts, { recorded: [...first.entries], asOf: "2026-03-02" });
 * assert.deepEqual([second.entries, second.findings.length], [[], 1]);
 * ```
 */
export function planDue(facts: DueFacts, options: { readonly recorded: readonly JsonValue[]; readonly asOf: string }): DuePlan {
  const now = parseTime(options.asOf);
  if (now === null) throw new RangeError(`Cannot tell what is due: "${options.asOf}" is no time`);
  const known = options.recorded.flatMap((event) => (isDueEntry(event) ? [event] : []));
  const plans = [reviewsDue(facts, { known, now }), waiversDue(facts, { known, now }), docsDue(facts, { known, asOf: options.asOf })];
  return {
    entries: plans.flatMap(({ entries }) => entries),
    findings: plans.flatMap(({ findings }) => findings).sort(compareFindings),
  };
}

function isDueEntry(value: JsonValue): value is DueEntry & JsonObject {
  return isJsonObject(value) && (dueEntryTypes as readonly unknown[]).includes(value["type"]) && isJsonObject(value["payload"]);
}

function isKnown(known: readonly DueEntry[], type: DueEntry["type"], same: JsonObject): boolean {
  return known.some((entry) => entry.type === type && Object.entries(same).every(([field, value]) => entry.payload[field] === value));
}

function reviewsDue({ reviews }: DueFacts, { known, now }: { readonly known: readonly DueEntry[]; readonly now: number }): DuePlan {
  const entries: DueEntry[] = [];
  const findings: Finding[] = [];
  for (const { id, path, nextReview: due } of reviews) {
    const time = parseTime(due);
    if (time === null)
      findings.push(makeFinding("GATES_REVIEW_DUE", `"${id}" is to be reviewed on ${JSON.stringify(due)}, which is no date`, { path }));
    else if (time <= now) {
      if (!isKnown(known, "review.due", { id, due })) entries.push({ type: "review.due", payload: { id, path, due } });
      const finding = makeFinding("GATES_REVIEW_DUE", `"${id}" was to be reviewed on ${due}`, {
        path,
        hint: "Review it, and set next_review anew",
      });
      findings.push({ ...finding, severity: "warning" });
    }
  }
  return { entries, findings };
}

function waiversDue({ waivers }: DueFacts, { known, now }: { readonly known: readonly DueEntry[]; readonly now: number }): DuePlan {
  const entries: DueEntry[] = [];
  const findings: Finding[] = [];
  for (const { id, path, rule, expires } of waivers) {
    const time = parseTime(expires);
    // One whose end cannot be read is refused wherever it is applied.
    if (time === null || time > now + noticeDays * day) continue;
    if (time <= now) {
      if (!isKnown(known, "waiver.expired", { id })) entries.push({ type: "waiver.expired", payload: { id, rule, expires } });
      continue;
    }
    const hint = "Mend what it waives, or ask for another";
    const finding = makeFinding("GATES_WAIVER_EXPIRING", `Waiver "${id}" of ${rule} expires on ${expires}`, { path, hint });
    findings.push({ ...finding, severity: "warning" });
  }
  return { entries, findings };
}

function docsDue({ pages, gates }: DueFacts, { known, asOf }: { readonly known: readonly DueEntry[]; readonly asOf: string }): DuePlan {
  const configs = Object.values(gates).flatMap(({ validators }) => validators.filter(({ type }) => type === "docs_freshness"));
  const [config = { type: "docs_freshness" }] = configs;
  const { findings } = judgeDocs(config, { asOf, pages });
  const stale = new Set(findings.map(({ path }) => path));
  const entries = pages.flatMap(({ path, changedAt }): readonly DueEntry[] => {
    if (stale.has(path))
      return isKnown(known, "docs.stale", { path, changed_at: changedAt })
        ? []
        : [{ type: "docs.stale", payload: { path, changed_at: changedAt } }];
    const last = known.findLast(({ type, payload }) => type.startsWith("docs.") && payload["path"] === path);
    return last?.type === "docs.stale" ? [{ type: "docs.refreshed", payload: { path } }] : [];
  });
  return { entries, findings };
}
