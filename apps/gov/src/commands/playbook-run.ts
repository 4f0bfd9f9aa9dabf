import { resolve } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import {
  choosePlaybook,
  parsePlaybook,
  pipelinePlaybook,
  type Playbook,
  type PlaybookPorts,
  promotionPlaybook,
  readPlacedArtifacts,
  rollbackTriggers,
  runPlaybook,
  standAsSealed,
} from "@gov/manifest/promotion";
import { type Call, type Command, InputError, isDryRun, requiredFlag, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { recordedActor } from "../root/actor.ts";
import { authorize } from "../root/authorize.ts";
import { passesCheck } from "../root/check-gate.ts";
import { type Governed, loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { environmentSite, promotionSite, type PromotionSite } from "../root/promotion-site.ts";
import { requireTrustPolicy } from "../root/trust-policy.ts";

/** Runs a rollback playbook, or goes on with such a run; promotions stay frozen until what was restored is found in order. */
export const playbookRun: Command = {
  usage: "[playbook]",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    run: { type: "string", value: "<name>", description: "name of the run; the same name goes on with it" },
    trigger: { type: "string", value: "<word>", description: "what happened; it says which playbook", words: [...rollbackTriggers] },
    environment: { type: "string", value: "<name>", description: "roll back an environment, not the root; needs --into" },
    into: { type: "string", value: "<folder>", description: "the folder that is this environment" },
    supersedes: { type: "string", value: "<run>", description: "a promotion that stopped half-way, whose freeze is taken over" },
    quiesced: { type: "boolean", description: "you have stopped the runners" },
    healthy: { type: "boolean", description: "you have seen that the service is well" },
  },
  examples: [
    "gov playbook run promotion --run rollback-2026-11-26",
    "gov playbook run --trigger slo_breach --environment staging --into /srv/staging --run r-8 --supersedes p-1",
    "gov playbook run docs/playbook.yaml --run r-7 --dry-run",
  ],
  async run(context, call) {
    const playbook = await playbookOf(context, call);
    const run = requiredFlag(call, "run");
    const environment = stringFlag(call, "environment");
    if ((environment === undefined) !== (stringFlag(call, "into") === undefined))
      throw new UsageError("Missing --environment or --into: an environment is rolled back where it stands");
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
    const { clock, fs } = context;
    const { site, paths, gate } =
      environment === undefined ? rootPlace(context, call, governed) : await environmentPlace(context, call, { directory, environment });
    const report = await runPlaybook(playbook, {
      ...site,
      ...{ run, environment, actor: recordedActor(actor), policy, clock, fs, remove: paths, ports: portsOf(call, { paths, gate }) },
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

/** What is rolled back: where, which paths may stand there, and what has to hold before promotions go on. */
interface Place {
  readonly site: PromotionSite;
  readonly paths: readonly string[];
  readonly gate: () => Promise<boolean>;
}

function rootPlace(context: Context, call: Call, { root, documents }: Governed): Place {
  const paths = documents.artifacts.map(({ path }) => path);
  return { site: promotionSite(context, root.directory), paths, gate: () => passesCheck(context, call) };
}

async function environmentPlace(
  context: Context,
  call: Call,
  { directory, environment }: { readonly directory: string; readonly environment: string },
): Promise<Place> {
  const site = environmentSite(context, directory, requiredFlag(call, "into"));
  const { paths } = await readPlacedArtifacts(environment, site);
  // Asked once the log says which manifest the snapshot was of.
  const gate = async (): Promise<boolean> =>
    standAsSealed(site.root, (await readPlacedArtifacts(environment, site)).standing ?? [], { fs: context.fs });
  return { site, paths, gate };
}

/** What a command can do by itself; what only a person can know is asked as a flag, and without it the run stops there, frozen. */
function portsOf(call: Call, { paths, gate }: Pick<Place, "paths" | "gate">): PlaybookPorts {
  const said = (flag: string): boolean => call.flags[flag] === true;
  return {
    gate,
    warm: () => Promise.resolve(),
    differences: () => Promise.resolve([...paths].sort()),
    ...(said("quiesced") ? { quiesce: () => Promise.resolve() } : {}),
    ...(said("healthy") ? { health: () => Promise.resolve(true) } : {}),
  };
}

async function playbookOf(context: Context, call: Call): Promise<Playbook> {
  const [word] = call.positionals;
  const trigger = stringFlag(call, "trigger");
  if ((word === undefined) === (trigger === undefined))
    throw new UsageError("Missing the playbook: promotion, pipeline, or a file; or --trigger, which chooses one");
  if (trigger === undefined) return readPlaybook(context, word as string);
  const chosen = rollbackTriggers.some((known) => known === trigger) ? choosePlaybook({ trigger }) : null;
  if (chosen === null) throw new UsageError(`Nothing is rolled back by "${trigger}"`, `one of ${rollbackTriggers.join(", ")}`);
  return chosen;
}

async function readPlaybook(context: Context, word: string): Promise<Playbook> {
  const shipped = [promotionPlaybook, pipelinePlaybook].find(({ id }) => id === word);
  if (shipped !== undefined) return shipped;
  const read = await readFileBounded(resolve(context.cwd, word), { maxBytes: 1 << 20, fs: context.fs, path: word });
  const parsed = read.ok ? parsePlaybook(new TextDecoder().decode(read.value), { path: word }) : read;
  if (parsed.ok) return parsed.value;
  throw new InputError("CLI_PLAYBOOK_INVALID", `Cannot use the playbook "${word}"`, { findings: parsed.findings });
}
