/**
 * A durable queue between many clients and one writer: idempotent appends, gap-free order, at-least-once delivery.
 *
 * @example Append twice, deliver once
 * ```ts
 * import assert from "node:assert/strict";
 * import { openBridge } from "@gov/index-writer/bridge";
 *
 * const delivered = [];
 * const bridge = await openBridge("queue", { deliver: async ({ seq, payload }) => void delivered.push([seq, payload]) });
 * await bridge.append("report-1", { verdict: "PASS" });
 * assert.deepEqual(await bridge.append("report-1", { verdict: "PASS" }), { seq: 1, duplicate: true });
 * await assert.rejects(bridge.append("report-1", { verdict: "FAIL" }), { code: "INDEX_BRIDGE_CONFLICT" });
 * await bridge.drain();
 * await bridge.close();
 * assert.deepEqual(delivered, [[1, { verdict: "PASS" }]]);
 * ```
 *
 * @packageDocumentation
 */
export { backoffDelay, type BackoffOptions } from "./backoff.ts";
export type { Bridge, BridgeEntry, BridgeHealth, DeadLetter, DrainReport } from "./bridge.ts";
export { type BreakerState, type CircuitBreaker, type CircuitBreakerOptions, createCircuitBreaker } from "./circuit-breaker.ts";
export { openBridge, type OpenBridgeOptions } from "./open-bridge.ts";
export { type BridgeReading, readBridge } from "./read-bridge.ts";
