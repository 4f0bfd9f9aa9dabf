import { evaluateGates, type GateReport, type GateTrigger } from "@gov/gates";
import type { LifecycleState } from "@gov/schema";
import { type Block, type Command, InputError, type Mark, stringFlag, UsageError } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { cycleEvidence } from "../root/cycle-evidence.ts";
import { cycleState, readCycleLog } from "../root/cycle-log.ts";
import { type Governed, loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/open-root.ts";

/** Evaluates gates of a cycle and changes nothing. */
export const gate: Command = {
  name: "gate",
  summary: "Evaluate the gates of a cycle; nothing is changed or recorded",
  usage: "<cycle> [gate]",
  maxPositionals: 2,
  flags: {
    ...rootFlags,
    event: { type: "string", value: "<event>", description: "the gates that this event would have to pass from the cycle's state" },
  },
  examples: ["gov gate PLN-BE-2026-01", "gov gate PLN-BE-2026-01 schema_lint", "gov gate PLN-BE-2026-01 --event validate_complete"],
  async run(context, call) {
    const [cycle, name] = call.positionals;
    if (cycle === undefined) throw new UsageError("Missing the id of the cycle");
    const governed = await loadGoverned(context, call);
    const event = stringFlag(call, "event");
    const transition = event === undefined ? undefined : await edgeOf(governed, { cycle, event, context });
    const evidence = await cycleEvidence(context, governed, cycle);
    const report = evaluateGates(evidence, governed.rules.rulebook.gates, { transition, names: name === undefined ? undefined : [name] });
    return {
      data: { cycle, outcome: report.outcome, gates: report.gates, subject: report.subject },
      findings: report.findings,
      exitCode: passes(report) ? exitCodes.ok : exitCodes.findings,
      view: gateView(report),
    };
  },
};

/** True when the outcome lets a transition happen. */
export function passes({ outcome }: Pick<GateReport, "outcome">): boolean {
  return outcome === "PASS" || outcome === "WAIVED";
}

/** The gates of a report as a person reads them. */
export function gateView(report: GateReport): readonly Block[] {
  return report.gates.flatMap((result): readonly Block[] => {
    const mark: Mark = passes(result) ? "pass" : "fail";
    const checks = result.validators.map(({ type, outcome }) => `${type} ${outcome}`).join(", ");
    const action = result.failureAction === null ? [] : [`→ ${result.failureAction}`];
    return [
      { type: "line", mark, text: `${result.name} ${result.outcome}${checks === "" ? "" : `  (${checks})`}` },
      { type: "lines", lines: action },
    ];
  });
}

async function edgeOf(
  governed: Governed,
  { cycle, event, context }: { readonly cycle: string; readonly event: string; readonly context: Parameters<Command["run"]>[0] },
): Promise<GateTrigger> {
  const { state } = cycleState(governed, await readCycleLog(context, governed.root.directory), cycle);
  const edge = governed.rules.preset.lifecycle.transitions.find((candidate) => candidate.from === state && candidate.event === event);
  if (edge === undefined || edge.from === null || edge.to === null)
    throw new InputError("CLI_NO_SUCH_EDGE", `No gates guard "${event}" from ${state ?? "the beginning"}`);
  return { from: edge.from as LifecycleState, to: edge.to as LifecycleState };
}
