import { join } from "node:path";
import { checkDisk } from "@gov/atomic-io";
import { listAuditArchives } from "@gov/telemetry/audit";
import { describeFailure } from "../failure.ts";
import type { Call, Mark } from "../command.ts";
import type { Context } from "../context.ts";
import { decisionArchives, decisionLog } from "./decision-log.ts";
import { readEnvironment } from "./environment.ts";
import { indexState } from "./index-state.ts";
import { isThere } from "./is-there.ts";
import { type Governed, loadGoverned } from "./load-governed.ts";
import { readLog } from "./root-log.ts";
import { environmentSigner } from "./signing-key.ts";
import { storageFolder } from "./storage-folder.ts";
import { readTrustPolicy } from "./trust-policy.ts";

/** What one look at a root found. */
interface Examined {
  readonly name: string;
  readonly mark: Mark;
  readonly says: string;
  readonly hint?: string | undefined;
}

type Look = Omit<Examined, "name">;

/** Looks at everything that a root needs, one thing after another; what cannot be looked at has failed, and the rest is looked at all the same. */
export async function examineRoot(context: Context, call: Call): Promise<readonly Examined[]> {
  const governed = await attempt(() => loadGoverned(context, call, call.positionals[0]));
  if ("look" in governed) return [{ name: "configuration and rules", ...governed.look }, await lookAtGit(context, context.cwd)];
  const { value } = governed;
  const { directory } = value.root;
  const looks: readonly (readonly [name: string, look: () => Promise<Look>])[] = [
    [
      "configuration and rules",
      async () => ({ mark: "pass", says: `preset ${value.rules.preset.name}, ${value.documents.artifacts.length} artifacts` }),
    ],
    ["documents", async () => documentsLook(value)],
    ["routes", async () => routesLook(value)],
    ["permissions", async () => permissionsLook(value)],
    ["log", async () => ({ mark: "pass", says: chained((await readLog(context, directory)).entries.length) })],
    ["index", async () => indexLook(await indexState(context, value))],
    ["environment", async () => environmentLook(context, value)],
    ["disk", async () => diskLook(context, value)],
    ["trust", async () => trustLook(context, value)],
    ["signing key", async () => keyLook(context, value)],
  ];
  const examined: Examined[] = [];
  for (const [name, look] of looks) {
    const found = await attempt(look);
    examined.push({ name, ...("look" in found ? found.look : found.value) });
  }
  return [...examined, await lookAtGit(context, directory), await lookAtMerges(context, directory)];
}

async function attempt<T>(work: () => Promise<T>): Promise<{ readonly value: T } | { readonly look: Look }> {
  try {
    return { value: await work() };
  } catch (error) {
    const { message, hint, findings } = describeFailure(error);
    const [first] = findings;
    const says = first === undefined ? message : `${message}: ${first.path === null ? "" : `${first.path}: `}${first.message}`;
    return { look: { mark: "fail", says, hint } };
  }
}

function documentsLook({ documents }: Governed): Look {
  const errors = documents.findings.filter(({ severity }) => severity === "error").length;
  return errors === 0 ? { mark: "pass", says: "no error" } : { mark: "fail", says: `${errors} errors`, hint: "gov check shows them" };
}

function routesLook({ rules }: Governed): Look {
  const { routes, routeErrors } = rules;
  if (routeErrors.length > 0)
    return { mark: "fail", says: `${routeErrors.length} errors`, hint: "gov route rollback leads back to usable routes" };
  return routes === null
    ? { mark: "warn", says: "no approved routes: nothing has a place", hint: "gov init writes some" }
    : { mark: "pass", says: "usable" };
}

function permissionsLook({ rules }: Governed): Look {
  const { rbac } = rules.rulebook;
  return rbac === null
    ? { mark: "warn", says: "no approved rbac_policy.yaml: nobody is denied", hint: "gov init writes one" }
    : { mark: "pass", says: `${Object.keys(rbac.roles).length} roles, ${Object.keys(rbac.actors).length} named actors` };
}

