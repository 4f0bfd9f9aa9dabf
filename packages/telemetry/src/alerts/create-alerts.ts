import type { JsonObject, JsonValue } from "@gov/schema";
import type { Clock } from "../clock.ts";
import type { MetricSnapshot, Sample } from "../metrics/create-metrics.ts";
import {
  type AlertRule,
  type AlertSeverity,
  defaultHoldMs,
  type EnforcementMode,
  type FieldCondition,
  type MetricReading,
  shippedAlerts,
} from "./alert-rules.ts";
import { quantileOf } from "./internal/quantile.ts";

/** What an alert has become. */
export interface AlertNotice {
  readonly name: string;
  readonly requirement: string;
  readonly state: "firing" | "resolved";
  readonly severity: AlertSeverity;
  /** What it is about: the event's subject, or the metric's labels. */
  readonly subject: string;
  readonly summary: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Takes notices of alerts, such as a pager or a chat. */
export interface AlertSink {
  readonly notify: (notice: AlertNotice) => void;
}

/** Something that happened, as far as alerts look at it. */
export interface AlertEvent {
  readonly type: string;
  readonly subject: string;
  readonly payload: JsonObject;
}

/** Options of {@link createAlerts}. */
export interface AlertsOptions {
  readonly clock: Clock;
  /** Tells the mode at the moment; an alert's severity follows it. */
  readonly mode: () => EnforcementMode;
  readonly sink: AlertSink;
  /** @default {@link shippedAlerts} */
  readonly rules?: readonly AlertRule[] | undefined;
  /** Called when a breach begins, to open a ticket (ALR-13). @default nothing */
  readonly onBreach?: ((notice: AlertNotice) => void) | undefined;
  /** Alerts that fire at once at most; beyond them one of its rule fires for the subject `other`. @default 1000 */
  readonly maxFiring?: number | undefined;
}

/** Watches events and metrics. */
export interface Alerts {
  /** Looks at an event. */
  readonly observe: (event: AlertEvent) => void;
  /** Looks at the metrics as they stand, and at the clock: what has lasted long enough fires, what is over is resolved. Call it regularly. */
  readonly evaluate: (snapshots: readonly MetricSnapshot[]) => void;
  /** What fires at the moment, sorted by name and subject. */
  readonly firing: () => readonly AlertNotice[];
}

interface Active {
  readonly notice: AlertNotice;
  readonly rule: AlertRule;
  /** When an event's alert ends by itself, by the monotonic clock. */
  until: number;
}

/**
 * Creates a watch over events and metrics that says when an alert begins and when it ends, once each (ALR-01 to ALR-13). Severity follows the enforcement mode at the
 * moment an alert begins.
 *
 * @throws RangeError when two rules have one name.
 * @example See an alert begin and end
 * ```ts
 * import assert from "node:assert/strict";
 * import { nodeClock } from "@gov/telemetry";
 * import { createAlerts } from "@gov/telemetry/alerts";
 *
 * const notices = [];
 * const alerts = createAlerts({ clock: nodeClock, mode: () => "hard_block", sink: { notify: (notice) => notices.push(notice) } });
 * alerts.observe({ type: "drift.detected", subject: "plan.yaml", payload: {} });
 * alerts.observe({ type: "drift.resolved", subject: "plan.yaml", payload: {} });
 * assert.deepEqual(notices.map(({ state, severity }) => [state, severity]), [["firing", "critical"], ["resolved", "critical"]]);
 * ```
 */
export function createAlerts(options: AlertsOptions): Alerts {
  const { clock, mode, sink, rules = shippedAlerts, onBreach, maxFiring = 1000 } = options;
  const twice = rules.find(({ name }, at) => rules.findIndex((other) => other.name === name) !== at);
  if (twice !== undefined) throw new RangeError(`Cannot watch two rules named "${twice.name}": a name must be unique`);
  const active = new Map<string, Active>();
  const pendingSince = new Map<string, number>();
  const before = new Map<string, number>();
  const lastHour = new Map<string, Look[]>();
  // By rule, when its metric was looked at last.
  const lookedAt = new Map<string, number>();

  /** Returns the key of what fires now: the subject's own, or that of all which are too many. */
  const fire = (rule: AlertRule, subject: string): string => {
    const known = active.has(keyOf(rule, subject)) || active.size < maxFiring;
    const place = known ? subject : overflowSubject;
    const key = keyOf(rule, place);
    const until = clock.monotonicMs() + (rule.holdMs ?? defaultHoldMs);
    const found = active.get(key);
    if (found !== undefined) {
      found.until = until;
      return key;
    }
    const { name, requirement, summary } = rule;
    const severity = rule.severity[mode()];
    const notice: AlertNotice = { name, requirement, state: "firing", severity, subject: place, summary, at: clock.now() };
    active.set(key, { notice, rule, until });
    sink.notify(notice);
    if (rule.isBreach === true) onBreach?.(notice);
    return key;
  };
  const resolve = (key: string): void => {
    const found = active.get(key);
    if (found === undefined) return;
    active.delete(key);
    sink.notify({ ...found.notice, state: "resolved", at: clock.now() });
  };
  const watchMetric = (rule: AlertRule, { definition, samples }: MetricSnapshot): void => {
    if (rule.trigger.kind !== "metric") return;
    const { of, comparison, threshold } = rule.trigger;
    const fired = new Set<string>();
    // Of a gauge nobody has measured a 0 before it is there.
    const since = definition.kind === "gauge" ? undefined : lookedAt.get(rule.name);
    // By the monotonic clock: who sets the other makes nothing last longer or shorter.
    const at = clock.monotonicMs();
    lookedAt.set(rule.name, at);
    for (const sample of samples) {
      const subject = sample.labels.map(([name, value]) => `${name}=${value}`).join(",");
      const key = keyOf(rule, subject);
      const read: Readonly<Record<MetricReading, () => number | null>> = {
        value: () => sample.value,
        p95: () => quantileOf(0.95, sample.buckets, definition),
        increase: () => increaseOf(sample, { key, before, since }),
        hourly: () => increaseOfHour({ value: sample.value, at }, { key, lastHour, since }),
      };
      const value = read[of]();
      const holds = value !== null && (comparison === "above" ? value > threshold : value < threshold);
      if (!holds) pendingSince.delete(key);
      if (holds) {
        const pending = pendingSince.get(key) ?? at;
        pendingSince.set(key, pending);
        if (at - pending >= (rule.forMs ?? 0)) fired.add(fire(rule, subject));
      } else if (of !== "increase") resolve(key);
    }
    // No series is called so: what fires for all that were too many ends when none is any more.
    const other = keyOf(rule, overflowSubject);
    if (of !== "increase" && !fired.has(other)) resolve(other);
  };
  return {
    observe: ({ type, subject, payload }) => {
      for (const rule of rules) {
        const { trigger } = rule;
        if (trigger.kind !== "event") continue;
        if (trigger.endedBy === type) resolve(keyOf(rule, subject));
        if (trigger.type === type && meets(payload, trigger.where)) fire(rule, subject);
      }
    },
    evaluate: (snapshots) => {
      const byName = new Map(snapshots.map((snapshot) => [snapshot.definition.name, snapshot]));
      for (const rule of rules) {
        const snapshot = rule.trigger.kind === "metric" ? byName.get(rule.trigger.metric) : undefined;
        if (snapshot !== undefined) watchMetric(rule, snapshot);
      }
      for (const [key, { rule, until }] of [...active]) {
        const lasts = rule.trigger.kind === "metric" && rule.trigger.of !== "increase";
        if (!lasts && clock.monotonicMs() >= until) resolve(key);
      }
    },
    firing: () => [...active].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { notice }]) => notice),
  };
}

