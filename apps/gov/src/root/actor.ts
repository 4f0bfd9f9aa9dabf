import { type Actor, proveActor } from "@gov/gates/rbac";
import type { Signer } from "@gov/manifest/sign";
import { isManifestError } from "@gov/manifest";
import { formatUtc } from "@gov/telemetry";
import { type Call, InputError, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { environmentSigner, signersOfJson, signingKeyVariable, signJson } from "./signing-key.ts";
import { requireTrustPolicy } from "./trust-policy.ts";

const unproven = "unverified:";
/** The log takes 256 for who acted. */
const maxNameLength = 256 - unproven.length;
const payloadType = "application/vnd.gov.actor+json";

/**
 * Who acts: the person whose signing key is in the environment, proven by a signature over this very call; else a name that nobody has proven,
 * by `--actor` or as git knows the person. A key that proves somebody other than `--actor` proves nothing.
 */
export async function actorOf(context: Context, call: Call, directory: string): Promise<Actor> {
  const claimed = stringFlag(call, "actor");
  const signer = await environmentSigner(context, directory);
  if (signer === null) return { name: requireName(claimed ?? (await context.git.userEmail(directory)) ?? "unknown"), proof: null };
  const person = await personOf(context, signer, directory);
  return proveActor(
    { name: requireName(claimed ?? person), credential: null },
    { verifier: { verify: () => Promise.resolve({ person, kind: "signature" }) } },
  );
}

/** A name that the log takes: what it would refuse, or say nothing by, is refused before anything is done. */
function requireName(name: string): string {
  if (name.trim() !== "" && name.length <= maxNameLength) return name;
  throw new UsageError(`Cannot record who acts: a name has 1 to ${maxNameLength} characters`, "--actor <name>, or git config user.email");
}

/** An actor as the log records it: nothing marks a proven name, and no name can pass for a proven one. */
export function recordedActor({ name, proof }: Actor): string {
  return proof === null ? `${unproven}${name}` : name;
}

/** The name of a recorded actor, proven or not: whoever claims to have made something is not to approve it. */
export function nameOfRecorded(recorded: string): string {
  return recorded.startsWith(unproven) ? recorded.slice(unproven.length) : recorded;
}

/** The one person whom the trust policy knows by the key of a signer. */
async function personOf(context: Context, signer: Signer, directory: string): Promise<string> {
  const policy = await requireTrustPolicy(context, directory);
  const statement = { directory, at: context.clock.now() };
  const envelope = await signJson(statement, { payloadType, signer });
  try {
    const [found] = signersOfJson(envelope, { statement, payloadType, policy, at: formatUtc(context.clock.now()) });
    if (found !== undefined) return found.person;
  } catch (error) {
    if (!isManifestError(error) || error.code !== "MANIFEST_VERIFICATION_FAILED") throw error;
  }
  throw new InputError("CLI_KEY_UNTRUSTED", `${signingKeyVariable} is nobody's key that the trust policy trusts at this time`, {
    hint: "gov key list shows whose keys it trusts; gov key trust adds one",
  });
}
