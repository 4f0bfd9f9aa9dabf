import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { governed, places } from "./governed.ts";
import { findingsOf, folder, gov, write } from "./harness.ts";

const lockfile = join(import.meta.dirname, "../../../tooling/bench/peers/package-lock.json");
const image = `app@sha256:${"a".repeat(64)}`;

/** A root with a key that is trusted there. */
async function withKey(): Promise<{ readonly root: string; readonly key: string }> {
  const root = governed();
  const key = join(folder(), "ann.pem");
  await gov(root, "key", "new", key, "--person", "ann", "--role", "release", "--policy", "trust_policy.yaml");
  return { root, key };
}

describe("gov digests", () => {
  it("lists what was built with its commit, and finds what is not that any more (QAC-07)", async () => {
    const { root } = await withKey();
    const listed = await gov(
      root,
      "digests",
      places.backlog,
      "--manifest",
      "trust_policy.yaml",
      "--config",
      "rulebook.yaml",
      "--image",
      image,
    );
    expect([listed.code, listed.err]).toEqual([0, ""]);
    const list = JSON.parse(listed.out) as {
      readonly commit: string;
      readonly digests: readonly { readonly name: string; readonly type: string }[];
    };
    expect([list.commit.length, list.digests.map(({ type }) => type).sort()]).toEqual([40, ["artifact", "config", "image", "manifest"]]);
    // Beside the artifacts, as they are published.
    write(root, "out/artifact_digests.json", listed.out);
    for (const path of [places.backlog, "trust_policy.yaml", "rulebook.yaml"])
      write(root, `out/${path.split("/").at(-1) ?? ""}`, readFileSync(join(root, path)));
    expect((await gov(root, "digests", "--check", "out/artifact_digests.json")).out).toContain("4 artifacts are what was built from");
    write(root, "out/rulebook.yaml", "x");
    rmSync(join(root, "out/trust_policy.yaml"));
    const wrong = await gov(root, "digests", "--check", "out/artifact_digests.json", "--format", "json");
    expect([wrong.code, findingsOf(wrong).map(({ code, path }) => [code, path])]).toEqual([
      5,
      [
        ["MANIFEST_ARTIFACT_MISMATCH", "rulebook.yaml"],
        ["MANIFEST_ARTIFACT_MISSING", "trust_policy.yaml"],
      ],
    ]);
    write(root, "out/artifact_digests.json", "{}");
    expect((await gov(root, "digests", "--check", "out/artifact_digests.json")).err).toContain("CLI_FILE_UNREADABLE");
    for (const argv of [[], ["--image", "app"], [places.backlog, places.backlog]])
      expect((await gov(root, "digests", ...argv)).code).toBe(2);
    expect((await gov(root, "digests", "none")).err).toContain("CLI_FILE_UNREADABLE");
    expect((await gov(folder({ a: "a" }), "digests", "a")).err).toContain("CLI_NO_REVISION");
  });
});

