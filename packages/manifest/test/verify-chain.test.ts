import {
  type ChainedManifest,
  type ChainLink,
  groupChains,
  isManifestError,
  type KnownManifest,
  type ManifestModel,
  planClosing,
  planRestoring,
  planSuccessor,
  sealManifest,
  type Supersession,
  verifyChain,
} from "@gov/manifest";
import { createStatement, renderEnvelope, signStatement } from "@gov/manifest/sign";
import { digestManifest } from "@gov/manifest";
import type { Result } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { ann, ben, mallory, manifestInput, model, policy, sealPolicy, trust } from "./manifest-fakes.ts";
import { unusableMemories } from "./unusable-memories.ts";

const trusted = policy([trust(ann), trust(ben)], 2);
const later = "2024-03-01T00:00:00Z";

interface Sealed extends ChainedManifest {
  readonly link: ChainLink;
}

async function seal(one: ManifestModel, signers = [ann.signer, ben.signer]): Promise<Sealed> {
  const { manifestText, envelopeText, digest } = await sealManifest(one, { signers });
  const encoder = new TextEncoder();
  return { model: one, digest, link: { manifestBytes: encoder.encode(manifestText), envelopeBytes: encoder.encode(envelopeText) } };
}

function planned(result: Result<ManifestModel>): ManifestModel {
  if (!result.ok) throw new Error(result.findings.map(({ message }) => message).join("; "));
  return result.value;
}

const codes = (result: Result<unknown>): readonly string[] => result.findings.map(({ code }) => code);
const gates = { schema_lint: "PASS", cross_stream_consistency: "PASS", parity_coverage: "PASS" };
const { governance } = manifestInput();
const digestFile = { path: "frameworks/planning-be/digests/2024-02-01-digest.md", digest: digestBytes("# Digest\n"), size: 9 };

const opening = await seal(model());
const closing = await seal(
  planned(
    planClosing(
      {
        manifestId: "CLOSE-1",
        createdAt: "2024-02-01T00:00:00Z",
        createdBy: "ann",
        artifacts: [digestFile],
        gateResults: gates,
        governance,
      },
      { opening },
    ),
  ),
);
const nextInput = manifestInput({
  ...{ manifestId: "MAN-BE-2024-02", cycleId: "PLN-BE-2024-02", createdAt: "2024-02-10T00:00:00Z", snapshotRev: "bb" },
  artifacts: [{ path: "other.yaml", digest: digestBytes("o"), size: 1 }],
});
const next = await seal(planned(planSuccessor(nextInput, { prior: closing, by: "cycle", ...sealPolicy })));
const restoring = await seal(
  planned(
    planRestoring(
      { manifestId: "BACK-1", createdAt: "2024-02-20T00:00:00Z", createdBy: "ben", gateResults: gates, governance },
      { prior: next, restored: opening, ...sealPolicy },
    ),
  ),
);
const named = (one: Sealed): ChainLink => ({ ...one.link, path: one.model.manifestId });

describe("groupChains()", () => {
  it("puts manifests that lie about into their chains, ready to be verified (MAN-08)", async () => {
    const alone = await seal(model({ manifestId: "ALONE", cycleId: "C-9" }));
    const heap = [restoring, alone, closing, next, opening].map(named);
    const { chains, findings } = groupChains(heap);
    expect(chains.map((links) => links.map(({ path }) => path))).toEqual([
      ["MAN-BE-2024-01", "CLOSE-1", "MAN-BE-2024-02", "BACK-1"],
      ["ALONE"],
    ]);
    expect(findings).toEqual([]);
    for (const links of chains) expect(refusal(links)).toEqual([]);
  });

  it("begins late where a link is missing, leaves out what cannot be read, and names every fork (MAN-08)", async () => {
    const unread = { manifestBytes: new TextEncoder().encode("no manifest"), envelopeBytes: null, path: "x" };
    const [chain = []] = groupChains([named(next), named(opening), unread].reverse()).chains.filter(
      (links) => links.length === 1 && links[0]?.path === "MAN-BE-2024-02",
    );
    expect(refusal(chain)).toContain("MANIFEST_CHAIN_GAP");
    const fork = await seal(planned(planSuccessor({ ...nextInput, manifestId: "FORK" }, { prior: closing, by: "cycle", ...sealPolicy })));
    const forked = groupChains([opening, closing, next, fork].map(named));
    expect(forked.findings.map(({ code, path }) => [code, path])).toEqual([["MANIFEST_CHAIN_FORKED", "CLOSE-1"]]);
    expect(forked.chains.map((links) => links.length)).toEqual([3, 3]);
  });
});

