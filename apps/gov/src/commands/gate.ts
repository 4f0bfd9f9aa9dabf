import { evaluateGates, explainReport, type GateReport, type GateTrigger, isPassing, requiredGates } from "@gov/gates";
import { findEdge } from "@gov/gates/lifecycle";
import { type Block, type Command, InputError, type Mark, type Outcome, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { cycleEvidence } from "../root/cycle-evidence.ts";
import { requiredCycleId } from "../root/cycle-id.ts";
import { cycleState } from "../root/cycle-log.ts";
import { type Governed, loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { readLog } from "../root/root-log.ts";
import { traceGates } from "../root/trace-gates.ts";

/** Evaluates gates of a cycle and changes nothing. */
export const gate: Command = {
  usage: "<cycle> [gate]",
  maxPositionals: 2,
  flags: {
    ...rootFlags,
    event: { type: "string", value: "<event>", description: "the gates that this event would have to pass from the cycle's state" },
  },
  examples: [
    "gov gate PLN-BE-2026-01",
    "gov gate PLN-BE-2026-01 schema_lint --verbose",
    "gov gate PLN-BE-2026-01 --event validate_complete",
  ],
  async run(context, call) {
    const cycle = requiredCycleId(call);
    const [, name] = call.positionals;
    const event = stringFlag(call, "event");
    if (event !== undefined && name !== undefined) throw new UsageError("A gate and --event exclude each other");
    const governed = await loadGoverned(context, call);
    const transition = event === undefined ? undefined : await stepOf(context, governed, { cycle, event });
    if (transition === null) return unguarded(cycle, String(event));
    const { gates } = governed.rules.rulebook;
    if (transition !== undefined && requiredGates(gates, transition).length === 0) return unguarded(cycle, String(event));
    const evidence = await cycleEvidence(context, governed, cycle);
    const report = evaluateGates(evidence, gates, { transition, names: name === undefined ? undefined : [name] });
    await traceGates(context, report);
    return {
      data: { cycle, outcome: report.outcome, gates: report.gates, subject: report.subject },
      findings: report.findings,
      exitCode: isPassing(report.outcome) ? exitCodes.ok : exitCodes.findings,
      view: call.flags["verbose"] === true ? [...gateView(report), { type: "lines", lines: explainReport(report) }] : gateView(report),
    };
  },
};

/** The gates of a report as a person reads them. */
export function gateView(report: GateReport): readonly Block[] {
  return report.gates.flatMap((result): readonly Block[] => {
    const mark: Mark = isPassing(result.outcome) ? "pass" : "fail";
    const checks = [...new Set(result.validators.map(({ type, outcome }) => (isPassing(outcome) ? type : `${type} ${outcome}`)))].join(
      ", ",
    );
    const action = result.failureAction === null ? [] : [`→ ${result.failureAction}`];
    return [
      { type: "line", mark, text: `${result.name} ${result.outcome}${checks === "" ? "" : `  (${checks})`}` },
      { type: "lines", lines: action },
    ];
  });
}

function unguarded(cycle: string, event: string): Outcome {
  return {
    data: { cycle, outcome: null, gates: [], subject: null },
    findings: [],
    view: [{ type: "line", mark: "pass", text: `No gate guards "${event}" here` }],
  };
}

/** The step that an event takes the cycle from where it stands; null for one that begins or ends a cycle, which no gate can guard. */
async function stepOf(
  context: Context,
  governed: Governed,
  { cycle, event }: { readonly cycle: string; readonly event: string },
): Promise<GateTrigger | null> {
  const { lifecycle } = governed.rules.preset;
  const { state, isComplete } = cycleState(governed, await readLog(context, governed.root.directory), cycle);
  const edge = isComplete ? null : findEdge(lifecycle, state, event);
  if (edge !== null) return edge.from === null || edge.to === null ? null : { from: edge.from, to: edge.to };
  const known = isComplete ? [] : lifecycle.transitions.filter(({ from }) => from === state).map((transition) => transition.event);
  throw new InputError(
    "CLI_NO_SUCH_EVENT",
    `"${event}" is no event of ${cycle}, which is ${isComplete ? "complete" : (state ?? "not created")}`,
    {
      hint: known.length === 0 ? "a new cycle begins with create_plan" : `expected ${known.join(", ")}`,
    },
  );
}
