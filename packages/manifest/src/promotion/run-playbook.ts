import type { FileSystem } from "@gov/atomic-io";
import { type Journal, openJournal } from "@gov/atomic-io/journal";
import { isJsonObject, type JsonValue } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import type { Clock } from "../clock.ts";
import { ManifestError } from "../errors.ts";
import type { TrustPolicy } from "../sign/trust-policy.ts";
import type { Observer } from "../snapshot/observer.ts";
import { readRestoreMarker, restoreSnapshot } from "../snapshot/restore-snapshot.ts";
import { listSnapshots } from "../snapshot/snapshot-record.ts";
import { selectSnapshot, type VerifiedSnapshot, verifySnapshot } from "../snapshot/verify-snapshot.ts";
import type { ObjectBackend } from "../storage/object-backend.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import type { EntryLog } from "./entry-log.ts";
import { assertPlaybook, type Playbook, type PlaybookAction } from "./playbooks.ts";
import { encodeStep, playbookStepKind, readPromotionState, runsOpenIn, type StepRecord } from "./promotion-state.ts";

/** What a playbook asks of the world; a step whose port is missing fails, and promotions stay frozen. */
export interface PlaybookPorts {
  /** Runs the verification gate on what was restored; true when it passed. */
  readonly gate?: ((input: { readonly verbose: boolean }) => Promise<boolean>) | undefined;
  readonly warm?: (() => Promise<void>) | undefined;
  /** True when the service is well. */
  readonly health?: (() => Promise<boolean>) | undefined;
  /** Stops the runners and waits for them. */
  readonly quiesce?: (() => Promise<void>) | undefined;
  /** Returns what differs from the last snapshot, for whoever looks into it later. */
  readonly differences?: (() => Promise<JsonValue>) | undefined;
}

