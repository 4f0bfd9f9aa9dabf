import { resolve } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import {
  parsePlaybook,
  pipelinePlaybook,
  type Playbook,
  type PlaybookPorts,
  promotionPlaybook,
  runPlaybook,
} from "@gov/manifest/promotion";
import { type Call, type Command, InputError, isDryRun, requiredFlag, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { recordedActor } from "../root/actor.ts";
import { authorize } from "../root/authorize.ts";
import { passesCheck } from "../root/check-gate.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { promotionSite } from "../root/promotion-site.ts";
import { requireTrustPolicy } from "../root/trust-policy.ts";

/** Runs a rollback playbook, or goes on with the run of that name; promotions stay frozen until `gov check` finds no error in what was restored. */
export const playbookRun: Command = {
  usage: "<playbook>",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    run: { type: "string", value: "<name>", description: "name of the run; the same name goes on with it" },
    supersedes: { type: "string", value: "<run>", description: "a promotion that stopped half-way, whose freeze is taken over" },
    quiesced: { type: "boolean", description: "you have stopped the runners" },
    healthy: { type: "boolean", description: "you have seen that the service is well" },
  },
  examples: ["gov playbook run promotion --run rollback-2026-11-26", "gov playbook run docs/playbook.yaml --run r-7 --dry-run"],
  async run(context, call) {
    const [word] = call.positionals;
    if (word === undefined) throw new UsageError("Missing the playbook: promotion, pipeline, or a file");
    const playbook = await readPlaybook(context, word);
    const run = requiredFlag(call, "run");
    const governed = await loadGoverned(context, call);
    const { directory } = governed.root;
    const policy = await requireTrustPolicy(context, directory);
    const actor = await authorize(context, call, { place: governed, deed: { action: "playbook:run", subject: { id: run } } });
    if (isDryRun(call))
      return {
        data: { run, playbook, ran: false },
        findings: [],
        view: [{ type: "lines", lines: playbook.steps.map((step, place) => `${place + 1}. ${step}`) }],
      };
    const site = promotionSite(context, directory);
    const paths = governed.documents.artifacts.map(({ path }) => path);
    const { clock, fs } = context;
    const report = await runPlaybook(playbook, {
      ...site,
      ...{ run, actor: recordedActor(actor), policy, clock, fs, remove: paths, ports: portsOf(context, call, paths) },
      supersedes: stringFlag(call, "supersedes"),
    });
    return {
      data: { ...report, ran: true },
      findings: [],
      view: [
        {
          type: "line",
          mark: "pass",
          text: `Rollback ${run} has ended: snapshot ${report.snapshot ?? "none"} stands, promotions are open`,
        },
        { type: "lines", lines: report.steps.map(({ step }) => step) },
      ],
    };
  },
};

/** What a command can do by itself; what only a person can know is asked as a flag, and without it the run stops there, frozen. */
function portsOf(context: Context, call: Call, paths: readonly string[]): PlaybookPorts {
  const said = (flag: string): boolean => call.flags[flag] === true;
  return {
    gate: () => passesCheck(context, call),
    warm: () => Promise.resolve(),
    differences: () => Promise.resolve([...paths].sort()),
    ...(said("quiesced") ? { quiesce: () => Promise.resolve() } : {}),
    ...(said("healthy") ? { health: () => Promise.resolve(true) } : {}),
  };
}

async function readPlaybook(context: Context, word: string): Promise<Playbook> {
  const shipped = [promotionPlaybook, pipelinePlaybook].find(({ id }) => id === word);
  if (shipped !== undefined) return shipped;
  const read = await readFileBounded(resolve(context.cwd, word), { maxBytes: 1 << 20, fs: context.fs, path: word });
  const parsed = read.ok ? parsePlaybook(new TextDecoder().decode(read.value), { path: word }) : read;
  if (parsed.ok) return parsed.value;
  throw new InputError("CLI_PLAYBOOK_INVALID", `Cannot use the playbook "${word}"`, { findings: parsed.findings });
}
