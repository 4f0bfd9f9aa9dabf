import type { FileSystem } from "@gov/atomic-io";
import { readJournal } from "@gov/atomic-io/journal";
import { isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import { type Digest, isDigest } from "@gov/schema/canonical";
import { ManifestError } from "../errors.ts";
import type { EntryLog } from "./entry-log.ts";
import { freezeKind, unfreezeKind } from "./freeze-entries.ts";
import { type PlaybookAction, playbookActions } from "./playbooks.ts";

/** What a step of a promotion does, beside `freeze`, `verify_health`, `rerun_gate` and `unfreeze`. */
export const promotionActions = ["take_checkpoint", "verify_manifest", "place_artifacts", "record_promotion"] as const;

/** One of {@link promotionActions}. */
export type PromotionAction = (typeof promotionActions)[number];

/** A step of a playbook or of a promotion. */
export type StepName = PlaybookAction | PromotionAction;

const stepNames: readonly unknown[] = [...playbookActions, ...promotionActions];

/** A step of a run that is done, as the journal has it. */
export interface StepRecord {
  readonly version: 1;
  /** Name of the run, given by the caller; a run is resumed under its name. */
  readonly run: string;
  readonly playbook: string;
  readonly step: StepName;
  /** `begun` stands for the freeze alone: it holds from the moment it is written. */
  readonly state: "begun" | "done";
  /** RFC 3339 UTC with milliseconds. */
  readonly time: string;
  /** What the step found: of the freeze that begins, what the run is about; of `select_snapshot`, the digest that is restored; of `capture_differences`, the differences. */
  readonly result: JsonValue;
}

/** A run that was begun and has not ended. */
export interface OpenRun {
  readonly name: string;
  /** Id of its playbook; `promote` for a promotion. */
  readonly playbook: string;
  /** What it is about, as given when it was begun. */
  readonly about: JsonObject;
  /** The promotion whose freeze it took over, or null. */
  readonly supersedes: string | null;
}

/** What the journal of a clone knows: its current run, and the steps of it that are done. */
export interface PromotionState {
  readonly frozen: boolean;
  /** The run that is not finished, or null. */
  readonly run: OpenRun | null;
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
  const [first] = await readFreezes(log);
  if (first !== undefined) throw frozenError(first);
}

/** Names of the runs and of the freezes by hand that hold promotions by the log, sorted. */
export async function readFreezes(log: EntryLog): Promise<readonly string[]> {
  const held = new Set(await readHandFreezes(log));
  for (const { run } of await readOpenRuns(log)) held.add(run);
  return [...held].sort();
}

/** Names of the freezes by hand alone: one may be called as a run is. @internal */
export async function readHandFreezes(log: EntryLog): Promise<ReadonlySet<string>> {
  const held = new Set<string>();
  for await (const { kind, payload } of log.read()) {
    if ((kind !== freezeKind && kind !== unfreezeKind) || !isJsonObject(payload)) continue;
    const { freeze } = payload;
    if (typeof freeze !== "string") continue;
    if (kind === freezeKind) held.add(freeze);
    else held.delete(freeze);
  }
  return held;
}

/** Runs that the log says were begun and have not ended, sorted by name; a rollback that takes over a promotion ends it. @internal */
export async function readOpenRuns(log: EntryLog): Promise<readonly { readonly run: string; readonly playbook: string }[]> {
  const open = new Map<string, string>();
  for await (const { kind, payload } of log.read()) {
    if (kind !== playbookStepKind || !isJsonObject(payload)) continue;
    const { run, step, playbook, about } = payload;
    if (typeof run !== "string") continue;
    if (step === "freeze") {
      open.set(run, typeof playbook === "string" ? playbook : "");
      if (isJsonObject(about ?? null) && typeof (about as JsonObject)["supersedes"] === "string")
        open.delete((about as JsonObject)["supersedes"] as string);
    } else if (step === "unfreeze") open.delete(run);
  }
  return [...open].map(([run, playbook]) => ({ run, playbook })).sort((a, b) => (a.run < b.run ? -1 : 1));
}

/** How a run has ended by the log, by itself or by a rollback that took it over; null while it has not. @internal */
export async function readRunEnd(log: EntryLog, run: string): Promise<"unfrozen" | "superseded" | null> {
  let end: "unfrozen" | "superseded" | null = null;
  for await (const { kind, payload } of log.read()) {
    if (kind !== playbookStepKind || !isJsonObject(payload)) continue;
    const { step, about } = payload;
    if (payload["run"] === run && step === "unfreeze") end ??= "unfrozen";
    if (step === "freeze" && isJsonObject(about ?? null) && (about as JsonObject)["supersedes"] === run) end ??= "superseded";
  }
  return end;
}

function foldSteps(records: readonly StepRecord[]): PromotionState {
  const finished: string[] = [];
  let run: OpenRun | null = null;
  let done: StepRecord[] = [];
  for (const record of records) {
    if (run === null || (record.run !== run.name && supersededBy(record) === run.name)) {
      if (record.step !== "freeze" || record.state !== "begun") throw invalid("a run does not begin with its freeze");
      // A promotion whose freeze was taken over is not gone on with.
      if (run !== null) finished.push(run.name);
      run = { name: record.run, playbook: record.playbook, about: aboutOf(record), supersedes: supersededBy(record) };
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

function aboutOf({ result }: StepRecord): JsonObject {
  return isJsonObject(result) ? result : {};
}

function supersededBy(record: StepRecord): string | null {
  if (record.step !== "freeze" || record.state !== "begun") return null;
  const { supersedes } = aboutOf(record);
  return typeof supersedes === "string" ? supersedes : null;
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
    stepNames.includes(value["step"]) &&
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
  return new ManifestError("MANIFEST_PROMOTION_FROZEN", `Cannot promote: "${run}" has frozen promotions`, {
    details: { run },
    hint: "Resume that run, or lift that freeze; either asks the gate first",
  });
}
