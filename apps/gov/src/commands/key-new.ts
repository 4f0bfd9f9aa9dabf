import { resolve } from "node:path";
import { type Command, InputError, isDryRun, requiredFlag, stringFlag, UsageError } from "../command.ts";
import { authorize } from "../root/authorize.ts";
import { isThere } from "../root/is-there.ts";
import { generateKey, planTrust, requireKeyPlace, writeNewFile } from "../root/key-files.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";

/** Makes a signing key: the private half in a file of mode 0600 outside the root, the public half beside it and as an entry of a trust policy. */
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
    const policy = stringFlag(call, "policy");
    const governed = await loadGoverned(context, call);
    const { directory } = governed.root;
    const path = await requireKeyPlace(context, file, { directory });
    if (policy !== undefined && (await isThere(context, resolve(context.cwd, policy))))
      throw new InputError("CLI_FILE_EXISTS", `Cannot write "${policy}": it exists`, {
        hint: "gov key trust adds a key to an existing policy",
      });
    await authorize(context, call, { place: governed, deed: { action: "key:create", subject: { id: person, path: policy } } });
    const { privateKey, publicKey } = generateKey();
    const text = policy === undefined ? null : await planTrust(context, { directory, file: policy, add: { person, role, publicKey } });
    if (isDryRun(call))
      return {
        data: { file: path, person, role, policy: policy ?? null, publicKey: null, dryRun: true },
        findings: [],
        view: [{ type: "line", mark: "pass", text: `Would write a private key to ${file}${policy === undefined ? "" : ` and ${policy}`}` }],
      };
    const written: string[] = [];
    try {
      await writeNewFile(context, path, { text: privateKey, mode: 0o600, shown: file });
      written.push(path);
      await writeNewFile(context, `${path}.pub`, { text: publicKey, mode: 0o644, shown: `${file}.pub` });
      written.push(`${path}.pub`);
      if (text !== null && policy !== undefined)
        await writeNewFile(context, resolve(context.cwd, policy), { text, mode: 0o644, shown: policy });
    } catch (error) {
      // Nobody knows the key yet, unless the policy stands all the same; without it the call can be made again.
      if (policy === undefined || !(await isThere(context, resolve(context.cwd, policy))))
        await Promise.all(written.map((one) => context.fs.unlink(one)));
      throw error;
    }
    return {
      data: { file: path, person, role, policy: policy ?? null, publicKey },
      findings: [],
      view: [
        { type: "line", mark: "pass", text: `Wrote the private key to ${file} (mode 0600); keep it secret` },
        policy === undefined
          ? { type: "line", mark: "none", text: `Next: gov key trust ${file}.pub --person ${person} --role ${role}` }
          : { type: "line", mark: "pass", text: `Wrote ${policy}: one signature by ${person} is enough` },
        { type: "line", mark: "none", text: `To act as ${person}: export GOV_SIGNING_KEY=${file}` },
      ],
    };
  },
};
