import { type CriterionResult, evaluatePhases, governancePhases, type PhaseReport, phaseFactsOf, pipelinePhases } from "@gov/gates/plan";
import type { GateOutcome } from "@gov/gates";
import type { BeBacklog } from "@gov/schema";
import { type Block, type Command, listFlag, UsageError } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { approvalsOf } from "../root/approvals.ts";
import { cycleIds, cycleState } from "../root/cycle-log.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { readLog } from "../root/root-log.ts";

/** Says of each phase of the plan whether it may begin and end, criterion by criterion, from tasks, gate results and approvals. */
export const planPhase: Command = {
  usage: "[phase]",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    passed: { type: "string", value: "<check>", multiple: true, description: "a check that passed elsewhere, such as ci" },
    given: { type: "string", value: "<input>", multiple: true, description: "an input that is there and is no document" },
    check: { type: "boolean", description: "fail unless the phase may end" },
  },
  examples: ["gov plan phase", "gov plan phase 2 --check", "gov plan phase C --passed ci --passed local"],
  async run(context, call) {
    const [id] = call.positionals;
    const phases = id === undefined ? governancePhases : [governancePhases, pipelinePhases].find((all) => all.some((one) => one.id === id));
    const ids = [...governancePhases, ...pipelinePhases].map((one) => one.id).join(", ");
    if (phases === undefined) throw new UsageError(`There is no phase "${String(id)}"`, `one of ${ids}`);
    const governed = await loadGoverned(context, call);
    const { directory } = governed.root;
    const log = await readLog(context, directory);
    const { artifacts } = governed.documents;
    const approvals = await approvalsOf(context, directory, log);
    const approved = artifacts.filter(({ digest }) => approvals.some((approval) => approval.digest === digest));
    const authors = new Map(
      await Promise.all(approved.map(async ({ path }) => [path, await context.git.authors(directory, path)] as const)),
    );
    const plans = artifacts.filter(({ kind }) => kind === "be_backlog" || kind === "fe_task_breakdown");
    const results = cycleIds(log).flatMap((cycle) => Object.entries(cycleState(governed, log, cycle).gateResults));
    const isRepository = (await context.git.revision(directory)) !== null;
    const facts = phaseFactsOf({
      plans: plans.map(({ data }) => data as unknown as BeBacklog),
      documents: artifacts,
      approvals,
      authors,
      gates: new Map(results),
      checks: new Map(listFlag(call, "passed").map((name): [string, GateOutcome] => [name, "PASS"])),
      inputs: [...listFlag(call, "given"), ...(isRepository ? ["repository"] : [])],
    });
    const reports = evaluatePhases(phases, facts).filter((report) => id === undefined || report.id === id);
    const isOpen = reports.some(({ mayEnd }) => !mayEnd);
    return {
      data: { phases: reports },
      findings: [],
      exitCode: call.flags["check"] === true && isOpen ? exitCodes.findings : exitCodes.ok,
      view: reports.flatMap((report) => phaseView(report, String(phases.find((one) => one.id === report.id)?.title))),
    };
  },
};

function phaseView({ id, mayBegin, mayEnd, entrance, exit }: PhaseReport, title: string): readonly Block[] {
  const problems = (criteria: readonly CriterionResult[]) => criteria.flatMap(({ problem }) => problem ?? []);
  const stands = mayEnd ? "may end" : mayBegin ? "may begin, and not end yet" : "may not begin";
  return [
    { type: "line", mark: mayEnd ? "pass" : mayBegin ? "warn" : "fail", text: `Phase ${id}, ${title}: ${stands}` },
    { type: "lines", lines: [...problems(entrance).map((one) => `to begin: ${one}`), ...problems(exit).map((one) => `to end: ${one}`)] },
  ];
}
