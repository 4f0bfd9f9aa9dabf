import { join, resolve } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { keyThumbprint } from "@gov/manifest/sign";
import { type Command, InputError, isDryRun, requiredFlag, stringFlag, UsageError } from "../command.ts";
import { authorize } from "../root/authorize.ts";
import { planTrust, writeTrust } from "../root/key-files.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { readTrustPolicy, trustPolicyFile } from "../root/trust-policy.ts";

/** Adds a public key to the trust policy of a root; everything else in the file stays as it stands. */
export const keyTrust: Command = {
  usage: "<public-key-file>",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    person: { type: "string", value: "<name>", description: "whose key it is; people are counted, not keys" },
    role: { type: "string", value: "<role>", description: "the role the person signs in, such as planning_lead" },
    policy: { type: "string", value: "<file>", description: `the trust policy (default: ${trustPolicyFile} in the root)` },
  },
  examples: ["gov key trust bob.pem.pub --person bob --role approver", "gov key trust - --person bob --role approver"],
  async run(context, call) {
    const [file] = call.positionals;
    if (file === undefined) throw new UsageError("Missing the file with the public key", "- reads it from standard input");
    const person = requiredFlag(call, "person");
    const role = requiredFlag(call, "role");
    const policy = stringFlag(call, "policy");
    const governed = await loadGoverned(context, call);
    const { directory } = governed.root;
    const publicKey = file === "-" ? new TextDecoder().decode(await context.stdin()) : await readText(file);
    if (publicKey.includes("PRIVATE KEY"))
      throw new InputError("CLI_KEY_PRIVATE", `Cannot trust "${file}": it is a private key`, {
        hint: "the public half is what others need",
      });
    const thumbprint = keyThumbprint(publicKey);
    const path = policy === undefined ? join(directory, trustPolicyFile) : resolve(context.cwd, policy);
    await authorize(context, call, {
      place: governed,
      deed: { action: "key:trust", subject: { id: person, path: policy ?? trustPolicyFile } },
    });
    const known = (await readTrustPolicy(context, directory, policy))?.policy.keys ?? [];
    const isKnown = known.some((key) => keyThumbprint(key.publicKey) === thumbprint && key.person === person && key.role === role);
    if (!isKnown) {
      const text = await planTrust(context, { directory, file: policy, add: { person, role, publicKey } });
      if (!isDryRun(call)) await writeTrust(context, path, text);
    }
    const did = isKnown ? "is trusted already" : isDryRun(call) ? "would be trusted" : "is trusted from now on";
    return {
      data: { person, role, thumbprint, changed: !isKnown && !isDryRun(call) },
      findings: [],
      view: [{ type: "line", mark: "pass", text: `The key of ${person} (${role}) ${did}: ${thumbprint}` }],
    };

    async function readText(name: string): Promise<string> {
      const read = await readFileBounded(resolve(context.cwd, name), { maxBytes: 1 << 16, fs: context.fs, path: name });
      if (read.ok) return new TextDecoder().decode(read.value);
      throw new InputError("CLI_KEY_UNREADABLE", `Cannot read the key "${name}"`, { findings: read.findings });
    }
  },
};
