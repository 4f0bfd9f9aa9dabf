import { generateKeyPairSync } from "node:crypto";
import { dirname, relative, resolve, sep } from "node:path";
import { createFileOnce, ensureDirectory, isAtomicIoError } from "@gov/atomic-io";
import { type Command, InputError, isDryRun, requiredFlag, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { isThere } from "../root/is-there.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/open-root.ts";

/** Makes a signing key: the private half in a file of mode 0600 outside the root, the public half as an entry of a trust policy. */
export const keyNew: Command = {
  usage: "<private-key-file>",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    person: { type: "string", value: "<name>", description: "whose key it is; people are counted, not keys" },
    role: { type: "string", value: "<role>", description: "the role the person signs in, such as planning_lead" },
    policy: {
      type: "string",
      value: "<file>",
      description: "write a new trust policy that needs this one signature; an existing file is left alone",
    },
  },
  examples: ["gov key new ~/.config/gov/ann.pem --person ann --role planning_lead --policy trust_policy.yaml"],
  async run(context, call) {
    const [file] = call.positionals;
    if (file === undefined) throw new UsageError("Missing the file for the private key");
    const person = requiredFlag(call, "person");
    const role = requiredFlag(call, "role");
    const governed = await loadGoverned(context, call);
    const { directory } = governed.root;
    const path = resolve(context.cwd, file);
    if (isInside(directory, path))
      throw new InputError("CLI_KEY_INSIDE_ROOT", `Cannot write a private key to "${file}": it is inside the governed root`, {
        hint: "choose a file outside, such as ~/.config/gov/<name>.pem",
      });
    const policy = stringFlag(call, "policy");
    for (const name of policy === undefined ? [file] : [file, policy])
      if (await isThere(context, resolve(context.cwd, name))) throw taken(name);
    await authorize(context, call, { place: governed, deed: { action: "key:create", subject: { id: person, path: policy } } });
    if (isDryRun(call))
      return {
        data: { file: path, person, role, policy: policy ?? null, entry: null, dryRun: true },
        findings: [],
        view: [{ type: "line", mark: "pass", text: `Would write a private key to ${file}${policy === undefined ? "" : ` and ${policy}`}` }],
      };
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    await writeNew(context, path, { text: privateKey.export({ type: "pkcs8", format: "pem" }).toString(), mode: 0o600, shown: file });
    const entry = policyEntry({ person, role, publicKey: publicKey.export({ type: "spki", format: "pem" }).toString() });
    if (policy !== undefined)
      await writeNew(context, resolve(context.cwd, policy), {
        text: ["version: 1", "required: 1", "keys:", ...entry.map((line) => `  ${line}`), ""].join("\n"),
        mode: 0o644,
        shown: policy,
      });
    return {
      data: { file: path, person, role, policy: policy ?? null, entry: entry.join("\n") },
      findings: [],
      view: [
        { type: "line", mark: "pass", text: `Wrote the private key to ${file} (mode 0600); keep it secret` },
        policy === undefined
          ? { type: "line", mark: "none", text: "Entry for the keys of a trust policy:" }
          : { type: "line", mark: "pass", text: `Wrote ${policy}: one signature by ${person} is enough` },
        { type: "lines", lines: policy === undefined ? entry : [] },
      ],
    };
  },
};

function isInside(directory: string, path: string): boolean {
  const inside = relative(directory, path);
  return inside !== ".." && !inside.startsWith(`..${sep}`);
}

function policyEntry({
  person,
  role,
  publicKey,
}: {
  readonly person: string;
  readonly role: string;
  readonly publicKey: string;
}): readonly string[] {
  const pem = publicKey.trimEnd().split("\n");
  return [`- person: ${JSON.stringify(person)}`, `  role: ${JSON.stringify(role)}`, "  publicKey: |", ...pem.map((line) => `    ${line}`)];
}

async function writeNew(
  context: Context,
  path: string,
  { text, mode, shown }: { readonly text: string; readonly mode: number; readonly shown: string },
): Promise<void> {
  await ensureDirectory(dirname(path), { fs: context.fs });
  try {
    await createFileOnce(path, text, { fs: context.fs, mode });
  } catch (error) {
    if (!isAtomicIoError(error) || error.code !== "ATOMIC_IO_TARGET_EXISTS") throw error;
    throw taken(shown);
  }
}

function taken(shown: string): InputError {
  return new InputError("CLI_FILE_EXISTS", `Cannot write "${shown}": it exists`, {
    hint: "name a new file; an existing one is never changed",
  });
}
