import { basename, dirname, join, resolve } from "node:path";
import { verifyAuditLog } from "@gov/telemetry/audit";
import { type Call, type Command, InputError, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { decisionArchives } from "../root/decision-log.ts";
import { rootFlags } from "../root/locate-root.ts";
import { openLog } from "../root/open-log.ts";
import { openRoot } from "../root/open-root.ts";
import { type KeptCheckpoint, readCheckpoint } from "../root/read-checkpoint.ts";
import { readLogFiles } from "../root/read-log-files.ts";
import { trustPolicyFile } from "../root/trust-policy.ts";
import { verifyProof } from "../root/verify-proof.ts";

/** Verifies a chained log and names the first entry that was altered; repairs nothing. */
export const auditVerify: Command = {
  usage: "[log]",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    checkpoint: {
      type: "string",
      value: "<file>",
      description: "what gov audit checkpoint said earlier: shows a cut tail and a rewritten log",
    },
    policy: { type: "string", value: "<file>", description: `whose signatures of it are enough (default: ${trustPolicyFile} in the root)` },
    proof: { type: "string", value: "<file>", description: "what gov audit prove said: verified against --checkpoint, without any log" },
    since: { type: "string", value: "<file>", description: "with --proof of two checkpoints: the earlier of them" },
  },
  examples: [
    "gov audit verify",
    "gov audit verify --checkpoint ~/checkpoint.json",
    "gov audit verify old/index.jsonl --format json",
    "gov audit verify --proof proof.json --since ~/last-year.json --checkpoint ~/checkpoint.json",
  ],
  async run(context, call) {
    const [given] = call.positionals;
    const proof = stringFlag(call, "proof");
    if (proof === undefined ? call.flags["since"] !== undefined : given !== undefined)
      throw new UsageError("A proof is verified without a log", "--proof with --checkpoint, and --since for a proof of two checkpoints");
    if (proof !== undefined) return verifyProof(context, call, proof);
    const kept = stringFlag(call, "checkpoint");
    const checkpoint = kept === undefined ? null : await readCheckpoint(context, call, kept);
    const { path, report } = given === undefined ? await ownLog(context, call, checkpoint) : await givenLog(context, given, checkpoint);
    const { ok, entries, head, firstAltered, findings } = report;
    return {
      data: { path, entries, head, firstAltered, checkpoint },
      findings,
      exitCode: ok ? undefined : exitCodes.integrity,
      view: [
        ok
          ? {
              type: "line",
              mark: "pass",
              text: `${entries} entr${entries === 1 ? "y" : "ies"}, each chained to the one before; head ${head?.hash ?? "none"}`,
            }
          : {
              type: "line",
              mark: "fail",
              text: firstAltered === null ? "The log does not hold" : `The log does not hold from line ${firstAltered.line} on`,
            },
        { type: "line", mark: checkpoint === null ? "none" : ok ? "pass" : "fail", text: coverage(checkpoint, ok) },
      ],
    };
  },
};

interface Verified {
  readonly path: string;
  readonly report: ReturnType<typeof verifyAuditLog>;
}

async function ownLog(context: Context, call: Call, checkpoint: KeptCheckpoint | null): Promise<Verified> {
  const store = await openLog(context, (await openRoot(context, call)).directory);
  const read = await store.read(checkpoint ?? undefined);
  if (read === null) throw noLog(store.shown);
  return { path: store.shown, report: read.report };
}

/** A log that somebody named, such as a copy; its archives stand beside it as they do in a root. */
async function givenLog(context: Context, path: string, checkpoint: KeptCheckpoint | null): Promise<Verified> {
  const absolute = resolve(context.cwd, path);
  const read = await readLogFiles(context, {
    ...{ path: absolute, archiveDirectory: join(dirname(absolute), basename(decisionArchives)) },
    ...{ shown: path, shownArchives: `${dirname(path)}/${basename(decisionArchives)}` },
  });
  if (read === null) throw noLog(path);
  return { path, report: verifyAuditLog(read.bytes, { path, archives: read.archives, checkpoint: checkpoint ?? undefined }) };
}

function noLog(path: string): InputError {
  const hint = "the first event of a cycle begins one: gov cycle <id> create_plan";
  return new InputError("CLI_NO_LOG", `There is no log "${path}"`, { hint });
}

function coverage(checkpoint: KeptCheckpoint | null, ok: boolean): string {
  if (checkpoint === null) return "No checkpoint given: a tail that was cut off would not be seen";
  const by = checkpoint.signers === null ? "not signed" : `signed by ${checkpoint.signers.join(", ")}`;
  return `${ok ? "Holds" : "Does not hold"} what the checkpoint of entry ${checkpoint.seq} covers (${by})`;
}
