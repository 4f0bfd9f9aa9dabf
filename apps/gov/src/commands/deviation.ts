import { dirname, join } from "node:path";
import { ensureDirectory, replaceFile } from "@gov/atomic-io";
import { changeTypes, planChange } from "@gov/gates";
import { type Artifact, type BeBacklog, editYaml, isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import { formatUtc } from "@gov/telemetry";
import { type Call, type Command, InputError, isDryRun, type Outcome, requiredFlag, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { authorize } from "../root/authorize.ts";
import { changeLogOfCycle, cycleArtifacts } from "../root/cycle-evidence.ts";
import { requiredCycleId } from "../root/cycle-id.ts";
import { type Governed, loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { pathInRoot } from "../root/path-in-root.ts";
import { readTextFile } from "../root/read-text-file.ts";
import { writtenPath } from "../root/written-path.ts";

/** Shows what went otherwise than planned in a cycle, or records it: a deviation, a change of scope, an exception, each linked to a task. */
export const deviation: Command = {
  usage: "<cycle>",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    task: { type: "string", value: "<id>", description: "the task it belongs to; with it, the change is recorded" },
    description: { type: "string", value: "<text>", description: "what went otherwise than planned" },
    type: { type: "string", value: "<type>", words: changeTypes, description: `${changeTypes.join(", ")} (default: deviation)` },
    "approved-by": { type: "string", value: "<person>", description: "who allowed it; an exception needs somebody" },
    points: { type: "string", value: "<number>", description: "how many points a change of scope adds, or takes away" },
    expires: { type: "string", value: "<time>", description: "until when an exception holds, RFC 3339 in UTC" },
    file: { type: "string", value: "<path>", description: "where the change log of the cycle is to stand, when there is none yet" },
  },
  examples: [
    "gov deviation PLN-BE-2026-01",
    "gov deviation PLN-BE-2026-01 --task PLN-BE-001 --description Rebuilt",
    "gov deviation PLN-BE-2026-01 --task PLN-BE-001 --type scope_change --points 3 --description Split --dry-run",
  ],
  async run(context, call) {
    const cycle = requiredCycleId(call);
    const task = stringFlag(call, "task");
    const governed = await loadGoverned(context, call);
    const log = changeLogOfCycle(governed, cycle);
    if (task === undefined) return show(cycle, log);
    return record(context, call, { governed, cycle, task, log });
  },
};

function show(cycle: string, log: Artifact | null): Outcome {
  const changes = changesOf(log);
  const rows = changes.map(({ id, type, task_id: task, recorded_by: by, approved_by: allowed, description }) =>
    [id, type, task, by, allowed ?? "", description].map(String),
  );
  return {
    data: { cycle, document: log?.path ?? null, changes },
    findings: [],
    view: [
      changes.length === 0
        ? { type: "line", mark: "none", text: `Nothing of ${cycle} went otherwise than planned, as far as anybody recorded` }
        : { type: "table", head: ["id", "type", "task", "by", "allowed by", "what"], rows },
    ],
  };
}

interface Recording {
  readonly governed: Governed;
  readonly cycle: string;
  readonly task: string;
  readonly log: Artifact | null;
}

async function record(context: Context, call: Call, { governed, cycle, task, log }: Recording): Promise<Outcome> {
  const type = changeTypes.find((one) => one === (stringFlag(call, "type") ?? "deviation"));
  if (type === undefined) throw new UsageError(`Unknown type "${String(stringFlag(call, "type"))}"`, `one of ${changeTypes.join(", ")}`);
  const description = requiredFlag(call, "description");
  const path = log?.path ?? newPath(context, call, governed);
  const actor = await authorize(context, call, { place: governed, deed: { action: "deviation:record", subject: { id: cycle, path } } });
  const points = stringFlag(call, "points");
  const plan = planChange(
    {
      type,
      task,
      description,
      by: actor.name,
      approvedBy: stringFlag(call, "approved-by"),
      pointsDelta: points === undefined ? undefined : Number(points),
      expiresAt: stringFlag(call, "expires"),
    },
    { cycle, log: dataOf(log), tasks: await taskIds(context, governed, cycle), at: formatUtc(context.clock.now()) },
  );
  if (!plan.ok)
    return {
      data: { cycle, recorded: false },
      findings: plan.findings,
      exitCode: exitCodes.findings,
      view: [{ type: "line", mark: "fail", text: `Nothing was recorded in ${path}` }],
    };
  const text = log === null ? newLog(cycle) : await readTextFile(context, join(governed.root.directory, path));
  const edited = editYaml(text, [{ op: "set", pointer: "/changes/-", value: plan.change }], { path });
  if (!edited.ok) throw new InputError("CLI_CHANGE_LOG_UNUSABLE", `Cannot add to "${path}"`, { findings: edited.findings });
  if (!isDryRun(call)) {
    const file = await writtenPath(context, governed.root.directory, path);
    await ensureDirectory(dirname(file), { fs: context.fs });
    await replaceFile(file, edited.value, { fs: context.fs });
  }
  const did = isDryRun(call) ? "Would record" : "Recorded";
  return {
    data: { cycle, document: path, change: plan.change, recorded: !isDryRun(call) },
    findings: [],
    view: [{ type: "line", mark: "pass", text: `${did} ${plan.change["id"] as string} in ${path}: ${type} of ${task}` }],
  };
}

/** Beside the manifests of the cycle's framework there is no route for a change log yet: whoever begins one says where. */
function newPath(context: Context, call: Call, governed: Governed): string {
  const file = stringFlag(call, "file");
  if (file !== undefined) return pathInRoot(context, governed, file);
  throw new UsageError("There is no change log of this cycle yet", "--file says where it is to stand");
}

async function taskIds(context: Context, governed: Governed, cycle: string): Promise<readonly string[]> {
  const own = await cycleArtifacts(context, governed, cycle);
  const plans = own.filter(({ kind }) => kind === "be_backlog" || kind === "fe_task_breakdown");
  return plans.flatMap(({ data }) => (data as unknown as BeBacklog).tasks.map(({ id }) => id));
}

function dataOf(log: Artifact | null): JsonObject | null {
  return log !== null && isJsonObject(log.data) ? log.data : null;
}

function changesOf(log: Artifact | null): readonly JsonObject[] {
  const changes: JsonValue = dataOf(log)?.["changes"] ?? [];
  return Array.isArray(changes) ? changes.filter((item): item is JsonObject => isJsonObject(item)) : [];
}

function newLog(cycle: string): string {
  return `# What went otherwise than planned while ${cycle} was executed; gov deviation adds to it.
version: 1.0.0
metadata:
  id: ${cycle}-execution-change-log
  version: 1.0.0
  status: draft
  kind: execution_change_log
  title: Execution of ${cycle}
cycle_id: ${cycle}
changes: []
`;
}
