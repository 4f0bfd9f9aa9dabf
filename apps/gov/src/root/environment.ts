import { isAbsolute } from "node:path";
import type { WriteMode } from "@gov/atomic-io/modes";
import {
  type EnforcementMode,
  type EnforcementModes,
  isModeChanged,
  type ModeChanged,
  type ModeDenied,
  modesInForce,
} from "@gov/gates/enforcement";
import type { Finding, Rulebook } from "@gov/schema";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { eventsOf, type RootLog } from "./root-log.ts";
import { storageFolder } from "./storage-folder.ts";
import { writeModeInForce } from "./write-mode.ts";

/** A value in force, and who says so. */
interface Setting<Value extends string> {
  readonly mode: Value;
  readonly origin: "decision log" | "default" | "environment" | "rules";
}

/** What the environment and the rules say together. The environment may only tighten. */
export interface Environment {
  readonly storageRoot: { readonly path: string; readonly origin: "default" | "environment" };
  readonly writes: Setting<WriteMode>;
  readonly enforcement: Setting<EnforcementMode>;
  /** The modes of everything; null while nobody has decided on any. */
  readonly modes: EnforcementModes | null;
  /** What the log is to be told when the environment asked for a weaker mode than it says; null otherwise. */
  readonly denied: ModeDenied | null;
  /** What is wrong with the environment; each is an error. */
  readonly findings: readonly Finding[];
}

interface Known {
  readonly directory: string;
  readonly log: RootLog;
  readonly rules: { readonly rulebook: Pick<Rulebook, "sync"> } | null;
}

/** Reads and judges `MEMORY_STORAGE_ROOT`, `MEMORY_WRITES_MODE` and `AI_ENFORCEMENT_MODE` (SCH-12). */
export async function readEnvironment(context: Context, { directory, log, rules }: Known): Promise<Environment> {
  const { env } = context;
  const storage = env["MEMORY_STORAGE_ROOT"] ?? "";
  const { problem, ...writes } = writeModeInForce(context, rules?.rulebook.sync ?? null);
  const changes = modeChanges(log);
  const logged = modesInForce(changes, undefined).overall;
  const enforcement = modesInForce(changes, env["AI_ENFORCEMENT_MODE"]);
  const findings = [
    ...(await storageFindings(context, storage)),
    ...(problem === null ? [] : [finding("MEMORY_WRITES_MODE", problem)]),
    ...enforcement.findings.map(({ message }) => finding("AI_ENFORCEMENT_MODE", message)),
  ];
  return {
    storageRoot: isAbsolute(storage)
      ? { path: storage, origin: "environment" }
      : { path: storageFolder(context, directory), origin: "default" },
    writes,
    enforcement: {
      mode: enforcement.overall,
      origin: enforcement.overall === logged ? (changes.length === 0 ? "default" : "decision log") : "environment",
    },
    modes: enforcement.modes,
    denied: enforcement.entry,
    findings,
  };
}

/** The changes of mode that a log tells. */
export function modeChanges(log: RootLog): readonly ModeChanged[] {
  return eventsOf(log).filter((event) => isModeChanged(event)) as unknown as readonly ModeChanged[];
}

/** The same; an environment that is wrong in any way is refused before anything is changed. */
export async function requireEnvironment(context: Context, known: Known): Promise<Environment> {
  const environment = await readEnvironment(context, known);
  requireSound(environment);
  return environment;
}

/** Throws when an environment is wrong in any way. */
export function requireSound(environment: Environment): void {
  if (environment.findings.length === 0) return;
  throw new InputError("CLI_ENVIRONMENT_INVALID", "Cannot use the environment", {
    findings: environment.findings,
    hint: "gov config shows what is in force without it",
  });
}

async function storageFindings({ fs }: Context, storage: string): Promise<readonly Finding[]> {
  if (storage === "") return [];
  if (!isAbsolute(storage)) return [finding("MEMORY_STORAGE_ROOT", `"${storage}" is no absolute path`)];
  const isFolder = await fs.stat(storage).then(
    ({ kind }) => kind === "directory",
    () => false,
  );
  return isFolder ? [] : [finding("MEMORY_STORAGE_ROOT", `"${storage}" is no folder that can be read`)];
}

function finding(variable: string, problem: string): Finding {
  return { code: "CLI_ENVIRONMENT_INVALID", severity: "error", message: `${variable}: ${problem}`, path: null, line: null, column: null };
}
