import { join, resolve } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { parseTrustPolicy, type TrustPolicy } from "@gov/manifest/sign";
import { parseDocument } from "@gov/schema";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { isThere } from "./is-there.ts";

/** Where a root says whose signatures are enough. */
export const trustPolicyFile = "trust_policy.yaml";

const maxPolicyBytes = 1 << 20;

/** A trust policy as it stands in its file. */
export interface TrustPolicyFile {
  /** Absolute path. */
  readonly path: string;
  readonly text: string;
  readonly policy: TrustPolicy;
}

/** Reads the trust policy of a root, or the file that is named; null when there is none. One that cannot be used is refused. */
export async function readTrustPolicy(context: Context, directory: string, given?: string): Promise<TrustPolicyFile | null> {
  const path = given === undefined ? join(directory, trustPolicyFile) : resolve(context.cwd, given);
  const shown = given ?? trustPolicyFile;
  if (!(await isThere(context, path))) return null;
  const read = await readFileBounded(path, { maxBytes: maxPolicyBytes, fs: context.fs, path: shown });
  const document = read.ok ? parseDocument({ path: shown, bytes: read.value }) : read;
  const policy = document.ok ? parseTrustPolicy(document.value.data) : document;
  if (!read.ok || !policy.ok)
    throw new InputError("CLI_TRUST_POLICY_INVALID", `Cannot use the trust policy "${shown}"`, { findings: policy.findings });
  return { path, text: new TextDecoder().decode(read.value), policy: policy.value };
}

/** The same where there has to be one. */
export async function requireTrustPolicy(context: Context, directory: string, given?: string): Promise<TrustPolicy> {
  const found = await readTrustPolicy(context, directory, given);
  if (found !== null) return found.policy;
  throw new InputError("CLI_NO_TRUST_POLICY", `There is no trust policy "${given ?? trustPolicyFile}" to say whose signatures are enough`, {
    hint: "gov key new --policy <file> writes one; --policy names another",
  });
}
