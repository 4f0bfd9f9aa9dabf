import { type CiRun, enforcementModes, foldModes, parseCiRuns, parseEnforcementMode, planModeChange } from "@gov/gates/enforcement";
import { type Call, type Command, InputError, isDryRun, requiredFlag, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { recordedActor } from "../root/actor.ts";
import { authorize } from "../root/authorize.ts";
import { modeChanges } from "../root/environment.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { readTextFile } from "../root/read-text-file.ts";
import { appendToLog, readLog } from "../root/root-log.ts";

/** Changes what only a decision may change: the enforcement mode, overall or of one gate. Everything else is set in gov.yaml. */
export const configSet: Command = {
  usage: "<setting> <value>",
  maxPositionals: 2,
  flags: {
    ...rootFlags,
    gate: { type: "string", value: "<gate>", description: "the mode of this gate only (default: of everything)" },
    reason: { type: "string", value: "<text>", description: "why; the log keeps it" },
    runs: {
      type: "string",
      value: "<file>",
      description: 'the last runs of CI, which a stricter mode needs: [{"id": "7", "green": true, "integration": true}], latest last',
    },
  },
  examples: [
    "gov config set enforcement shadow --reason stable --runs ci-runs.json",
    "gov config set enforcement soft_block --gate schema_lint --reason stable --runs ci-runs.json --dry-run",
    "gov config set enforcement solo --reason incident-7",
  ],
  async run(context, call) {
    const [setting, value] = call.positionals;
    if (setting === undefined || value === undefined)
      throw new UsageError("Missing the setting and its value", "gov config lists settings");
    if (setting !== "enforcement")
      throw new UsageError(`"${setting}" is not changed by a decision`, "only enforcement is; everything else is set in gov.yaml");
    const to = parseEnforcementMode(value);
    if (to === null) throw new UsageError(`"${value}" is no enforcement mode`, `one of ${enforcementModes.join(", ")}`);
    const reason = requiredFlag(call, "reason");
    const gate = stringFlag(call, "gate") ?? null;
    const governed = await loadGoverned(context, call);
    const { directory } = governed.root;
    const { gates, enforcement } = governed.rules.rulebook;
    const greens = governed.rules.thresholds.greenRunsBeforeEscalation;
    if (gate !== null && !Object.hasOwn(gates, gate))
      throw new InputError("CLI_NO_SUCH_GATE", `There is no gate "${gate}"`, { hint: `one of ${Object.keys(gates).join(", ")}` });
    const actor = await authorize(context, call, {
      place: governed,
      deed: { action: "enforcement:set", subject: { id: gate ?? "overall" } },
    });
    const log = await readLog(context, directory);
    const plan = planModeChange(
      { gate, to, by: actor.name, reason },
      {
        modes: foldModes(modeChanges(log)),
        runs: await runsOf(context, call),
        greensRequired: { shadow: greens, soft_block: greens, hard_block: greens, ...enforcement?.greens_required },
      },
    );
    const what = gate ?? "everything";
    if (!plan.ok)
      return {
        data: { setting, gate, changed: false },
        findings: plan.findings,
        exitCode: exitCodes.findings,
        view: [{ type: "line", mark: "fail", text: `The enforcement of ${what} stays as it is` }],
      };
    const { payload } = plan.entry;
    if (!isDryRun(call))
      await appendToLog(context, directory, {
        entries: [{ type: plan.entry.type, payload: { ...payload } }],
        subject: gate ?? "enforcement",
        expectedSeq: log.seq,
        actor: recordedActor(actor),
      });
    const did = isDryRun(call) ? "would go" : "went";
    return {
      data: { setting, gate, from: payload.from, to: payload.to, changed: !isDryRun(call) },
      findings: [],
      view: [{ type: "line", mark: "pass", text: `The enforcement of ${what} ${did} from ${payload.from} to ${payload.to}` }],
    };
  },
};

async function runsOf(context: Context, call: Call): Promise<readonly CiRun[]> {
  const file = stringFlag(call, "runs");
  if (file === undefined) return [];
  const refuse = (): never => {
    throw new InputError("CLI_RUNS_UNUSABLE", `Cannot use "${file}" as runs of CI`, {
      hint: 'a JSON list of { "id", "green", "integration" }, the latest last',
    });
  };
  try {
    return parseCiRuns(JSON.parse(await readTextFile(context, file))) ?? refuse();
  } catch (error) {
    if (error instanceof SyntaxError) return refuse();
    throw error;
  }
}
