/**
 * Every alert the sources name, over events and metrics, with a severity that follows the enforcement mode.
 *
 * @packageDocumentation
 */
export {
  type AlertRule,
  type AlertSeverity,
  type AlertTrigger,
  defaultHoldMs,
  type EnforcementMode,
  enforcementModes,
  type FieldCondition,
  type MetricReading,
  shippedAlerts,
} from "./alert-rules.ts";
export { alertsWithThresholds, type AlertThresholds } from "./alerts-with-thresholds.ts";
export { type AlertEvent, type AlertNotice, type Alerts, type AlertSink, type AlertsOptions, createAlerts } from "./create-alerts.ts";
export { alertEventsMetric, renderAlertRules, type RenderAlertRulesOptions } from "./render-alert-rules.ts";
