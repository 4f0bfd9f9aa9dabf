import type { HydrationEvent } from "./hydration-event.ts";
import type { Selection } from "./select-artifact.ts";

// A record tells what lost, not all of a thousand copies; the selection has every candidate.
const listed = 20;

/**
 * Tells selections as events for telemetry and the audit log (HYD-06): per id `hydration.selected` with winner, deciding rule and
 * losers, or `hydration.unresolved` with the candidates. In the order of the selections; nothing for no candidate.
 *
 * @example Record a selection
 * ```ts
 * import assert from "node:assert/strict";
 * import { selectArtifact, selectionEvents } from "@gov/hydration";
 * import { presets } from "@gov/schema/presets";
 *
 * const file = { id: "PLN-1", path: "a.md", version: null, status: "draft", commitTime: null, digest: `sha256:${"a".repeat(64)}` };
 * const [event] = selectionEvents([selectArtifact([file], presets.be.hydration)]);
 * assert.equal(event.name, "hydration.selected");
 * assert.deepEqual(event.fields, { subject: "PLN-1", path: "a.md", digest: file.digest, rule: "solo", candidates: 1, lost: [] });
 * ```
 */
export function selectionEvents(selections: Iterable<Selection>): readonly HydrationEvent[] {
  return [...selections].flatMap(({ id, winner, rule, trace }): readonly HydrationEvent[] => {
    if (id === null) return [];
    const lost = trace.filter(({ verdict }) => verdict === "lost").slice(0, listed);
    const losers = lost.map((entry) => ({ path: entry.path, rule: entry.rule }));
    const shared = { subject: id, candidates: trace.length, lost: losers };
    if (winner === null) return [{ name: "hydration.unresolved", fields: shared }];
    return [{ name: "hydration.selected", fields: { ...shared, path: winner.path, digest: winner.digest, rule } }];
  });
}
