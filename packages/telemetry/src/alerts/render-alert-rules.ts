import { type AlertRule, defaultHoldMs, type EnforcementMode, shippedAlerts } from "./alert-rules.ts";

/** Options of {@link renderAlertRules}. */
export interface RenderAlertRulesOptions {
  /** Mode whose severities are written. */
  readonly mode: EnforcementMode;
  /** @default {@link shippedAlerts} */
  readonly rules?: readonly AlertRule[] | undefined;
}

/** Counter of events that alerts look at, by rule: what stands behind the generated rules of event alerts. */
export const alertEventsMetric = "gov_alert_events_total";

/**
 * Returns a rule file for Prometheus with one alert per rule. Event alerts read the counter `gov_alert_events_total`, which whoever feeds the events increments by
 * the rule's name; the file is the same bytes for the same rules and mode.
 */
export function renderAlertRules({ mode, rules = shippedAlerts }: RenderAlertRulesOptions): string {
  const blocks = rules.map((rule) => {
    const { name, requirement, summary, severity, forMs = 0 } = rule;
    return [
      `      - alert: ${name}`,
      `        expr: ${quote(expressionOf(rule))}`,
      ...(forMs === 0 ? [] : [`        for: ${String(Math.ceil(forMs / 1000))}s`]),
      `        labels:`,
      `          severity: ${severity[mode]}`,
      `          enforcement_mode: ${mode}`,
      `        annotations:`,
      `          summary: ${quote(summary)}`,
      `          requirement: ${quote(requirement)}`,
    ].join("\n");
  });
  return `groups:\n  - name: gov\n    rules:\n${blocks.join("\n")}\n`;
}

function expressionOf({ name, trigger, holdMs = defaultHoldMs }: AlertRule): string {
  const window = `[${String(Math.ceil(holdMs / 1000))}s]`;
  if (trigger.kind === "event") return `increase(${alertEventsMetric}{alert="${name}"}${window}) > 0`;
  const { metric, of, comparison, threshold } = trigger;
  const sign = comparison === "above" ? ">" : "<";
  const value =
    of === "value"
      ? metric
      : of === "increase"
        ? `increase(${metric}${window})`
        : of === "hourly"
          ? `increase(${metric}[1h])`
          : `histogram_quantile(0.95, sum by (le) (rate(${metric}_bucket[5m])))`;
  return `${value} ${sign} ${String(threshold)}`;
}

/** A double-quoted YAML scalar; what JSON writes is one. */
function quote(text: string): string {
  return JSON.stringify(text);
}
