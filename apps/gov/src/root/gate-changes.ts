import type { GateOutcome } from "@gov/gates";
import type { Context } from "../context.ts";
import { cycleIds, cycleState } from "./cycle-log.ts";
import { runGates } from "./gate-run.ts";
import type { Governed } from "./load-governed.ts";
import { readLog } from "./root-log.ts";

/** A gate that would be judged otherwise; null where there is no such gate. */
export interface GateChange {
  readonly cycle: string;
  readonly gate: string;
  readonly from: GateOutcome | null;
  readonly to: GateOutcome | null;
}

/** The gates of cycles that are not complete which other rules would judge otherwise. */
export async function gateChanges(context: Context, governed: Governed, proposed: Governed): Promise<readonly GateChange[]> {
  const log = await readLog(context, governed.root.directory);
  const open = cycleIds(log).filter((cycle) => !cycleState(governed, log, cycle).isComplete);
  const changes: GateChange[] = [];
  for (const cycle of open) {
    const [before, after] = [await outcomes(context, governed, cycle), await outcomes(context, proposed, cycle)];
    for (const gate of [...new Set([...before.keys(), ...after.keys()])].sort()) {
      const [from, to] = [before.get(gate) ?? null, after.get(gate) ?? null];
      if (from !== to) changes.push({ cycle, gate, from, to });
    }
  }
  return changes;
}

async function outcomes(context: Context, governed: Governed, cycle: string): Promise<ReadonlyMap<string, GateOutcome>> {
  const { report } = await runGates(context, governed, { cycle });
  return new Map(report.gates.map(({ name, outcome }) => [name, outcome]));
}
