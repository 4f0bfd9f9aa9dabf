import { selectionEvents, type SentinelReport } from "@gov/hydration";
import { compileRoutes, dryRunHydration, type HydrationDryRun } from "@gov/hydration/routing";
import { type Block, type Command, stringFlag, UsageError } from "../command.ts";
import { hydrationInputs, loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/open-root.ts";
import { runSentinelEverywhere } from "../root/run-sentinel.ts";

const noRoutes = { routes: [], overrides: [] };

/** Selects the document of every id, routes it, and looks for documents that would meet, without writing anything. */
export const hydrate: Command = {
  usage: "[root]",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    "dry-run": { type: "boolean", description: "must be given: nothing is written" },
    sentinel: { type: "boolean", description: "select again in other orders, locales and time zones, and fail on any difference" },
  },
  examples: ["gov hydrate --dry-run", "gov hydrate --dry-run --sentinel", "gov hydrate governance --dry-run --format json"],
  async run(context, call) {
    if (call.flags["dry-run"] !== true)
      throw new UsageError("Missing --dry-run", "hydration writes nothing; gov route and gov resolve explain it");
    const governed = await loadGoverned(context, call, call.positionals[0]);
    const { rulebook, routes } = governed.rules;
    const routing = rulebook.routing ?? noRoutes;
    const fallback = compileRoutes(noRoutes);
    const table = routes ?? (fallback.ok ? fallback.value : null);
    const inputs = table === null ? [] : await hydrationInputs(context, governed, table);
    const report = dryRunHydration(inputs, { routing, hydration: rulebook.hydration }, { path: routes?.path ?? undefined });
    const sentinel =
      call.flags["sentinel"] === true ? await runSentinelEverywhere(context, governed, { config: stringFlag(call, "config") }) : null;
    return {
      data: {
        selected: report.placements.length,
        placements: report.placements,
        unresolved: report.unresolved,
        sentinel: sentinel === null ? null : { ok: sentinel.ok, differences: sentinel.differences },
        events: [...selectionEvents(report.selections), ...(sentinel?.event ? [sentinel.event] : [])],
      },
      findings: [...report.findings, ...(sentinel?.findings ?? [])],
      view: [headline(report), ...(sentinel === null ? [] : [sentinelLine(sentinel)]), { type: "lines", lines: moves(report) }],
    };
  },
};

function headline({ ok, placements, unresolved }: HydrationDryRun): Block {
  const routed = placements.filter(({ to }) => to !== null).length;
  const text = `${placements.length} documents selected, ${routed} of them routed, ${unresolved.length} ids unresolved; nothing was written`;
  return { type: "line", mark: ok ? "pass" : "fail", text };
}

function sentinelLine({ ok, differences }: SentinelReport): Block {
  if (ok) return { type: "line", mark: "pass", text: "The same selection in other orders, locales and time zones" };
  return { type: "line", mark: "fail", text: `${differences.length} ids are selected differently elsewhere` };
}

function moves({ placements }: HydrationDryRun): readonly string[] {
  return placements.flatMap(({ artifact, from, to }) => (to === null || to === from ? [] : [`${artifact}: ${from} → ${to}`]));
}
