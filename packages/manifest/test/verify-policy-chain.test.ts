import { isManifestError } from "@gov/manifest";
import {
  addSignatures,
  digestPolicyRevision,
  type Envelope,
  type KnownPolicyRevision,
  type PolicyRevision,
  signPolicyRevision,
  signStatement,
  createStatement,
  type TrustPolicy,
  verifyPolicyChain,
} from "@gov/manifest/sign";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { ann, at, ben, mallory, person, policy, trust } from "./manifest-fakes.ts";
import { unusableMemories } from "./unusable-memories.ts";

const cleo = person("cleo");
const root = policy([trust(ann), trust(ben)], 2);
const next = policy([trust(ben), trust(cleo)], 2);
const first: PolicyRevision = {
  ...{ version: 1, sequence: 1, prior: null, policy: next },
  issuedAt: "2024-01-01T00:00:00Z",
  expiresAt: "2024-06-01T00:00:00Z",
};
const second: PolicyRevision = {
  ...first,
  sequence: 2,
  prior: digestPolicyRevision(first),
  issuedAt: "2024-01-10T00:00:00Z",
  policy: root,
};
const everyone = [ann.signer, ben.signer, cleo.signer];
const chain = [await signPolicyRevision(first, everyone), await signPolicyRevision(second, everyone)];

function refusal(
  envelopes: readonly Envelope[],
  more: { at?: string; known?: KnownPolicyRevision; root?: TrustPolicy } = {},
): readonly string[] {
  try {
    verifyPolicyChain(envelopes, { root, at, ...more });
    return [];
  } catch (error) {
    if (!isManifestError(error) || error.code !== "MANIFEST_POLICY_CHAIN_REFUSED") throw error;
    return error.findings.filter(({ severity }) => severity === "error").map(({ code }) => code);
  }
}
const secondWith = async (more: Partial<PolicyRevision>, signers = everyone): Promise<readonly Envelope[]> => [
  ...chain.slice(0, 1),
  await signPolicyRevision({ ...second, ...more }, signers),
];

