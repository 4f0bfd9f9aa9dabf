import { type HydrationEvent, hydrationEventNames, runSentinel, selectAll } from "@gov/hydration";
import { evaluateDrift, resolveEffectiveRouting } from "@gov/hydration/drift";
import { checkRouting, compileRoutes, type RouteTable } from "@gov/hydration/routing";
import { presets } from "@gov/schema/presets";
import { type AlertNotice, createAlerts, shippedAlerts } from "@gov/telemetry/alerts";
import { describe, expect, it } from "vitest";

/** Hands events of hydration to the alerts that ship, as the application connects them. */
function watch(): { readonly hear: (...events: readonly HydrationEvent[]) => void; readonly states: () => readonly string[] } {
  const notices: AlertNotice[] = [];
  const alerts = createAlerts({
    clock: { now: () => 0, monotonicMs: () => 0 },
    mode: () => "hard_block",
    sink: { notify: (notice) => notices.push(notice) },
  });
  return {
    hear: (...events) => {
      for (const { name, fields } of events) alerts.observe({ type: name, subject: fields.subject, payload: fields });
    },
    states: () => notices.splice(0).map(({ requirement, state, subject }) => `${requirement} ${state} ${subject}`),
  };
}

function tableOf(...places: readonly string[]): RouteTable {
  const routes = places.map((to, index) => ({ id: `r${index}`, match: { kind: "plan" }, to, precedence: 0 }));
  const compiled = compileRoutes({ routes, overrides: [] }, { path: "rules/artifact_routing.mdc" });
  if (!compiled.ok) throw new Error("the rules are sound");
  return compiled.value;
}

describe("events of hydration", () => {
  it("fire and end the alerts on drift (ALR-01, ALR-08)", () => {
    const subjects = Array.from({ length: 20 }, (_, index) => ({ id: `P-${index}`, kind: "plan", status: null, tags: [] }));
    const [baseline, moved] = [tableOf("a/{id}.md"), tableOf("b/{id}.md")].map((table) => resolveEffectiveRouting(table, subjects));
    if (baseline === undefined || moved === undefined) throw new Error("there are two");
    const { hear, states } = watch();
    const threshold = 0.05;
    hear(...evaluateDrift({ baseline, current: moved, threshold }).events);
    expect(states()).toEqual(["ALR-01 firing routing_effective.shadow.json", "ALR-08 firing routing_effective.shadow.json"]);
    hear(
      ...evaluateDrift({
        baseline,
        current: { ...baseline, routes: [...baseline.routes.slice(1), ...moved.routes.slice(0, 1)] },
        threshold,
      }).events,
    );
    expect(states()).toEqual(["ALR-08 resolved routing_effective.shadow.json"]);
    hear(...evaluateDrift({ baseline, current: baseline, threshold }).events);
    expect(states()).toEqual(["ALR-01 resolved routing_effective.shadow.json"]);
  });

  it("fire the alert on conflicting routes, which a drift that is over does not end (ALR-02)", () => {
    const { hear, states } = watch();
    hear(checkRouting(tableOf("a/{id}.md", "b/{id}.md")).event);
    expect(states()).toEqual(["ALR-02 firing rules/artifact_routing.mdc"]);
    const routing = resolveEffectiveRouting(tableOf("a/{id}.md"), []);
    hear(...evaluateDrift({ baseline: routing, current: routing, threshold: 0 }).events);
    expect(states()).toEqual([]);
    hear(checkRouting(tableOf("a/{id}.md")).event);
    expect(states()).toEqual(["ALR-02 resolved rules/artifact_routing.mdc"]);
  });

  it("fire the alert on a selection that depends on the order (ALR-03)", () => {
    const { hear, states } = watch();
    const candidates = ["a.md", "b.md"].map((path) => ({
      id: "P",
      path,
      version: null,
      status: null,
      commitTime: null,
      digest: `sha256:${"a".repeat(64)}` as const,
    }));
    const spec = presets.be.hydration;
    const report = runSentinel(candidates, spec, { seed: 1, shuffles: 1, select: (list) => selectAll(list.slice(0, 1), spec) });
    if (report.event !== null) hear(report.event);
    expect(states()).toEqual(["ALR-03 firing P"]);
  });

  it("carry the names that alerts listen to", () => {
    const heard = shippedAlerts.flatMap(({ trigger }) => (trigger.kind === "event" ? [trigger.type, trigger.endedBy] : []));
    const recorded = ["hydration.selected", "hydration.unresolved"];
    for (const name of hydrationEventNames) expect([name, heard.includes(name) || recorded.includes(name)]).toEqual([name, true]);
  });
});
