import { keyThumbprint } from "@gov/manifest/sign";
import { type Command, stringFlag } from "../command.ts";
import { rootFlags } from "../root/locate-root.ts";
import { openRoot } from "../root/open-root.ts";
import { requireTrustPolicy, trustPolicyFile } from "../root/trust-policy.ts";

/** Lists the keys that the trust policy of a root trusts. */
export const keyList: Command = {
  usage: "",
  maxPositionals: 0,
  flags: {
    ...rootFlags,
    policy: { type: "string", value: "<file>", description: `the trust policy (default: ${trustPolicyFile} in the root)` },
  },
  examples: ["gov key list", "gov key list --format json"],
  async run(context, call) {
    const { directory } = await openRoot(context, call);
    const policy = await requireTrustPolicy(context, directory, stringFlag(call, "policy"));
    const keys = policy.keys.map(({ person, role, publicKey, validFrom, validTo }) => ({
      person,
      role,
      thumbprint: keyThumbprint(publicKey),
      validFrom: validFrom ?? null,
      validTo: validTo ?? null,
    }));
    const validity = ({ validFrom, validTo }: (typeof keys)[number]) =>
      [validFrom === null ? "" : `from ${validFrom}`, validTo === null ? "" : `until ${validTo}`].join(" ").trim() || "always";
    return {
      data: { required: policy.required, roles: policy.roles ?? {}, keys },
      findings: [],
      view: [
        {
          type: "line",
          mark: "none",
          text: `${policy.required} of the people behind ${keys.length} key${keys.length === 1 ? "" : "s"} must sign`,
        },
        {
          type: "table",
          head: ["person", "role", "valid", "thumbprint"],
          rows: keys.map((key) => [key.person, key.role, validity(key), key.thumbprint]),
        },
      ],
    };
  },
};
