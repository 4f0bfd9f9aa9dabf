import type { FileSystem } from "@gov/atomic-io";
import { type Journal, openJournal } from "@gov/atomic-io/journal";
import { isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import type { Clock } from "../../clock.ts";
import { ManifestError } from "../../errors.ts";
import type { EntryLog } from "../entry-log.ts";
import {
  encodeStep,
  playbookStepKind,
  readOpenRuns,
  readPromotionState,
  readRunEnd,
  type StepName,
  type StepRecord,
} from "../promotion-state.ts";
import { tellOnce } from "./tell-once.ts";

/** Where a run notes what it has done, and whom it tells. */
export interface StepSite {
  /** Name of the run; the same name resumes it. */
  readonly run: string;
  readonly actor: string;
  /** Folder of this clone's own journal. */
  readonly journal: string;
  readonly log: EntryLog;
  readonly clock: Clock;
  readonly fs?: FileSystem | undefined;
}

/** A list of steps to be run to its end. */
export interface StepPlan {
  readonly playbook: string;
  readonly steps: readonly StepName[];
  /** What the run is about; noted with its freeze, and the same when it is resumed. */
  readonly about: JsonObject;
  /** A promotion that has stopped half-way, whose freeze this run takes over. @default none */
  readonly supersedes?: string | undefined;
  /** Why the run may not begin by what the log says now, or null. @default nothing is against it */
  readonly refusal?: (() => Promise<ManifestError | null>) | undefined;
  readonly perform: (step: StepName, done: readonly StepRecord[]) => Promise<JsonValue>;
}

/** Playbook of the runs that promote; only those can be superseded. */
export const promotingPlaybook = "promote";

/**
 * Runs steps to their end, or goes on where an earlier attempt of the same name stopped: frozen from the first note on, each step done, then told to the log once, then
 * noted in the journal. A crash in between repeats the step, which does no harm, and tells nothing twice. What has ended by the log, here or in another clone, is not gone on with.
 */
export async function runSteps(plan: StepPlan, site: StepSite): Promise<readonly StepRecord[]> {
  const { fs, run } = site;
  const journal = await openJournal(site.journal, { fs });
  try {
    const state = await readPromotionState(site.journal, { fs });
    if (state.finished.includes(run)) throw finishedError(run);
    const resumed = state.run?.name === run;
    const supersedes = resumed ? (state.run?.supersedes ?? undefined) : plan.supersedes;
    if (state.run !== null && !resumed && !(state.run.name === supersedes && state.run.playbook === promotingPlaybook))
      throw frozenBy(state.run.name, run);
    if (resumed && state.run?.playbook !== plan.playbook) throw frozenBy(run, run);
    // The run ends here too, so that it holds nothing any more in this clone.
    const end = async (error: ManifestError): Promise<never> => {
      await note({ plan, site, journal }, { step: "unfreeze", state: "done", result: null });
      throw error;
    };
    const assertOpen = async (): Promise<void> => {
      if ((await readRunEnd(site.log, run)) === "superseded") await end(finishedError(run));
    };
    if (resumed) await assertOpen();
    else if ((await readRunEnd(site.log, run)) !== null) throw finishedError(run);
    const assertAlone = async (): Promise<void> => {
      const taken = (open: { readonly run: string; readonly playbook: string }): boolean =>
        open.run === run || (open.run === supersedes && open.playbook === promotingPlaybook);
      const other = (await readOpenRuns(site.log)).find((open) => !taken(open));
      if (other !== undefined) throw frozenBy(other.run, run);
    };
    await assertAlone();
    const about = { ...plan.about, ...(supersedes === undefined ? {} : { supersedes }) };
    if (resumed && JSON.stringify(state.run?.about) !== JSON.stringify(about)) throw otherAbout(run);
    const steps = resumed ? [...state.done] : [];
    if (!resumed) {
      const refused = await plan.refusal?.();
      if (refused) throw refused;
      await note({ plan, site, journal }, { step: "freeze", state: "begun", result: about });
    }
    // The log may have gone on since it was looked at; what is not told yet has touched nothing.
    const assertBegin = async (): Promise<void> => {
      await assertAlone();
      const refused = await plan.refusal?.();
      if (refused) await end(refused);
    };
    for (const step of plan.steps.slice(steps.length)) {
      const result = await plan.perform(step, steps);
      const payload = { playbook: plan.playbook, step, result, about };
      await tell(site, { payload, assertAllowed: step === "freeze" ? assertBegin : assertOpen });
      steps.push(await note({ plan, site, journal }, { step, state: "done", result }));
    }
    return steps;
  } finally {
    await journal.close();
  }
}

/** The error of a step that failed; promotions stay frozen. */
export function stepFailed(step: StepName, reason: string): ManifestError {
  return new ManifestError("MANIFEST_PLAYBOOK_STEP_FAILED", `Cannot go on at "${step}": ${reason}`, {
    details: { step },
    hint: "Promotions stay frozen; mend the cause and run it again under the same name",
  });
}

/** A port that a step needs; without one the step fails. */
export function needPort<T>(port: T | undefined, step: StepName): T {
  if (port === undefined) throw stepFailed(step, "nobody does it: its port is missing");
  return port;
}

/** Asks a port that answers yes or no; whatever is not plainly true has not passed. */
export async function mustPass(port: (() => Promise<boolean>) | undefined, step: StepName): Promise<true> {
  if ((await needPort(port, step)()) !== true) throw stepFailed(step, "it did not pass");
  return true;
}

interface Runner {
  readonly plan: StepPlan;
  readonly site: StepSite;
  readonly journal: Journal;
}

async function tell(
  { run, actor, log, clock }: StepSite,
  told: { readonly payload: JsonObject & { readonly step: StepName }; readonly assertAllowed: () => Promise<void> },
): Promise<void> {
  const id = `${run}/${told.payload.step}`;
  const payload = { id, run, ...told.payload };
  const entry = { time: new Date(clock.now()).toISOString(), kind: playbookStepKind, actor, subject: run, payload };
  await tellOnce(log, entry, {
    isKnown: (one) => one.kind === playbookStepKind && isJsonObject(one.payload) && one.payload["id"] === id,
    // Two clones may have begun a run of one name: where their logs are merged, the end of one does not stand for the end of the other.
    isUndone: (one) =>
      told.payload.step === "unfreeze" &&
      one.kind === playbookStepKind &&
      isJsonObject(one.payload) &&
      one.payload["id"] === `${run}/freeze`,
    assertAllowed: told.assertAllowed,
  });
}

async function note({ plan, site, journal }: Runner, entry: Pick<StepRecord, "step" | "state" | "result">): Promise<StepRecord> {
  const { run, clock } = site;
  const record: StepRecord = { version: 1, run, playbook: plan.playbook, time: new Date(clock.now()).toISOString(), ...entry };
  await journal.append([encodeStep(record)]);
  return record;
}

function finishedError(run: string): ManifestError {
  return new ManifestError("MANIFEST_PLAYBOOK_FINISHED", `Cannot run "${run}": it has ended`, {
    details: { run },
    hint: "Give the new run a name of its own",
  });
}

function frozenBy(other: string, run: string): ManifestError {
  return new ManifestError("MANIFEST_PROMOTION_FROZEN", `Cannot run "${run}": "${other}" is unfinished`, {
    details: { run, unfinished: other },
    hint: "Resume that one where it was begun, by its own playbook; a promotion that stopped half-way can be superseded by a rollback",
  });
}

function otherAbout(run: string): ManifestError {
  return new ManifestError("MANIFEST_PROMOTION_FROZEN", `Cannot resume "${run}": it was begun for something else`, {
    details: { run, unfinished: run },
    hint: "Resume it with what it was begun with, or give the new run a name of its own",
  });
}