/** Options of {@link runPlaybook}. */
export interface RunPlaybookOptions {
  /** Name of the run; the same name resumes it. */
  readonly run: string;
  readonly actor: string;
  /** Folder of this clone's own journal. */
  readonly journal: string;
  readonly log: EntryLog;
  /** Root that is restored. */
  readonly root: string;
  readonly backend: ObjectBackend;
  readonly store: ObjectStore;
  readonly policy: TrustPolicy;
  readonly clock: Clock;
  readonly ports: PlaybookPorts;
  /** Paths governed now that a snapshot may not have; those are removed. @default [] */
  readonly remove?: readonly string[] | undefined;
  /** Hears of refused and missing snapshots (PRO-04). @default nobody */
  readonly observer?: Observer | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/** What {@link runPlaybook} brought to its end. */
export interface PlaybookReport {
  readonly run: string;
  readonly playbook: string;
  /** Steps with what they found, all of the playbook, also those done before a crash. */
  readonly steps: readonly StepRecord[];
  /** The snapshot that now stands. */
  readonly snapshot: Digest | null;
}

/**
 * Runs a playbook to its end, or goes on where an earlier attempt of the same name stopped (PRO-03, PRO-08, PRO-11). Freezes first, before anything else is touched, and unfreezes
 * only when everything before has succeeded and the gate passed on what was restored. Each step is done, then told to the log once, then noted in the journal: a crash in
 * between repeats the step, which does no harm, and tells nothing twice. A run that has ended is not run again.
 *
 * @throws {@link ManifestError} `MANIFEST_PLAYBOOK_STEP_FAILED` when a step fails or its port is missing, with promotions frozen; `MANIFEST_PROMOTION_FROZEN` while
 * another run is unfinished; `MANIFEST_PLAYBOOK_FINISHED` for a run that has ended.
 * @throws RangeError for a playbook that could unfreeze what was not verified.
 */
export async function runPlaybook(playbook: Playbook, options: RunPlaybookOptions): Promise<PlaybookReport> {
  assertPlaybook(playbook);
  const { fs, run } = options;
  const journal = await openJournal(options.journal, { fs });
  try {
    const state = await readPromotionState(options.journal, { fs });
    if (state.finished.includes(run)) throw finishedError(run);
    if (state.run !== null && (state.run.name !== run || state.run.playbook !== playbook.id)) throw frozenBy(state.run.name, run);
    const other = (await runsOpenIn(options.log)).find((name) => name !== run);
    if (other !== undefined) throw frozenBy(other, run);
    const steps = [...state.done];
    const runner = { playbook, options, journal };
    if (state.run === null) await note(runner, { step: "freeze", state: "begun", result: null });
    for (const step of playbook.steps.slice(steps.length)) {
      const result = await doStep(step, { steps, options });
      await tell(runner, step, result);
      steps.push(await note(runner, { step, state: "done", result }));
    }
    return { run, playbook: playbook.id, steps, snapshot: chosen(steps) };
  } finally {
    await journal.close();
  }
}

interface Runner {
  readonly playbook: Playbook;
  readonly options: RunPlaybookOptions;
  readonly journal: Journal;
}

async function doStep(
  step: PlaybookAction,
  { steps, options }: { readonly steps: readonly StepRecord[]; readonly options: RunPlaybookOptions },
): Promise<JsonValue> {
  const { ports, root, store, clock, remove, fs } = options;
  if (step === "freeze" || step === "unfreeze") return null;
  if (step === "select_snapshot") return (await verified(null, options)).digest;
  const passed = async (port: (() => Promise<boolean>) | undefined): Promise<JsonValue> => {
    if ((await need(port, step)()) !== true) throw failed(step, "it did not pass");
    return true;
  };
  switch (step) {
    case "verify_snapshot":
      return (await verified(chosen(steps), options)).signers.map(({ person, role }) => ({ person, role }));
    case "restore_artifacts": {
      const { written, removed } = await restoreSnapshot(root, await verified(chosen(steps), options), { store, clock, remove, fs });
      return { written: [...written], removed: [...removed] };
    }
    case "warm_caches":
      await need(ports.warm, step)();
      return null;
    case "quiesce":
      await need(ports.quiesce, step)();
      return null;
    case "capture_differences":
      return need(ports.differences, step)();
    case "verify_health":
      return passed(ports.health);
    case "rerun_gate":
    case "rerun_gate_verbosely": {
      if ((await readRestoreMarker(root, { fs })) !== null) throw failed(step, "a restore is under way");
      const { gate } = ports;
      return passed(gate === undefined ? undefined : () => gate({ verbose: step === "rerun_gate_verbosely" }));
    }
  }
}

/** The newest snapshot, or after a crash the one this run has chosen, verified again. */
async function verified(digest: Digest | null, options: RunPlaybookOptions): Promise<VerifiedSnapshot> {
  const { backend, store, policy, observer, clock } = options;
  const verify = { store, policy, observer, at: new Date(clock.now()).toISOString() };
  if (digest === null) return selectSnapshot(backend, verify);
  const record = (await listSnapshots(backend)).find(({ snapshot }) => snapshot === digest);
  if (record === undefined) throw failed("verify_snapshot", `snapshot "${digest}" is no longer there`);
  return verifySnapshot(record, verify);
}

/** Tells the log of a step unless it knows already; appends behind what was read, so that nobody else can have told it meanwhile. */
async function tell({ playbook, options }: Runner, step: PlaybookAction, result: JsonValue): Promise<void> {
  const { run, actor, log, clock } = options;
  const id = `${run}/${step}`;
  const payload = { id, run, playbook: playbook.id, step, result };
  const entry = { time: new Date(clock.now()).toISOString(), kind: playbookStepKind, actor, subject: run, payload };
  const look = async (): Promise<{ readonly last: number; readonly known: boolean }> => {
    let [last, known] = [0, false];
    for await (const one of log.read()) {
      last = one.seq;
      known ||= one.kind === playbookStepKind && isJsonObject(one.payload) && one.payload["id"] === id;
    }
    return { last, known };
  };
  for (let seen = await look(); !seen.known;) {
    try {
      await log.append([entry], { expectedSeq: seen.last });
      return;
    } catch (error) {
      const now = await look();
      // Somebody else appended first: decide again. Otherwise the log itself has failed.
      if (now.last === seen.last) throw error;
      seen = now;
    }
  }
}

async function note({ playbook, options, journal }: Runner, entry: Pick<StepRecord, "step" | "state" | "result">): Promise<StepRecord> {
  const { run, clock } = options;
  const record: StepRecord = { version: 1, run, playbook: playbook.id, time: new Date(clock.now()).toISOString(), ...entry };
  await journal.append([encodeStep(record)]);
  return record;
}

function chosen(steps: readonly StepRecord[]): Digest | null {
  return (steps.find(({ step }) => step === "select_snapshot")?.result ?? null) as Digest | null;
}

function need<T>(port: T | undefined, step: PlaybookAction): T {
  if (port === undefined) throw failed(step, "nobody does it: its port is missing");
  return port;
}

function failed(step: PlaybookAction, reason: string): ManifestError {
  return new ManifestError("MANIFEST_PLAYBOOK_STEP_FAILED", `Cannot go on with the rollback at "${step}": ${reason}`, {
    details: { step },
    hint: "Promotions stay frozen; mend the cause and run the playbook again under the same name",
  });
}

function finishedError(run: string): ManifestError {
  return new ManifestError("MANIFEST_PLAYBOOK_FINISHED", `Cannot run rollback "${run}": it has ended`, {
    details: { run },
    hint: "Give the new rollback a name of its own",
  });
}

function frozenBy(other: string, run: string): ManifestError {
  return new ManifestError("MANIFEST_PROMOTION_FROZEN", `Cannot run rollback "${run}": "${other}" is unfinished`, {
    details: { run, unfinished: other },
    hint: "Resume that one where it was begun, by its own playbook",
  });
}
