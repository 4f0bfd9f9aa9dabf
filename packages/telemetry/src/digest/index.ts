/**
 * The digest of a cycle: every number computed from data, everything missing shown as missing.
 *
 * @example Compute and render a digest
 * ```ts
 * import assert from "node:assert/strict";
 * import { planDigest, renderDigest } from "@gov/telemetry/digest";
 *
 * const model = planDigest({
 *   cycleId: "PLN-BE-2024-01",
 *   date: "2024-01-15",
 *   period: { from: "2024-01-01", to: "2024-01-15" },
 *   tasks: { completed: 23, total: 28 },
 *   gates: [{ id: "schema_lint", outcome: "PASS", evidence: ["VERIFICATION/schema_lint.json"] }],
 *   criticalIssues: 0,
 *   kpis: [{ name: "Gate Compliance", unit: "%", direction: "at_least", target: 95, actual: null }],
 *   improvements: [],
 *   manifest: null,
 *   artifacts: [],
 * });
 * assert.equal(model.status, "DRAFT");
 * assert.match(renderDigest(model, { format: "c22-short" }), /Tasks Completed\*\*: 23\/28 \(82%\)/);
 * ```
 *
 * @packageDocumentation
 */
export { bodyHashLabel, digestBodyHash, holdsDigestBody, verificationHeading } from "./digest-body.ts";
export type { DigestNarrative, NarrativeItem } from "./digest-narrative.ts";
export { findAnomalies, type MeasuredKpi } from "./find-anomalies.ts";
export { improvementActions } from "./improvement-actions.ts";
export { percentOf } from "./percent.ts";
export {
  type DigestContext,
  type DigestData,
  type DigestGate,
  type DigestKpi,
  type DigestModel,
  type DigestReference,
  type ImprovementAction,
  type JudgedKpi,
  planDigest,
} from "./plan-digest.ts";
export { renderDigest, type RenderDigestOptions } from "./render-digest.ts";
export { toDigestKpi } from "./to-digest-kpi.ts";