describe("gov attest", () => {
  it("signs what is said of a file, and verifies it for these bytes, this type and these people only (QAC-07, QAC-08)", async () => {
    const { root, key } = await withKey();
    write(root, "sbom.spdx.json", (await gov(root, "sbom", lockfile)).out);
    const attested = await gov(root, "attest", places.backlog, "--predicate", "sbom.spdx.json", "--key", key);
    expect(JSON.parse(attested.out)).toMatchObject({ payloadType: "application/vnd.in-toto+json", signatures: [{ keyid: "" }] });
    write(root, "a.json", attested.out);
    const verify = (...argv: readonly string[]) => gov(root, "attest", "verify", ...argv);
    const verified = await verify(places.backlog, "a.json", "--format", "json");
    expect(verified.json()).toMatchObject({ ok: true, signers: [{ person: "ann" }], predicate: { spdxVersion: "SPDX-2.3" } });
    for (const argv of [
      [places.storyMap, "a.json"],
      [places.backlog, "a.json", "--type", "provenance"],
    ])
      expect(await verify(...argv)).toMatchObject({ code: 5, err: expect.stringContaining("MANIFEST_VERIFICATION_FAILED") as string });
    const stranger = await withKey();
    expect((await verify(places.backlog, "a.json", "--policy", join(stranger.root, "trust_policy.yaml"))).code).toBe(5);
    write(root, "a.json", "{}");
    expect((await verify(places.backlog, "a.json")).err).toContain("MANIFEST_ENVELOPE_INVALID");
    for (const argv of [[], [places.backlog], [places.backlog, "--predicate", "sbom.spdx.json", "--type", "x"]])
      expect((await gov(root, "attest", ...argv, "--key", key)).code).toBe(2);
    expect((await gov(root, "attest", places.backlog, "--predicate", "rulebook.yaml", "--key", key)).err).toContain("CLI_FILE_UNREADABLE");
  });

  it("prints a Sigstore bundle with one signature, and verifies it by the same policy; anything else it may carry is refused (QAC-08)", async () => {
    const { root, key } = await withKey();
    write(root, "facts.json", '{"runs":3}');
    const attest = (...argv: readonly string[]) =>
      gov(root, "attest", places.backlog, "--predicate", "facts.json", "--type", "https://example.org/runs", "--sigstore", ...argv);
    const attested = await attest("--key", key);
    const bundle = JSON.parse(attested.out) as Record<string, Record<string, unknown>>;
    expect([attested.code, bundle]).toMatchObject([
      0,
      {
        mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
        verificationMaterial: { publicKey: {}, tlogEntries: [] },
        dsseEnvelope: { payloadType: "application/vnd.in-toto+json", signatures: [{}] },
      },
    ]);
    expect((await attest("--key", key, "--format", "json")).json()["attestation"]).toMatchObject({ mediaType: bundle["mediaType"] });
    const other = join(folder(), "ben.pem");
    await gov(root, "key", "new", other, "--person", "ben", "--role", "release", "--policy", "other.yaml");
    expect(await attest("--key", key, "--key", other)).toMatchObject({
      code: 2,
      err: expect.stringContaining("takes one signer") as string,
    });

    const verify = async (content: object | string, ...argv: readonly string[]) => {
      write(root, "a.sigstore.json", typeof content === "string" ? content : JSON.stringify(content));
      return gov(
        root,
        "attest",
        "verify",
        places.backlog,
        "a.sigstore.json",
        "--type",
        "https://example.org/runs",
        "--format",
        "json",
        ...argv,
      );
    };
    const refusal = async (...call: Parameters<typeof verify>) => {
      const { code, json } = await verify(...call);
      return [code, (json()["error"] as { readonly code: string }).code];
    };
    expect((await verify(attested.out)).json()).toMatchObject({ ok: true, signers: [{ person: "ann" }], predicate: { runs: 3 } });
    expect((await verify({ ...bundle, mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.2" })).code).toBe(0);
    expect(await refusal(attested.out, "--policy", "other.yaml")).toEqual([5, "MANIFEST_VERIFICATION_FAILED"]);
    expect(await refusal(attested.out, "--type", "spdx")).toEqual([5, "MANIFEST_VERIFICATION_FAILED"]);
    const { dsseEnvelope = {}, verificationMaterial = {} } = bundle;
    const payload = Buffer.from('{"predicateType":"https://example.org/runs"}').toString("base64");
    expect(await refusal({ ...bundle, dsseEnvelope: { ...dsseEnvelope, payload } })).toEqual([5, "MANIFEST_VERIFICATION_FAILED"]);
    const certificate = { rawBytes: "AA==" };
    expect(await refusal({ ...bundle, verificationMaterial: { certificate, tlogEntries: [] } })).toEqual([5, "MANIFEST_BUNDLE_KEYLESS"]);
    // An envelope beside the bundle is not taken instead of it.
    for (const bad of [
      { ...bundle, mediaType: "application/json" },
      { ...bundle, mediaType: null },
      { ...dsseEnvelope, mediaType: "application/vnd.dev.sigstore.bundle.v9+json" },
      { ...bundle, verificationMaterial: { ...verificationMaterial, certificate } },
      { ...bundle, dsseEnvelope: { ...dsseEnvelope, signatures: [] } },
      { ...bundle, dsseEnvelope: undefined, ...dsseEnvelope },
    ])
      expect(await refusal(bad)).toEqual([5, "MANIFEST_BUNDLE_INVALID"]);
    const { mediaType: _mediaType, ...rest } = bundle;
    expect(await refusal(rest)).toEqual([5, "MANIFEST_ENVELOPE_INVALID"]);
  });

  it("signs how everything of a list was built, from which commit (QAC-08)", async () => {
    const { root, key } = await withKey();
    write(root, "artifact_digests.json", (await gov(root, "digests", places.backlog)).out);
    const who = [
      "--builder",
      "https://ci.example.org",
      "--build-type",
      "https://ci.example.org/npm",
      "--repository",
      "git+https://example.org/app",
    ];
    const build = (...argv: readonly string[]) => gov(root, "attest", "build", "artifact_digests.json", ...argv, "--key", key);
    write(root, "provenance.json", (await build(...who, "--run", "7")).out);
    const verified = await gov(root, "attest", "verify", places.backlog, "provenance.json", "--type", "provenance", "--format", "json");
    expect(verified.json()).toMatchObject({
      predicate: { runDetails: { builder: { id: "https://ci.example.org" }, metadata: { invocationId: "7" } } },
    });
    write(root, "provenance.sigstore.json", (await build(...who, "--run", "7", "--sigstore")).out);
    expect(await gov(root, "attest", "verify", places.backlog, "provenance.sigstore.json", "--type", "provenance")).toMatchObject({
      code: 0,
    });
    expect((await build(...who)).code).toBe(2);
    expect((await build(...who, "--run", "7", "--builder", "me")).code).toBe(2);
  });
});
