import { join, resolve } from "node:path";
import type { YamlEdit } from "@gov/schema";
import { formatUtc } from "@gov/telemetry";
import { type Command, InputError, isDryRun, requiredFlag, stringFlag, UsageError } from "../command.ts";
import { authorize } from "../root/authorize.ts";
import { generateKey, planTrust, requireKeyPlace, writeNewFile, writeTrust } from "../root/key-files.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { requireTrustPolicy, trustPolicyFile } from "../root/trust-policy.ts";

/** Makes a new key for somebody: it counts from now on, and those before count no longer; what they signed stays verifiable as of then. */
export const keyRotate: Command = {
  usage: "<new-private-key-file>",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    person: { type: "string", value: "<name>", description: "whose key is replaced" },
    policy: { type: "string", value: "<file>", description: `the trust policy (default: ${trustPolicyFile} in the root)` },
  },
  examples: ["gov key rotate ~/.config/gov/ann-2027.pem --person ann"],
  async run(context, call) {
    const [file] = call.positionals;
    if (file === undefined) throw new UsageError("Missing the file for the new private key");
    const person = requiredFlag(call, "person");
    const policyFile = stringFlag(call, "policy");
    const governed = await loadGoverned(context, call);
    const { directory } = governed.root;
    const path = await requireKeyPlace(context, file, { directory });
    const policy = await requireTrustPolicy(context, directory, policyFile);
    const open = policy.keys.flatMap((key, index) => (key.person === person && key.validTo === undefined ? [{ key, index }] : []));
    const [first] = open;
    if (first === undefined)
      throw new InputError("CLI_KEY_UNKNOWN", `No key of "${person}" is in force`, {
        hint: "gov key list shows whose keys are; gov key trust adds one",
      });
    const shown = policyFile ?? trustPolicyFile;
    await authorize(context, call, { place: governed, deed: { action: "key:rotate", subject: { id: person, path: shown } } });
    const now = formatUtc(context.clock.now());
    const { privateKey, publicKey } = generateKey();
    const edits = open.map(({ index }): YamlEdit => ({ op: "set", pointer: `/keys/${index}/validTo`, value: now }));
    const add = { person, role: first.key.role, publicKey, validFrom: now };
    const text = await planTrust(context, { directory, file: policyFile, add, edits });
    if (!isDryRun(call)) {
      // The key first: a policy that trusts a key which nobody holds would lock its person out.
      await writeNewFile(context, path, { text: privateKey, mode: 0o600, shown: file });
      await writeNewFile(context, `${path}.pub`, { text: publicKey, mode: 0o644, shown: `${file}.pub` });
      await writeTrust(context, policyFile === undefined ? join(directory, trustPolicyFile) : resolve(context.cwd, policyFile), text);
    }
    const would = isDryRun(call) ? "would count" : "counts";
    return {
      data: { person, role: first.key.role, file: path, at: now, ended: open.length, dryRun: isDryRun(call) },
      findings: [],
      view: [
        { type: "line", mark: "pass", text: `A new key of ${person} ${would} from ${now}; ${open.length} before it until then` },
        { type: "line", mark: "none", text: `Commit ${shown}, and have it approved: everybody verifies with it` },
        { type: "line", mark: "none", text: "Then: gov snapshot take, because what the old key signed is not restored any more" },
      ],
    };
  },
};
