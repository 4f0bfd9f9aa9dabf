import { type CycleState, explainState, findEdge, isStepTowards, planTransition, transitionGates } from "@gov/gates/lifecycle";
import { type Block, type Command, isDryRun, type Outcome, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { recordedActor } from "../root/actor.ts";
import { authorize } from "../root/authorize.ts";
import { cycleId } from "../root/cycle-id.ts";
import { cycleData, cycleIds, cycleState } from "../root/cycle-log.ts";
import { type Governed, loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { runGates } from "../root/gate-run.ts";
import { gateView, waiverView } from "./gate.ts";
import { appendToLog, readLog, type RootLog } from "../root/root-log.ts";
import { rehearsalEntries } from "../root/seal-plan.ts";

/** Shows cycles, or sends one an event: a transition happens only when its gates pass, and is one append to the chained log. */
export const cycle: Command = {
  usage: "[cycle] [event]",
  maxPositionals: 2,
  flags: {
    ...rootFlags,
    to: { type: "string", value: "<state>", description: "where the event leads; nothing to do, and no failure, where the cycle is there" },
  },
  examples: [
    "gov cycle",
    "gov cycle PLN-BE-2026-01",
    "gov cycle PLN-BE-2026-01 create_plan",
    "gov cycle PLN-BE-2026-01 validate_complete --dry-run",
    "gov cycle PLN-BE-2026-01 validate_complete --to READY_FOR_HANDOFF",
  ],
  async run(context, call) {
    const id = cycleId(call);
    const [, event] = call.positionals;
    const governed = await loadGoverned(context, call);
    const log = await readLog(context, governed.root.directory);
    if (id === undefined)
      return show(
        cycleIds(log).map((cycleId) => cycleState(governed, log, cycleId)),
        governed,
      );
    const state = cycleState(governed, log, id);
    if (event === undefined) return show([state], governed);
    const to = stringFlag(call, "to");
    if (to !== undefined) {
      if (to === placeOf(state)) return alreadyThere(state, event);
      requireLead(governed, { state, event, to });
    }
    const actor = recordedActor(await authorize(context, call, { place: governed, deed: { action: "cycle:advance", subject: { id } } }));
    return send(context, { governed, log, state, event, actor, dryRun: isDryRun(call) });
  },
};

/** Where a cycle stands, in one word. */
function placeOf({ state, isComplete }: CycleState): string | null {
  return isComplete ? "complete" : state;
}

/** A step that is tried again after its answer was lost, as engines of workflows do: what it asks for is so. */
function alreadyThere(state: CycleState, event: string): Outcome {
  const place = placeOf(state);
  return {
    data: { cycle: state.entityId, event, from: state.state, to: state.state, moved: false, entries: [] },
    findings: [],
    view: [{ type: "line", mark: "pass", text: `${state.entityId} is in ${String(place)} already` }],
  };
}

function requireLead(
  { rules }: Governed,
  { state, event, to }: { readonly state: CycleState; readonly event: string; readonly to: string },
): void {
  const edge = findEdge(rules.preset.lifecycle, state.state, event);
  // What leads nowhere from here is told by the plan, with what would.
  const leads = edge === null ? to : (edge.to ?? "complete");
  if (leads !== to)
    throw new UsageError(
      `"${event}" leads from ${state.state ?? "[*]"} to ${leads}, and not to ${to}`,
      "gov explain lifecycle shows every way",
    );
}

function show(states: readonly CycleState[], { rules }: Governed): Outcome {
  const lines = states.flatMap((state) => explainState(state, rules.preset.lifecycle));
  const none: Block = { type: "line", mark: "none", text: "No cycle yet; gov cycle <id> create_plan begins one" };
  return {
    data: { cycles: states.map(cycleData) },
    findings: states.flatMap(({ findings }) => findings),
    view: states.length === 0 ? [none] : [{ type: "lines", lines }],
  };
}

interface Sending {
  readonly governed: Governed;
  readonly log: RootLog;
  readonly state: CycleState;
  readonly event: string;
  readonly actor: string;
  readonly dryRun: boolean;
}

async function send(context: Context, { governed, log, state, event, actor, dryRun }: Sending): Promise<Outcome> {
  const { preset, rulebook } = governed.rules;
  const edge = state.isComplete ? null : findEdge(preset.lifecycle, state.state, event);
  const guarded = edge !== null && edge.from !== null && edge.to !== null ? { from: edge.from, to: edge.to } : null;
  const gatesOf = guarded === null ? null : transitionGates(rulebook.gates, guarded);
  const names = gatesOf === null ? null : [...gatesOf.required, ...gatesOf.computed];
  const run = names === null ? null : await runGates(context, governed, { cycle: state.entityId, names });
  const { report, evidence } = run ?? { report: null, evidence: null };
  const plan = planTransition(state, event, {
    table: preset.lifecycle,
    gates: rulebook.gates,
    report,
    evidence,
    seq: log.seq,
    triggeredBy: actor,
    sealAt: preset.seal?.at,
  });
  const sealing = preset.seal === null ? null : { table: preset.lifecycle, state: preset.seal.at };
  const isRehearsed = plan.ok && edge !== null && sealing !== null && isStepTowards(edge, sealing);
  // What the dry run concludes keeps nobody from going on: it is asked for when the cycle is sealed.
  const rehearsed = isRehearsed ? await rehearsalEntries(context, governed, { cycle: state.entityId, actor, log }) : [];
  // One append: the dry run, and what gates in shadow would have done, are recorded with the step that they looked at, or not at all.
  const entries = [...plan.entries, ...rehearsed, ...(run?.shadows ?? [])];
  const { expectedSeq } = plan;
  const appending = { entries, expectedSeq, subject: state.entityId, actor };
  const appended = dryRun ? [] : await appendToLog(context, governed.root.directory, appending);
  const next = plan.ok ? plan.next.state : state.state;
  const gates: readonly Block[] = run === null ? [] : [...gateView(run.report), ...waiverView(run.waivers)];
  const what = `${state.entityId}: ${state.state ?? "[*]"} → ${plan.ok && plan.next.isComplete ? "complete" : (next ?? "[*]")}`;
  return {
    data: {
      cycle: state.entityId,
      event,
      from: state.state,
      to: plan.ok ? next : null,
      moved: plan.ok && !dryRun,
      entries: appended.map(({ seq, hash }) => ({ seq, hash })),
    },
    findings: [...(run === null ? [] : [...run.report.findings, ...run.alerts]), ...(plan.ok ? [] : plan.findings)],
    exitCode: plan.ok ? exitCodes.ok : exitCodes.findings,
    view: [
      ...gates,
      plan.ok
        ? { type: "line", mark: "pass", text: dryRun ? `${what} would happen` : what }
        : { type: "line", mark: "fail", text: `${state.entityId} stays in ${state.state ?? "[*]"}` },
    ],
  };
}
