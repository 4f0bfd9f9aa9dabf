import type { FileSystem } from "@gov/atomic-io";
import { readJournal } from "@gov/atomic-io/journal";
import { isJsonObject, type JsonValue } from "@gov/schema";
import { type Digest, isDigest } from "@gov/schema/canonical";
import { ManifestError } from "../errors.ts";
import type { EntryLog } from "./entry-log.ts";
import { type PlaybookAction, playbookActions } from "./playbooks.ts";

/** A step of a run that is done, as the journal has it. */
export interface StepRecord {
  readonly version: 1;
  /** Name of the run, given by the caller; a run is resumed under its name. */
  readonly run: string;
  readonly playbook: string;
  readonly step: PlaybookAction;
  /** `begun` stands for the freeze alone: it holds from the moment it is written. */
  readonly state: "begun" | "done";
  /** RFC 3339 UTC with milliseconds. */
  readonly time: string;
  /** What the step found: of `select_snapshot`, the digest that is restored; of `capture_differences`, the differences. */
  readonly result: JsonValue;
}

/** What the journal of a clone knows: its current run, and the steps of it that are done. */
export interface PromotionState {
  readonly frozen: boolean;
  /** The run that is not finished, or null. */
  readonly run: { readonly name: string; readonly playbook: string } | null;
  /** Steps of that run that are done, in order. */
  readonly done: readonly StepRecord[];
  /** The snapshot that run restores, once it is chosen. */
  readonly snapshot: Digest | null;
  /** Names of the runs that were finished, in order. */
  readonly finished: readonly string[];
}

/** Kind of the log entries of steps. */
export const playbookStepKind = "PROMOTION_PLAYBOOK_STEP";

/** Options of {@link readPromotionState}. */
export interface ReadPromotionStateOptions {
  readonly fs?: FileSystem | undefined;
}

/**
 * Reads the state of promotions from the journal of this clone; changes nothing.
 *
 * @throws {@link ManifestError} `MANIFEST_PROMOTION_STATE_INVALID` when a record cannot be read: then nothing may go on.
 */
export async function readPromotionState(directory: string, options: ReadPromotionStateOptions = {}): Promise<PromotionState> {
  const view = await readJournal(directory, options);
  const records: StepRecord[] = [];
  for await (const { data } of view.read()) records.push(decodeStep(data));
  return foldSteps(records);
}

/**
 * Refuses while promotions are frozen, by the journal of this clone or by the log that all share. Every path asks here, by hand, automatic, scheduled or by waiver.
 *
 * @throws {@link ManifestError} `MANIFEST_PROMOTION_FROZEN`, with the run in `details`.
 */
export async function assertNotFrozen(
  directory: string,
  { log, ...options }: ReadPromotionStateOptions & { readonly log: EntryLog },
): Promise<void> {
  const { frozen, run } = await readPromotionState(directory, options);
  if (frozen) throw frozenError(run?.name ?? "");
  const [first] = await runsOpenIn(log);
  if (first !== undefined) throw frozenError(first);
}

/** Names of the runs that the log says have frozen promotions, sorted. @internal */
export async function runsOpenIn(log: EntryLog): Promise<readonly string[]> {
  const open = new Set<string>();
  for await (const { kind, payload } of log.read()) {
    if (kind !== playbookStepKind || !isJsonObject(payload)) continue;
    const { run, step } = payload;
    if (typeof run !== "string") continue;
    if (step === "freeze") open.add(run);
    else if (step === "unfreeze") open.delete(run);
  }
  return [...open].sort();
}

/** Folds the steps into a state. @internal */
function foldSteps(records: readonly StepRecord[]): PromotionState {
  const finished: string[] = [];
  let run: PromotionState["run"] = null;
  let done: StepRecord[] = [];
  for (const record of records) {
    if (run === null) {
      if (record.step !== "freeze" || record.state !== "begun") throw invalid("a run does not begin with its freeze");
      run = { name: record.run, playbook: record.playbook };
      done = [];
    } else if (record.run !== run.name) throw invalid("two runs are mixed");
    if (record.state === "done") done.push(record);
    if (record.state === "done" && record.step === "unfreeze") {
      finished.push(record.run);
      run = null;
    }
  }
  const chosen = run === null ? undefined : done.find(({ step }) => step === "select_snapshot")?.result;
  return { frozen: run !== null, run, done: run === null ? [] : done, snapshot: isDigest(chosen) ? chosen : null, finished };
}

/** Returns the bytes of a journal record. @internal */
export function encodeStep(record: StepRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(record));
}

function decodeStep(data: Uint8Array): StepRecord {
  const value = parseJson(data);
  const known =
    isJsonObject(value) &&
    value["version"] === 1 &&
    ["run", "playbook", "time"].every((field) => typeof value[field] === "string") &&
    (playbookActions as readonly unknown[]).includes(value["step"]) &&
    (value["state"] === "begun" || value["state"] === "done");
  if (!known) throw invalid("a record is none of version 1");
  return value as unknown as StepRecord;
}

function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data));
  } catch {
    return null;
  }
}

function invalid(reason: string): ManifestError {
  return new ManifestError("MANIFEST_PROMOTION_STATE_INVALID", `Cannot read the journal of promotions: ${reason}`, {
    hint: "Nothing is promoted until the journal is understood; restore it from its backup",
  });
}

function frozenError(run: string): ManifestError {
  return new ManifestError("MANIFEST_PROMOTION_FROZEN", `Cannot promote: rollback "${run}" has frozen promotions`, {
    details: { run },
    hint: "Resume the rollback; it unfreezes once its gate passes",
  });
}
