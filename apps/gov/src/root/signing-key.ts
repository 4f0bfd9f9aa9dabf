import { resolve } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import {
  addSignatures,
  createKeySigner,
  type Envelope,
  type Signer,
  type TrustPolicy,
  verifyEnvelope,
  type VerifiedSigner,
} from "@gov/manifest/sign";
import type { JsonValue } from "@gov/schema";
import { canonicalJson } from "@gov/schema/canonical";
import { type Call, InputError, listFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { isInside } from "./is-inside.ts";

/** The variable that holds a signing key, as PEM text or as the path of a file with it. */
export const signingKeyVariable = "GOV_SIGNING_KEY";

/** The signer of the environment's signing key; null when none is set. */
export async function environmentSigner(context: Context, directory: string): Promise<Signer | null> {
  const value = context.env[signingKeyVariable] ?? "";
  if (value.trim() === "") return null;
  return value.includes("-----BEGIN") ? signerOf(context, value) : fileSigner(context, value, { directory });
}

/** The signers of the named key files; without any, that of the environment, or none. */
export async function signersOf(
  context: Context,
  files: readonly string[],
  { directory }: { readonly directory: string },
): Promise<readonly Signer[]> {
  if (files.length > 0) return Promise.all(files.map((file) => fileSigner(context, file, { directory })));
  const signer = await environmentSigner(context, directory);
  return signer === null ? [] : [signer];
}

/** The same where somebody has to sign. */
export async function requireSigners(
  context: Context,
  call: Call,
  { directory }: { readonly directory: string },
): Promise<readonly Signer[]> {
  const signers = await signersOf(context, listFlag(call, "key"), { directory });
  if (signers.length > 0) return signers;
  throw new UsageError(`Missing --key, and ${signingKeyVariable} is not set`, "gov key new makes a key");
}

/** The signer of a private key file. One that others can read, or that stands where it would be committed, is refused. */
export async function fileSigner(context: Context, file: string, { directory }: { readonly directory: string }): Promise<Signer> {
  const path = resolve(context.cwd, file);
  const read = await readFileBounded(path, { maxBytes: 1 << 16, fs: context.fs, path: file });
  if (!read.ok) throw new InputError("CLI_KEY_UNREADABLE", `Cannot read the key "${file}"`, { findings: read.findings });
  if (isInside(directory, await context.fs.realpath(path)))
    throw new InputError("CLI_KEY_INSIDE_ROOT", `Cannot use the key "${file}": it is inside the governed root`, {
      hint: "make a new key outside of it, and trust that one: gov key rotate",
    });
  const { mode } = await context.fs.stat(path);
  if ((mode & 0o077) !== 0)
    throw new InputError("CLI_KEY_EXPOSED", `Cannot use the key "${file}": others than its owner can read it (mode ${mode.toString(8)})`, {
      hint: `chmod 600 ${file}; make a new key when others may have read it`,
    });
  return signerOf(context, new TextDecoder().decode(read.value));
}

function signerOf({ env }: Context, pem: string): Signer {
  return createKeySigner(pem, { passphrase: env[`${signingKeyVariable}_PASSPHRASE`] });
}

/** A statement in canonical form, signed. */
export async function signJson(
  statement: JsonValue,
  options: { readonly payloadType: string; readonly signer: Signer },
): Promise<Envelope> {
  const payload = Buffer.from(canonicalJson(statement)).toString("base64");
  return addSignatures({ payloadType: options.payloadType, payload, signatures: [] }, [options.signer]);
}

/** Who signed exactly this statement, by keys that the policy trusts at a time; throws when nobody did. */
export function signersOfJson(
  envelope: Envelope,
  options: { readonly statement: JsonValue; readonly payloadType: string; readonly policy: TrustPolicy; readonly at: string },
): readonly VerifiedSigner[] {
  const { statement, payloadType, policy, at } = options;
  const one = { version: 1, keys: policy.keys, required: 1 } as const;
  const { payload, signers } = verifyEnvelope(envelope, one, { payloadType, at });
  return Buffer.from(payload).equals(Buffer.from(canonicalJson(statement))) ? signers : [];
}