/** What fires in place of all that are too many. */
const overflowSubject = "other";

function keyOf({ name }: AlertRule, subject: string): string {
  return `${name}\0${subject}`;
}

interface Looks {
  readonly key: string;
  /** When the metric was looked at before; undefined when nobody has. */
  readonly since: number | undefined;
}

/**
 * The first look is the comparison for the next: what happened before anybody watched is no increase. A series that was not there at the look before began with 0
 * since: with labels, that is how the first failure shows.
 */
function increaseOf({ value }: Sample, { key, since, before }: Looks & { readonly before: Map<string, number> }): number | null {
  const last = before.get(key) ?? (since === undefined ? undefined : 0);
  before.set(key, value);
  return last === undefined ? null : value - last;
}

interface Look {
  readonly value: number;
  readonly at: number;
}

/** Against the last look that is an hour old, or the first there was; where that is, as for an increase. */
function increaseOfHour(look: Look, { key, since, lastHour }: Looks & { readonly lastHour: Map<string, Look[]> }): number {
  const looks = lastHour.get(key) ?? (since === undefined ? [] : [{ value: 0, at: since }]);
  lastHour.set(key, looks);
  looks.push(look);
  while (looks[1] !== undefined && looks[1].at <= look.at - 3_600_000) looks.shift();
  return look.value - (looks[0] ?? look).value;
}

function meets(payload: JsonObject, where: FieldCondition | undefined): boolean {
  if (where === undefined) return true;
  const value: JsonValue | undefined = Object.hasOwn(payload, where.field) ? payload[where.field] : undefined;
  const { test } = where;
  if (test.is === "missing") return value === undefined || value === null || value === "";
  if (test.is === "above") return typeof value === "number" && value > test.value;
  return typeof value === "string" && test.values.includes(value);
}
