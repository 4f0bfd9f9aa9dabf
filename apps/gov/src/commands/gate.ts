import { explainReport, type GateReport, type GateTrigger, isPassing, requiredGates } from "@gov/gates";
import type { EnforcedReport } from "@gov/gates/enforcement";
import { findEdge } from "@gov/gates/lifecycle";
import type { WaiverResult } from "@gov/gates/waivers";
import { type Block, type Call, type Command, InputError, isDryRun, type Mark, type Outcome, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { recordedActor } from "../root/actor.ts";
import { authorize } from "../root/authorize.ts";
import { type GateRun, runGates } from "../root/gate-run.ts";
import { requiredCycleId } from "../root/cycle-id.ts";
import { cycleState } from "../root/cycle-log.ts";
import { type Governed, loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { appendToLog, readLog } from "../root/root-log.ts";
import { rehearsalEntries } from "../root/seal-plan.ts";

/** Evaluates gates of a cycle, waivers and modes included. Nothing is changed; with `--record` the log keeps what is new of it. */
export const gate: Command = {
  usage: "<cycle> [gate]",
  maxPositionals: 2,
  flags: {
    ...rootFlags,
    event: { type: "string", value: "<event>", description: "the gates that this event would have to pass from the cycle's state" },
    record: {
      type: "boolean",
      description: "keep checkpoints, what gates in shadow would have done and, of all gates, a dry run of the seal in the log",
    },
  },
  examples: [
    "gov gate PLN-BE-2026-01",
    "gov gate PLN-BE-2026-01 schema_lint --verbose",
    "gov gate PLN-BE-2026-01 --event validate_complete",
    "gov gate PLN-BE-2026-01 --record",
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
    const run = await runGates(context, governed, { cycle, transition, names: name === undefined ? undefined : [name] });
    const { report, waivers, enforced } = run;
    const isRecorded = call.flags["record"] === true;
    const alerts = [...run.alerts, ...(isRecorded ? run.checkpointAlerts : [])];
    const recorded = isRecorded
      ? await record(context, call, { governed, cycle, run, isWhole: name === undefined && event === undefined })
      : 0;
    return {
      data: {
        cycle,
        outcome: report.outcome,
        gates: report.gates,
        subject: report.subject,
        enforcement: enforced.gates,
        waivers,
        recorded,
      },
      findings: [...report.findings, ...alerts],
      exitCode: enforced.isBlocking ? exitCodes.findings : exitCodes.ok,
      view: [
        ...gateView(report, enforced),
        ...waiverView(waivers),
        ...(call.flags["verbose"] === true ? [{ type: "lines", lines: explainReport(report) } as const] : []),
        ...(recorded > 0
          ? [{ type: "line", mark: "none", text: `${String(recorded)} ${recorded === 1 ? "entry" : "entries"} recorded` } as const]
          : []),
      ],
    };
  },
};

interface Recording {
  readonly governed: Governed;
  readonly cycle: string;
  readonly run: GateRun;
  /** Whether every gate was asked for: then the seal is run dry, too. */
  readonly isWhole: boolean;
}

/** Appends what the log does not hold yet; a run that tells nothing new appends nothing. */
async function record(context: Context, call: Call, { governed, cycle, run, isWhole }: Recording): Promise<number> {
  const actor = recordedActor(await authorize(context, call, { place: governed, deed: { action: "gate:run", subject: { id: cycle } } }));
  if (isDryRun(call)) return 0;
  const { directory } = governed.root;
  const log = await readLog(context, directory);
  const rehearsed = isWhole ? await rehearsalEntries(context, governed, { cycle, actor, log }) : [];
  const entries = [...run.checkpoints, ...rehearsed, ...run.shadows];
  return (await appendToLog(context, directory, { entries, subject: cycle, expectedSeq: log.seq, actor })).length;
}

/** What became of each waiver. */
export function waiverView(waivers: readonly WaiverResult[]): readonly Block[] {
  return waivers.map(({ id, state, reason }) => ({
    type: "line",
    mark: state === "used" ? "warn" : "none",
    text: `waiver ${id} ${state}${reason === null ? "" : `: ${reason}`}`,
  }));
}

/** The gates of a report as a person reads them. */
export function gateView(report: GateReport, enforced: EnforcedReport | null = null): readonly Block[] {
  return report.gates.flatMap((result): readonly Block[] => {
    const rule = enforced?.gates.find(({ gate: name }) => name === result.name);
    const doesBlock = rule?.isBlocking ?? !isPassing(result.outcome);
    const mark: Mark = doesBlock ? "fail" : result.outcome === "PASS" ? "pass" : "warn";
    const mode =
      rule === undefined || doesBlock === (result.outcome !== "PASS") || result.outcome === "WAIVED" ? "" : `  ${rule.mode}: not blocked`;
    const checks = [...new Set(result.validators.map(({ type, outcome }) => (isPassing(outcome) ? type : `${type} ${outcome}`)))].join(
      ", ",
    );
    const action = result.failureAction === null ? [] : [`→ ${result.failureAction}`];
    return [
      { type: "line", mark, text: `${result.name} ${result.outcome}${checks === "" ? "" : `  (${checks})`}${mode}` },
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