describe("verifyPolicyChain()", () => {
  it("hands trust over from the root to the newest revision", () => {
    const verified = verifyPolicyChain(chain.slice(0, 1), { root, at });
    expect(verified.policy).toEqual(next);
    expect(verified.known).toEqual({ sequence: 1, digest: digestPolicyRevision(first) });
    expect(verified.signers.map(({ person: name }) => name)).toEqual(["ann", "ben"]);
    expect(verifyPolicyChain(chain, { root, at, known: verified.known }).policy).toEqual(root);
  });

  it("lets a revision be co-signed one by one", async () => {
    const begun = await signPolicyRevision(first, [ann.signer]);
    expect(refusal([begun])).toContain("MANIFEST_POLICY_NOT_HANDED_OVER");
    expect(refusal([await addSignatures(begun, [ben.signer, cleo.signer])])).toEqual([]);
  });

  const names: readonly (readonly [string, string, () => Promise<readonly string[]>])[] = [
    [
      "root_rotation without the old threshold",
      "MANIFEST_POLICY_NOT_HANDED_OVER",
      async () => refusal([await signPolicyRevision(first, [ben.signer, cleo.signer])]),
    ],
    [
      "root_rotation without the new threshold",
      "MANIFEST_POLICY_NOT_TAKEN_OVER",
      async () => refusal([await signPolicyRevision(first, [ann.signer, ben.signer])]),
    ],
    [
      "cached_role_is_verified_against_current_delegator",
      "MANIFEST_POLICY_NOT_HANDED_OVER",
      async () => refusal(await secondWith({}, [ann.signer, ben.signer])),
    ],
    ["url_and_metadata_version_mismatch", "MANIFEST_CHAIN_GAP", async () => refusal(await secondWith({ sequence: 3 }))],
    ["fast_forward", "MANIFEST_CHAIN_GAP", async () => refusal(await secondWith({ sequence: Number.MAX_SAFE_INTEGER }))],
    [
      "targets_rollback",
      "MANIFEST_CHAIN_ROLLBACK",
      () => Promise.resolve(refusal(chain.slice(0, 1), { known: { sequence: 2, digest: digestPolicyRevision(second) } })),
    ],
    ["mix and match of chains", "MANIFEST_CHAIN_BROKEN", async () => refusal(await secondWith({ prior: digestBytes("another chain") }))],
    [
      "fork behind what was seen",
      "MANIFEST_CHAIN_FORKED",
      () => Promise.resolve(refusal(chain, { known: { sequence: 1, digest: digestBytes("x") } })),
    ],
    ["timestamp_expired (freeze)", "MANIFEST_POLICY_EXPIRED", () => Promise.resolve(refusal(chain, { at: "2024-06-01T00:00:00Z" }))],
    [
      "revision dated back behind its prior",
      "MANIFEST_CHAIN_TIME_REVERSED",
      async () => refusal(await secondWith({ issuedAt: "2023-12-31T00:00:00Z" })),
    ],
    ["revision of the future", "MANIFEST_CHAIN_NOT_YET", async () => refusal(await secondWith({ issuedAt: "2024-02-01T00:00:00Z" }))],
    ["no revision at all", "MANIFEST_CHAIN_EMPTY", () => Promise.resolve(refusal([]))],
    ["policy nobody can meet", "MANIFEST_POLICY_UNREACHABLE", async () => refusal(await secondWith({ policy: policy([trust(ann)], 2) }))],
    [
      "policy with a key twice",
      "MANIFEST_KEY_DUPLICATE",
      async () => refusal(await secondWith({ policy: policy([trust(ann), trust(ann, { person: "x" })], 1) })),
    ],
    [
      "statement instead of a revision",
      "MANIFEST_STATEMENT_INVALID",
      async () => refusal([await signStatement(createStatement({ subjects: [], predicateType: "x", predicate: {} }), everyone)]),
    ],
    [
      "revision under another payload type",
      "MANIFEST_PAYLOAD_TYPE_MISMATCH",
      () => Promise.resolve(refusal(chain.map((one) => ({ ...one, payloadType: "application/vnd.in-toto+json" })))),
    ],
    ["stranger", "MANIFEST_POLICY_NOT_HANDED_OVER", async () => refusal([await signPolicyRevision(first, [mallory.signer])])],
  ];
  it.each(names)("rejects: %s (%s)", async (_, code, run) => {
    expect(await run()).toContain(code);
  });

  it("refuses a memory that could not show a rollback or a fork", () => {
    const digest = digestBytes("x");
    for (const known of unusableMemories(digest))
      expect(() => verifyPolicyChain(chain, { root, at, known: known as never }), JSON.stringify(known)).toThrow(RangeError);
  });

  it("reads a revision strictly: one form, no field unknown, every field sound", async () => {
    const encode = (text: string): readonly Envelope[] => [{ ...(chain[0] as Envelope), payload: Buffer.from(text).toString("base64") }];
    const sound = JSON.parse(Buffer.from(chain[0]?.payload ?? "", "base64").toString()) as Record<string, unknown>;
    const texts = [
      "[]",
      "{",
      ` ${JSON.stringify(sound)}`,
      `\ufeff${JSON.stringify(sound)}`,
      ...[
        { version: 2 },
        { sequence: 0 },
        { prior: digestBytes("x") },
        { issuedAt: "now" },
        { expiresAt: 1 },
        { policy: [] },
        { x: 1 },
      ].map((more) => JSON.stringify(Object.fromEntries(Object.entries({ ...sound, ...more }).sort(([a], [b]) => (a < b ? -1 : 1))))),
    ];
    for (const text of texts) expect(refusal(encode(text)), text).toEqual(["MANIFEST_STATEMENT_INVALID"]);
    expect(refusal([{ ...(chain[0] as Envelope), payload: "!" }])).toEqual(["MANIFEST_STATEMENT_INVALID"]);
    expect(() => verifyPolicyChain(chain, { root, at: "now" })).toThrow(RangeError);
    expect(() => verifyPolicyChain(chain, { root: { ...root, required: 9 }, at })).toThrow(
      expect.objectContaining({ code: "MANIFEST_POLICY_INVALID" }),
    );
  });
});
