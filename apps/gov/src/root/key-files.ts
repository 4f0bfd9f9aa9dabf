import { generateKeyPairSync } from "node:crypto";
import { dirname, resolve } from "node:path";
import { createFileOnce, ensureDirectory, isAtomicIoError, replaceFile } from "@gov/atomic-io";
import { parseTrustPolicy } from "@gov/manifest/sign";
import { editYaml, type JsonObject, parseDocument, type YamlEdit } from "@gov/schema";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { isInside } from "./is-inside.ts";
import { isThere } from "./is-there.ts";
import { readTrustPolicy } from "./trust-policy.ts";

/** A new Ed25519 key pair, both halves as PEM text. */
export function generateKey(): { readonly privateKey: string; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}

/** Refuses a place for a private key that is inside the governed root, or taken. */
export async function requireKeyPlace(context: Context, file: string, { directory }: { readonly directory: string }): Promise<string> {
  const path = resolve(context.cwd, file);
  if (isInside(directory, path))
    throw new InputError("CLI_KEY_INSIDE_ROOT", `Cannot write a private key to "${file}": it is inside the governed root`, {
      hint: "choose a file outside, such as ~/.config/gov/<name>.pem",
    });
  if (await isThere(context, path)) throw taken(file);
  return path;
}

/** Writes a file that whoever calls has named, and that must not be there yet. */
export async function writeNewFile(
  context: Context,
  path: string,
  { text, mode, shown }: { readonly text: string; readonly mode: number; readonly shown: string },
): Promise<void> {
  context.writesBelow(dirname(path));
  await ensureDirectory(dirname(path), { fs: context.fs });
  try {
    await createFileOnce(path, text, { fs: context.fs, mode });
  } catch (error) {
    if (!isAtomicIoError(error) || error.code !== "ATOMIC_IO_TARGET_EXISTS") throw error;
    throw taken(shown);
  }
}

/** A key as it stands in a trust policy. */
export interface KeyEntry {
  readonly person: string;
  readonly role: string;
  /** SPKI PEM text. */
  readonly publicKey: string;
  readonly validFrom?: string | undefined;
}

/** A trust policy with one more key and other edits, or a new one that needs one signature. Comments and all else stay; what could not be used is refused. */
export async function planTrust(
  context: Context,
  options: { readonly directory: string; readonly file: string | undefined; readonly add: KeyEntry; readonly edits?: readonly YamlEdit[] },
): Promise<string> {
  const { directory, file, add, edits = [] } = options;
  const found = await readTrustPolicy(context, directory, file);
  const { person, role, publicKey, validFrom } = add;
  const entry: JsonObject = { person, role, publicKey, ...(validFrom === undefined ? {} : { validFrom }) };
  const edited =
    found === null
      ? { ok: true as const, value: newPolicy(add), findings: [] }
      : editYaml(found.text, [...edits, { op: "set", pointer: "/keys/-", value: entry }], { path: file ?? null });
  const parsed = edited.ok ? parseDocument({ path: "trust_policy.yaml", bytes: new TextEncoder().encode(edited.value) }) : edited;
  const policy = parsed.ok ? parseTrustPolicy(parsed.value.data) : parsed;
  if (!edited.ok || !policy.ok)
    throw new InputError("CLI_TRUST_POLICY_INVALID", "Cannot change the trust policy like this", { findings: policy.findings });
  return edited.value;
}

function newPolicy({ person, role, publicKey }: KeyEntry): string {
  return [
    "# Whose signatures count, and how many different people have to sign.",
    "version: 1",
    "required: 1",
    "keys:",
    `  - person: ${JSON.stringify(person)}`,
    `    role: ${JSON.stringify(role)}`,
    "    publicKey: |",
    ...publicKey
      .trimEnd()
      .split("\n")
      .map((line) => `      ${line}`),
    "",
  ].join("\n");
}

/** Puts a planned trust policy in its place. */
export async function writeTrust(context: Context, path: string, text: string): Promise<void> {
  context.writesBelow(dirname(path));
  await ensureDirectory(dirname(path), { fs: context.fs });
  await replaceFile(path, text, { fs: context.fs });
}

function taken(shown: string): InputError {
  return new InputError("CLI_FILE_EXISTS", `Cannot write "${shown}": it exists`, {
    hint: "name a new file; an existing one is never changed",
  });
}
