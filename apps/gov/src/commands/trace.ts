import { checkWorkItems, compareFindings, readTraceTasks, type TraceKpi, traceTasks } from "@gov/schema";
import { type Command, InputError, UsageError } from "../command.ts";
import { cycleArtifacts } from "../root/cycle-evidence.ts";
import { parsedDocument, storyMapOf } from "../root/parsed-documents.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";

/** Follows every task of a cycle over its stories to the KPIs that count it, and holds the tasks to the fields that the preset asks for. */
export const trace: Command = {
  usage: "<cycle>",
  maxPositionals: 1,
  flags: { ...rootFlags, unlinked: { type: "boolean", description: "only the tasks that lead to no story or no KPI" } },
  examples: ["gov trace PLN-BE-2026-01", "gov trace PLN-BE-2026-01 --unlinked"],
  async run(context, call) {
    const [cycle] = call.positionals;
    if (cycle === undefined) throw new UsageError("Missing the cycle to trace");
    const governed = await loadGoverned(context, call);
    const artifacts = await cycleArtifacts(context, governed, cycle);
    const plans = artifacts
      .filter(({ kind }) => kind === "be_backlog" || kind === "fe_task_breakdown")
      .flatMap(({ path }) => parsedDocument(governed, path) ?? []);
    if (plans.length === 0)
      throw new InputError("CLI_NO_SUCH_CYCLE", `No plan of cycle "${cycle}" is there`, { hint: "gov cycle lists the cycles" });
    const { preset, rulebook } = governed.rules;
    const traced = traceTasks({
      tasks: plans.flatMap((plan) => readTraceTasks(plan)),
      stories: artifacts.filter(({ kind }) => kind === "story_map").flatMap((map) => storyMapOf(governed, map).nodes),
      kpis: Object.entries(rulebook.kpis).map(([name, { counts }]): TraceKpi => ({ name, storyNodes: counts ?? "every" })),
    });
    const findings = [...traced.findings, ...plans.flatMap((plan) => checkWorkItems(plan, preset.workItemFields))].sort(compareFindings);
    const unlinked = traced.rows.filter(({ stories, kpis }) => stories.length === 0 || kpis.length === 0);
    const shown = call.flags["unlinked"] === true ? unlinked : traced.rows;
    const { storiesWithoutTasks, kpisWithoutTasks } = traced;
    return {
      data: { cycle, tasks: shown, unlinked: unlinked.length, storiesWithoutTasks, kpisWithoutTasks },
      findings,
      view: [
        {
          type: "table",
          head: ["task", "stories", "kpis"],
          rows: shown.map(({ task, stories, kpis }) => [task, stories.join(", "), kpis.join(", ")]),
        },
        {
          type: "line",
          mark: findings.length === 0 ? "pass" : "fail",
          text: `${traced.rows.length} tasks, ${unlinked.length} unlinked; ${storiesWithoutTasks.length} stories and ${kpisWithoutTasks.length} KPIs without a task`,
        },
      ],
    };
  },
};
