import {
  createInlineSeal,
  digestManifest,
  emitManifestShape,
  isManifestError,
  type ManifestModel,
  parseManifest,
  planManifest,
  readManifestShape,
  sealManifest,
  type SealShape,
  verifyManifest,
  type VerifyManifestInput,
} from "@gov/manifest";
import { type JsonObject, type ManifestShape, manifestShapes } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { holders } from "./key-fakes.ts";
import { ann, at, ben, files, mallory, manifestInput, model, policy, sealPolicy, trust } from "./manifest-fakes.ts";

const names = { "frameworks/planning-be/be_backlog.yaml": "be_backlog", "frameworks/planning-be/story_map.md": "story_map" };
const inline = { signer: ann.signer, algorithm: "ed25519" } as const;
const sealFor = { algorithm: "Ed25519", signature: "base64:c2ln" };
const second = model({
  sequence: 3,
  prior: { manifestId: "MAN-2", digest: digestBytes("2") },
  closes: { manifestId: "MAN-1", digest: digestBytes("1") },
});
const third = model({
  sequence: 4,
  prior: { manifestId: "MAN-3", digest: digestBytes("3") },
  restores: { manifestId: "MAN-1", digest: digestBytes("1") },
});

function emitted(one: ManifestModel, shape: ManifestShape, more: object = {}): JsonObject {
  const data = emitManifestShape(one, shape, { seal: sealFor, ...more });
  if (!data.ok) throw new Error(data.findings.map(({ message }) => message).join("; "));
  return data.value;
}