function indexLook(state: Awaited<ReturnType<typeof indexState>>): Look {
  if (state === "up to date") return { mark: "pass", says: state };
  return state === "damaged"
    ? { mark: "fail", says: state, hint: "gov index --rebuild makes it anew from the documents" }
    : { mark: "warn", says: state, hint: "gov index brings it up to date" };
}

async function environmentLook(context: Context, { root, rules }: Governed): Promise<Look> {
  const { findings, writes, enforcement } = await readEnvironment(context, {
    directory: root.directory,
    log: await readLog(context, root.directory),
    rules,
  });
  const [first] = findings;
  return first === undefined
    ? { mark: "pass", says: `writes ${writes.mode}, enforcement ${enforcement.mode}` }
    : { mark: "fail", says: first.message, hint: "gov config shows what is in force" };
}

async function diskLook(context: Context, { root, rules }: Governed): Promise<Look> {
  const { fs, space: probe, clock } = context;
  const percent = rules.thresholds.minimumFreeSpacePercent;
  const limits = { path: storageFolder(context, root.directory), minFreeRatio: percent / 100 };
  const { directories, findings } = await checkDisk([limits], { fs, probe, now: clock.now });
  const [first] = findings;
  if (first !== undefined)
    return {
      mark: "warn",
      says: first.message,
      hint: `free some; minimum_free_space_percent in rulebook.yaml is ${percent}`,
    };
  const mebibytes = Math.floor((directories[0]?.freeBytes ?? 0) / (1 << 20));
  return { mark: "pass", says: `${mebibytes} MiB free, ${percent} % are asked for` };
}

async function trustLook(context: Context, { root }: Governed): Promise<Look> {
  const trusted = await readTrustPolicy(context, root.directory);
  return trusted === null
    ? { mark: "warn", says: "no trust_policy.yaml: no signature is enough", hint: "gov key new --policy trust_policy.yaml writes one" }
    : { mark: "pass", says: `${trusted.policy.keys.length} trusted, ${trusted.policy.required} required` };
}

async function keyLook(context: Context, { root }: Governed): Promise<Look> {
  const signer = await environmentSigner(context, root.directory);
  return signer === null
    ? { mark: "none", says: "not set: names are unproven, and nothing can be sealed" }
    : { mark: "pass", says: "usable, outside of the root, readable by its owner only" };
}

async function lookAtGit({ git, ...context }: Context, directory: string): Promise<Examined> {
  const name = "git";
  const hooks = await git.hooks(directory);
  if (hooks === null) return { name, mark: "warn", says: "no repository: no commit times, authors or revisions", hint: "git init" };
  if ((await git.revision(directory)) === null) return { name, mark: "warn", says: "no commit yet", hint: "commit the documents" };
  const hasHook = await isThere({ git, ...context }, `${hooks}/pre-commit`);
  return hasHook
    ? { name, mark: "pass", says: "a repository with a hook" }
    : { name, mark: "pass", says: "a repository, no hook: gov init --hook" };
}

async function lookAtMerges({ git, fs, logOf }: Context, directory: string): Promise<Examined> {
  const name = "merges";
  if (logOf(directory).store !== "file" || (await git.mergeDriver(directory, decisionLog)) === null)
    return { name, mark: "none", says: "no log that git merges" };
  const archives = await listAuditArchives(decisionLog, join(directory, decisionArchives), { fs });
  // A pattern is a path that it matches itself.
  for (const path of [decisionLog, ...(archives.length === 0 ? [] : [`${decisionArchives}/*.jsonl`])])
    if ((await git.mergeDriver(directory, path)) !== "union")
      return {
        name,
        mark: "warn",
        says: `a merge of branches would leave a conflict in ${path === decisionLog ? "the log" : "its archives"}`,
        hint: `.gitattributes: ${path} merge=union -text`,
      };
  return { name, mark: "pass", says: "the log merges by union" };
}

function chained(count: number): string {
  return `${count} entr${count === 1 ? "y" : "ies"}, each chained`;
}
