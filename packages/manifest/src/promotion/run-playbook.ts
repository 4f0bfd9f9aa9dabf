import type { FileSystem } from "@gov/atomic-io";
import type { JsonValue } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import type { Clock } from "../clock.ts";
import type { TrustPolicy } from "../sign/trust-policy.ts";
import type { Observer } from "../snapshot/observer.ts";
import { readRestoreMarker, restoreSnapshot } from "../snapshot/restore-snapshot.ts";
import { listSnapshots } from "../snapshot/snapshot-record.ts";
import { selectSnapshot, type VerifiedSnapshot, verifySnapshot } from "../snapshot/verify-snapshot.ts";
import type { ObjectBackend } from "../storage/object-backend.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import type { EntryLog } from "./entry-log.ts";
import { mustPass, needPort, runSteps, stepFailed } from "./internal/run-steps.ts";
import { assertPlaybook, type Playbook } from "./playbooks.ts";
import type { StepName, StepRecord } from "./promotion-state.ts";

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
  /** Environment that is rolled back, noted with the run so that everybody knows what stands there. @default none named */
  readonly environment?: string | undefined;
  /** Name of a promotion that has stopped half-way, whose freeze the rollback takes over. @default none */
  readonly supersedes?: string | undefined;
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
  const { run, environment, supersedes } = options;
  const steps = await runSteps(
    {
      playbook: playbook.id,
      steps: playbook.steps,
      about: environment === undefined ? {} : { environment },
      supersedes,
      perform: (step, done) => perform(step, { done, options }),
    },
    options,
  );
  return { run, playbook: playbook.id, steps, snapshot: chosen(steps) };
}

async function perform(
  step: StepName,
  { done, options }: { readonly done: readonly StepRecord[]; readonly options: RunPlaybookOptions },
): Promise<JsonValue> {
  const { ports, root, store, clock, remove, fs } = options;
  switch (step) {
    case "select_snapshot":
      return (await verified(null, options)).digest;
    case "verify_snapshot":
      return (await verified(chosen(done), options)).signers.map(({ person, role }) => ({ person, role }));
    case "restore_artifacts": {
      const snapshot = await verified(chosen(done), options);
      const { written, removed } = await restoreSnapshot(root, snapshot, { store, clock, remove, fs });
      const since = new Date(clock.now()).toISOString();
      return { manifest: snapshot.snapshot.manifest, since, written: [...written], removed: [...removed] };
    }
    case "warm_caches":
      await needPort(ports.warm, step)();
      return null;
    case "quiesce":
      await needPort(ports.quiesce, step)();
      return null;
    case "capture_differences":
      return needPort(ports.differences, step)();
    case "verify_health":
      return mustPass(ports.health, step);
    case "rerun_gate":
    case "rerun_gate_verbosely": {
      if ((await readRestoreMarker(root, { fs })) !== null) throw stepFailed(step, "a restore is under way");
      const { gate } = ports;
      return mustPass(gate === undefined ? undefined : () => gate({ verbose: step === "rerun_gate_verbosely" }), step);
    }
    default:
      return null;
  }
}

/** The newest snapshot, or after a crash the one this run has chosen, verified again. */
async function verified(digest: Digest | null, options: RunPlaybookOptions): Promise<VerifiedSnapshot> {
  const { backend, store, policy, observer, clock } = options;
  const verify = { store, policy, observer, at: new Date(clock.now()).toISOString() };
  if (digest === null) return selectSnapshot(backend, verify);
  const record = (await listSnapshots(backend)).find(({ snapshot }) => snapshot === digest);
  if (record === undefined) throw stepFailed("verify_snapshot", `snapshot "${digest}" is no longer there`);
  return verifySnapshot(record, verify);
}

function chosen(steps: readonly StepRecord[]): Digest | null {
  return (steps.find(({ step }) => step === "select_snapshot")?.result ?? null) as Digest | null;
}