const chain = [opening, closing, next, restoring];
const links = chain.map(({ link }) => link);

interface More {
  readonly known?: KnownManifest;
  readonly maxAgeMs?: number;
  readonly by?: Supersession;
  readonly at?: string;
  readonly policy?: typeof trusted;
}

function refusal(given: readonly ChainLink[], more: More = {}): readonly string[] {
  try {
    verifyChain(given, { policy: trusted, at: later, ...more });
    return [];
  } catch (error) {
    if (!isManifestError(error) || error.code !== "MANIFEST_CHAIN_REFUSED") throw error;
    return error.findings.filter(({ severity }) => severity === "error").map(({ code }) => code);
  }
}

/** The chain with its last link made anew from an edited model. */
const edited = async (index: number, more: Partial<ManifestModel>): Promise<readonly ChainLink[]> => [
  ...links.slice(0, index),
  (await seal({ ...(chain[index] as Sealed).model, ...more })).link,
];

describe("verifyChain()", () => {
  it("verifies opening, closing, superseding and restoring manifests from the first to the newest (MAN-08)", () => {
    const verified = verifyChain(links, { policy: trusted, at: later, by: "cycle", maxAgeMs: 30 * 86_400_000 });
    expect(verified.manifests.map(({ digest }) => digest)).toEqual(chain.map(({ digest }) => digest));
    expect(verified.manifests.map(({ model: { sequence } }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(verified.head.model.restores).toEqual({ manifestId: opening.model.manifestId, digest: opening.digest });
    expect(verified.manifests[1]?.model.closes?.digest).toBe(opening.digest);
    expect(verifyChain(links, { policy: trusted, at: later, known: verified.known }).known).toEqual(verified.known);
    expect(refusal(links, { known: { sequence: 2, digest: closing.digest } })).toEqual([]);
  });

  it("refuses a memory or an age that could not show a rollback, a fork or a freeze", () => {
    const { digest } = opening;
    for (const known of unusableMemories(digest))
      expect(() => refusal(links, { known: known as never }), JSON.stringify(known)).toThrow(RangeError);
    for (const maxAgeMs of [NaN, -1, "1h"])
      expect(() => refusal(links, { maxAgeMs: maxAgeMs as never }), String(maxAgeMs)).toThrow(RangeError);
  });

  it("goes on verifying manifests of keys that have expired since, but no newest one by them", () => {
    const until = (validTo: string): typeof trusted => policy([trust(ann), trust(ben, { validTo })], 2);
    expect(refusal(links, { policy: until("2024-02-20T00:00:01Z"), at: "2024-02-20T00:00:00Z" })).toEqual([]);
    expect(refusal(links, { policy: until("2024-02-25T00:00:00Z") })).toEqual(["MANIFEST_THRESHOLD_NOT_MET"]);
  });

  const attacks: readonly (readonly [string, string, () => Promise<readonly string[]> | readonly string[]])[] = [
    ["snapshot_rollback", "MANIFEST_CHAIN_ROLLBACK", () => refusal(links.slice(0, 2), { known: { sequence: 3, digest: next.digest } })],
    ["freeze: snapshot_expired", "MANIFEST_CHAIN_STALE", () => refusal(links.slice(0, 2), { maxAgeMs: 7 * 86_400_000 })],
    ["fork of what was seen", "MANIFEST_CHAIN_FORKED", () => refusal(links, { known: { sequence: 2, digest: next.digest } })],
    ["a link left out", "MANIFEST_CHAIN_GAP", () => refusal([...links.slice(0, 1), ...links.slice(2)])],
    ["links in another order", "MANIFEST_CHAIN_GAP", () => refusal([0, 2, 1, 3].map((index) => links[index] as ChainLink))],
    ["fast_forward", "MANIFEST_CHAIN_GAP", async () => refusal(await edited(2, { sequence: Number.MAX_SAFE_INTEGER }))],
    [
      "mix and match: a link of another chain",
      "MANIFEST_CHAIN_BROKEN",
      async () => refusal(await edited(2, { prior: { manifestId: "CLOSE-1", digest: digestBytes("another") } })),
    ],
    [
      "prior by the right digest and another name",
      "MANIFEST_CHAIN_BROKEN",
      async () => refusal(await edited(2, { prior: { manifestId: "OTHER", digest: closing.digest } })),
    ],
    [
      "mix and match: the envelope of another link",
      "MANIFEST_SIGNED_DIGEST_MISMATCH",
      () => refusal([...links.slice(0, 3), { manifestBytes: restoring.link.manifestBytes, envelopeBytes: next.link.envelopeBytes }]),
    ],
    [
      "an earlier link replaced, and signed again",
      "MANIFEST_CHAIN_BROKEN",
      async () => refusal([(await seal({ ...opening.model, notes: "rewritten" })).link, ...links.slice(1)]),
    ],
    ["metadata_bytes_match", "MANIFEST_SIGNED_DIGEST_MISMATCH", () => refusal([...links.slice(0, 3), flipped(restoring.link)])],
    ["a link nobody signed", "MANIFEST_UNSIGNED", () => refusal([{ ...opening.link, envelopeBytes: null }, ...links.slice(1)])],
    [
      "a link signed by too few",
      "MANIFEST_THRESHOLD_NOT_MET",
      async () => refusal([(await seal(opening.model, [ann.signer, mallory.signer])).link, ...links.slice(1)]),
    ],
    [
      "a date before the prior",
      "MANIFEST_CHAIN_TIME_REVERSED",
      async () => refusal(await edited(2, { createdAt: "2024-01-20T00:00:00Z" })),
    ],
    ["a date of the future", "MANIFEST_CHAIN_NOT_YET", () => refusal(links, { at: "2024-02-15T00:00:00Z" })],
    [
      "an id used again",
      "MANIFEST_CHAIN_ID_REUSED",
      async () =>
        refusal(await edited(2, { manifestId: opening.model.manifestId, prior: { manifestId: "CLOSE-1", digest: closing.digest } })),
    ],
    [
      "a change without a new cycle",
      "MANIFEST_SUCCESSOR_UNCHANGED",
      async () => refusal(await edited(2, { cycleId: "PLN-BE-2024-01" }), { by: "cycle" }),
    ],
    [
      "a change without a new revision",
      "MANIFEST_SUCCESSOR_UNCHANGED",
      async () => refusal(await edited(2, { snapshotRev: "4f2c0de" }), { by: "manifest" }),
    ],
    [
      "a rollback to something else than it names",
      "MANIFEST_RESTORE_MISMATCH",
      async () => refusal(await edited(3, { artifacts: next.model.artifacts })),
    ],
    [
      "a rollback to what never was",
      "MANIFEST_RESTORE_MISMATCH",
      async () => refusal(await edited(3, { restores: { manifestId: "MAN-BE-2024-01", digest: digestBytes("x") } })),
    ],
    ["a closing of another cycle", "MANIFEST_CLOSING_CONFLICT", async () => refusal(await edited(1, { cycleId: "PLN-9" }))],
    [
      "a closing that changes what is sealed",
      "MANIFEST_CLOSING_CONFLICT",
      async () =>
        refusal(
          await edited(1, {
            artifacts: [{ ...(opening.model.artifacts[0] as (typeof opening.model.artifacts)[0]), digest: digestBytes("x") }],
          }),
        ),
    ],
    ["a closing that leaves a gate open", "MANIFEST_CLOSING_CONFLICT", async () => refusal(await edited(1, { gateResults: {} }))],
    [
      "a closing of what never was",
      "MANIFEST_CLOSING_CONFLICT",
      async () => refusal(await edited(1, { closes: { manifestId: "MAN-BE-2024-01", digest: digestBytes("x") } })),
    ],
    [
      "a manifest that cannot be read",
      "MANIFEST_CHAIN_EMPTY",
      () => refusal([{ manifestBytes: new Uint8Array([0xff]), envelopeBytes: null }]),
    ],
    ["no manifest at all", "MANIFEST_CHAIN_EMPTY", () => refusal([])],
    ["a statement that names another sequence", "MANIFEST_STATEMENT_MISMATCH", async () => refusal([await misstated({ sequence: 2 })])],
    [
      "a statement that names another prior",
      "MANIFEST_STATEMENT_MISMATCH",
      async () => refusal([await misstated({ priorManifestDigest: next.digest })]),
    ],
  ];
  it.each(attacks)("rejects: %s (%s) (MAN-08)", async (_, code, run) => {
    expect(await run()).toContain(code);
  });

  it("would not reject them by looking at each manifest alone", () => {
    const ofChain = /^MANIFEST_(CHAIN|CLOSING|RESTORE|SUCCESSOR)_/;
    const alone = (given: readonly ChainLink[]): boolean => given.every((link) => refusal([link]).every((code) => ofChain.test(code)));
    expect(alone(links.slice(0, 2))).toBe(true);
    expect(alone([0, 2, 1, 3].map((index) => links[index] as ChainLink))).toBe(true);
  });

  it("asks for an instant", () => {
    expect(() => verifyChain(links, { policy: trusted, at: "now" })).toThrow(RangeError);
  });
});

describe("planSuccessor()", () => {
  it("asks for a new cycle or for a new manifest of a new revision, as the preset says (MAN-08, B-03)", () => {
    const same = manifestInput();
    expect(codes(planSuccessor(same, { prior: opening, by: "cycle", ...sealPolicy }))).toEqual([
      "MANIFEST_SUCCESSOR_UNCHANGED",
      "MANIFEST_SUCCESSOR_UNCHANGED",
    ]);
    const renamed = { ...same, manifestId: "MAN-2" };
    expect(codes(planSuccessor(renamed, { prior: opening, by: "manifest", ...sealPolicy }))).toEqual(["MANIFEST_SUCCESSOR_UNCHANGED"]);
    const value = planned(planSuccessor({ ...renamed, snapshotRev: "aa" }, { prior: opening, by: "manifest", ...sealPolicy }));
    expect([value.sequence, value.prior]).toEqual([2, { manifestId: opening.model.manifestId, digest: opening.digest }]);
    const early = { ...nextInput, createdAt: "2023-01-01T00:00:00Z" };
    expect(codes(planSuccessor(early, { prior: opening, by: "cycle", ...sealPolicy }))).toEqual(["MANIFEST_CHAIN_TIME_REVERSED"]);
    const failing = { ...nextInput, gateResults: { ...gates, schema_lint: "FAIL" } };
    expect(codes(planSuccessor(failing, { prior: opening, by: "cycle", ...sealPolicy }))).toEqual(["MANIFEST_GATE_NOT_PASSED"]);
  });
});

describe("planClosing()", () => {
  it("seals the digest afterwards and completes the gates that were pending (MAN-16)", () => {
    expect(closing.model).toMatchObject({ sequence: 2, cycleId: opening.model.cycleId, artifacts: [digestFile] });
    const input = { manifestId: "C", createdAt: later, createdBy: "ann", artifacts: [digestFile], gateResults: gates, governance };
    expect(codes(planClosing({ ...input, gateResults: { schema_lint: "PASS" } }, { opening }))).toEqual(["MANIFEST_GATE_MISSING"]);
    expect(codes(planClosing({ ...input, gateResults: { ...gates, parity_coverage: "pending" } }, { opening }))).toContain(
      "MANIFEST_GATE_NOT_PASSED",
    );
    const changed = [{ ...digestFile, path: "z/ä.txt" }];
    expect(codes(planClosing({ ...input, artifacts: changed }, { opening, prior: next }))).toEqual(["MANIFEST_CLOSING_CONFLICT"]);
  });
});

function flipped({ manifestBytes, envelopeBytes }: ChainLink): ChainLink {
  const text = new TextDecoder().decode(manifestBytes);
  return { manifestBytes: new TextEncoder().encode(text.replace('created_by: "ben"', 'created_by: "bem"')), envelopeBytes };
}

/** The opening with a well signed envelope whose predicate speaks of another manifest. */
async function misstated(more: Readonly<Record<string, string | number>>): Promise<ChainLink> {
  const subjects = [
    { name: "handoff_manifest.yaml", digest: opening.digest },
    { name: "urn:gov:manifest-model:1", digest: digestManifest(opening.model) },
  ];
  const predicate = { ...more };
  const statement = createStatement({ subjects, predicateType: "urn:gov:predicate:sealed-manifest:1", predicate });
  const envelope = await signStatement(statement, [ann.signer, ben.signer]);
  return { ...opening.link, envelopeBytes: new TextEncoder().encode(renderEnvelope(envelope)) };
}
