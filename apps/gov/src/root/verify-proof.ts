import type { JsonValue } from "@gov/schema";
import { holdsEntryProof, holdsExtensionProof } from "@gov/telemetry/audit";
import { type Call, InputError, type Outcome, requiredFlag, stringFlag } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { type KeptCheckpoint, readCheckpoint } from "./read-checkpoint.ts";
import { readTextFile } from "./read-text-file.ts";

/** Verifies what `gov audit prove` said against checkpoints that the caller holds, without any log. */
export async function verifyProof(context: Context, call: Call, file: string): Promise<Outcome> {
  const value = parse(file, await readTextFile(context, file));
  const checkpoint = await readRooted(context, call, requiredFlag(call, "checkpoint"));
  const earlier = stringFlag(call, "since");
  if (earlier === undefined) {
    const holds = holdsEntryProof(value, checkpoint);
    const said = holds ? `entry ${value.entry.seq} (${value.entry.kind} by ${value.entry.actor})` : "its entry";
    return outcome(holds, `${said} is among the ${checkpoint.seq} that the checkpoint covers`, { checkpoint });
  }
  const since = await readRooted(context, call, earlier);
  const says = `the later checkpoint covers ${checkpoint.seq} entries, the first ${since.seq} of them as the earlier one does`;
  return outcome(holdsExtensionProof(value, { since, checkpoint }), says, { since, checkpoint });
}

function outcome(holds: boolean, says: string, data: Outcome["data"]): Outcome {
  return {
    data: { holds, ...data },
    findings: [],
    exitCode: holds ? undefined : exitCodes.integrity,
    view: [{ type: "line", mark: holds ? "pass" : "fail", text: `${holds ? "Proven" : "Not proven"}: ${says}` }],
  };
}

type Rooted = KeptCheckpoint & { readonly root: NonNullable<KeptCheckpoint["root"]> };

async function readRooted(context: Context, call: Call, file: string): Promise<Rooted> {
  const { root, ...kept } = await readCheckpoint(context, call, file);
  if (root !== null) return { ...kept, root };
  throw new InputError("CLI_CHECKPOINT_INVALID", `Cannot use the checkpoint "${file}" for proofs: it has no root`, {
    hint: "gov audit checkpoint --format json writes one with its root",
  });
}

function parse(file: string, text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new InputError("CLI_INPUT_INVALID", `Cannot use "${file}" as a proof: it is no JSON`, {
      hint: "gov audit prove --format json prints one",
    });
  }
}