describe("emitManifestShape()", () => {
  it("maps a manifest to each of the four shapes and back without loss (MAN-01, MAN-03, MAN-04, MAN-05, MAN-06)", () => {
    for (const one of [model(), second, third, model({ notes: "" })])
      for (const shape of manifestShapes)
        for (const more of [{}, { names }]) {
          const data = emitted(one, shape, more);
          const read = readManifestShape(JSON.parse(JSON.stringify(data)) as JsonObject);
          expect(read, shape).toMatchObject({ ok: true, value: { model: one, shape } });
          expect(read.ok && digestManifest(read.value.model)).toBe(digestManifest(one));
        }
  });

  it("lists in the shape of c11 what a cycle hands over at its paths, and the digest in what closes it (MAN-02)", () => {
    const paths = ["tasks/sprint-14-fe_task_breakdown.yaml", "storymaps/sprint-14-story_map.md", "digests/sprint-14-digest.md"];
    const files = paths.map((path) => ({ path: `frameworks/planning-fe/${path}`, digest: digestBytes(path), size: path.length }));
    const listed = (artifacts: typeof files): unknown =>
      (emitted(model({ artifacts }), "c11")["artifacts"] as readonly JsonObject[]).map((one) => one["path"]);
    const sorted = files.map(({ path }) => path).sort();
    expect(listed(files)).toEqual(sorted);
    expect(listed(files.slice(0, 2))).toEqual(sorted.filter((path) => !path.includes("/digests/")));
  });

  it("does so for any manifest that can be planned", () => {
    const path = fc.array(fc.stringMatching(/^[a-zA-Z0-9_ äß.'"-]{1,8}$/), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
    const artifact = fc.record({ path, digest: fc.string().map(digestBytes), size: fc.nat() });
    const input = fc.record({
      artifacts: fc.uniqueArray(artifact, { minLength: 1, maxLength: 6, selector: (one) => one.path }),
      cycleId: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,20}$/),
      createdBy: fc.constantFrom("ann", "ann, ben", "Ä"),
      notes: fc.string({ unit: "binary" }),
    });
    fc.assert(
      fc.property(input, fc.constantFrom(...manifestShapes), (more, shape) => {
        const planned = planManifest(manifestInput(more), sealPolicy);
        if (!planned.ok) return;
        expect(readManifestShape(emitted(planned.value, shape))).toMatchObject({ ok: true, value: { model: planned.value } });
      }),
      { numRuns: 300, seed: 20_240_115 },
    );
  });

  it("says what a shape needs and the manifest does not have", () => {
    const unsigned = emitManifestShape(model(), "c22");
    expect(unsigned.findings.map(({ message }) => message).join()).toContain("seal");
    expect(emitManifestShape(model({ cycleId: "no cycle id of c11" }), "c11").ok).toBe(false);
  });
});

describe("readManifestShape()", () => {
  const c22 = {
    version: "1.0.0",
    manifest: {
      id: "hnd_1",
      created_at: at,
      snapshot_rev: "git:1",
      checksums: { be_backlog: digestBytes("b") },
      rulebook_hash: digestBytes("r"),
      seal: { algorithm: "RSA-SHA256", signature: "base64:eA==" },
    },
  };
  const facts = {
    cycleId: "PLN-1",
    createdBy: "ann",
    criticalIssues: 0,
    criticalViolations: 0,
    sizes: { be_backlog: 1 },
    paths: { be_backlog: "be_backlog.yaml" },
  };

  it("takes over what others wrote, with the facts it does not say", () => {
    const read = readManifestShape(c22, { facts });
    expect(read).toMatchObject({
      ok: true,
      value: {
        shape: "c22",
        seal: { algorithm: "RSA-SHA256" },
        model: { artifacts: [{ path: "be_backlog.yaml", size: 1 }], sequence: 1, cycleId: "PLN-1" },
      },
    });
  });

  it("names every fact that is missing, and takes nothing for zero that nobody has counted", () => {
    expect(readManifestShape(c22).findings).toHaveLength(1);
    const messages = readManifestShape(c22, { path: "m.yaml", facts: { sizes: { other: 1 } } }).findings.map(
      ({ message, path }) => `${String(path)} ${message}`,
    );
    expect(messages).toHaveLength(6);
    for (const what of ["its cycle", "who made it", "open critical issues", "critical violations", 'size of "be_backlog"', '"other"'])
      expect(
        messages.some((message) => message.startsWith("m.yaml ") && message.includes(what)),
        what,
      ).toBe(true);
  });

  it("refuses a member of its own that is not whole, and what could not be sealed", () => {
    const data = emitted(second, "c33");
    const member = data["gov_manifest"] as JsonObject;
    const broken = [
      1,
      { ...member, version: 2 },
      { ...member, more: 1 },
      { ...member, sequence: "3" },
      { ...member, artifact_sizes: { a: "1" } },
      { ...member, artifact_sizes: {} },
      { ...member, artifact_paths: { a: 1 } },
      { ...member, prior_manifest_digest: 1 },
      { ...member, prior_manifest_digest: "sha256:0" },
      { ...member, closes: { manifestId: "x" } },
      { ...member, restores: "x" },
    ];
    for (const one of broken) expect(readManifestShape({ ...data, gov_manifest: one }).ok, JSON.stringify(one)).toBe(false);
    expect(readManifestShape({ ...data, gate_results: { schema_lint: "FAIL" } }).findings.map(({ code }) => code)).toContain(
      "MANIFEST_GATE_NOT_PASSED",
    );
  });
});

describe("sealManifest() in a shape", () => {
  const shapes: readonly SealShape[] = [
    { shape: "c11", inline },
    { shape: "c11" },
    { shape: "c22", inline, names },
    { shape: "c22-flat", inline },
    { shape: "c33" },
  ];
  const seal = async (shape: SealShape) => {
    const { manifestText, envelopeText } = await sealManifest(model(), { signers: [ann.signer, ben.signer], shape });
    return {
      manifestBytes: new TextEncoder().encode(manifestText),
      envelopeBytes: new TextEncoder().encode(envelopeText),
      policy: policy([trust(ann), trust(ben)]),
      at,
      readArtifact: (path: string) => files.get(path) ?? null,
    };
  };
  const edit = (bytes: Uint8Array, from: string | RegExp, to: string): Uint8Array =>
    new TextEncoder().encode(new TextDecoder().decode(bytes).replace(from, to));
  const codes = async (input: VerifyManifestInput): Promise<readonly string[]> => {
    const error: unknown = await verifyManifest(input).catch((thrown: unknown) => thrown);
    return isManifestError(error) ? error.findings.filter(({ severity }) => severity === "error").map(({ code }) => code) : [];
  };

  it("gives a file of that shape that verifies, with the same canonical model as any other (MAN-06)", async () => {
    for (const shape of shapes) {
      const input = await seal(shape);
      const verified = await verifyManifest(input);
      expect(verified.model).toEqual(model());
      const data = parse(new TextDecoder().decode(input.manifestBytes)) as JsonObject;
      expect(readManifestShape(data)).toMatchObject({ ok: true, value: { shape: shape.shape } });
      expect(parseManifest(input.manifestBytes)).toMatchObject({ ok: true, value: model() });
    }
  });

  it("carries an inline signature that is checked, and never what is trusted (MAN-10, B-21)", async () => {
    for (const shape of shapes.slice(0, 1).concat(shapes.slice(2, 4))) {
      const input = await seal(shape);
      // Alone it proves nothing: without the envelope nobody has signed.
      expect(await codes({ ...input, envelopeBytes: null })).toEqual(["MANIFEST_UNSIGNED"]);
      const text = new TextDecoder().decode(input.manifestBytes);
      const found = /base64:[A-Za-z0-9+/=]+/.exec(text)?.[0] ?? "";
      expect(found).not.toBe("");
      for (const other of [
        "base64:AAAA",
        "c2ln",
        "base64:!",
        (await createInlineSeal(model(), { ...inline, signer: mallory.signer })).signature,
      ])
        expect(await codes({ ...input, manifestBytes: edit(input.manifestBytes, found, other) })).toContain("MANIFEST_INLINE_SEAL_INVALID");
      // The signature of another manifest is none of this one.
      const moved = await createInlineSeal(model({ notes: "other" }), inline);
      expect(await codes({ ...input, manifestBytes: edit(input.manifestBytes, found, moved.signature) })).toContain(
        "MANIFEST_INLINE_SEAL_INVALID",
      );
    }
    const input = await seal({ shape: "c22", inline });
    expect(await codes({ ...input, manifestBytes: edit(input.manifestBytes, '"Ed25519"', '"RSA-SHA256"') })).toContain(
      "MANIFEST_INLINE_SEAL_INVALID",
    );
  });

  it("signs inline as RSA-SHA256, which c22 names (MAN-03, MAN-11)", async () => {
    const rob = holders["rsa-pkcs1-sha256"];
    const shape: SealShape = { shape: "c22", inline: { signer: rob.signer, algorithm: "rsa-pkcs1-sha256" } };
    const { manifestText, envelopeText } = await sealManifest(model(), { signers: [rob.signer], shape });
    expect(manifestText).toContain('"algorithm": "RSA-SHA256"');
    const [manifestBytes, envelopeBytes] = [new TextEncoder().encode(manifestText), new TextEncoder().encode(envelopeText)];
    const readArtifact = (path: string) => files.get(path) ?? null;
    await expect(verifyManifest({ manifestBytes, envelopeBytes, policy: policy([trust(rob)]), at, readArtifact })).resolves.toMatchObject({
      signers: [{ person: "rob" }],
    });
  });

  it("refuses a shape that cannot hold the manifest", async () => {
    for (const shape of [{ shape: "c22" }, { shape: "c22", inline, names: { ...names, "z/ä.txt": "be_backlog" } }] as const)
      await expect(sealManifest(model(), { signers: [ann.signer], shape })).rejects.toMatchObject({ code: "MANIFEST_NOT_SEALABLE" });
  });
});
