import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isManifestError } from "@gov/manifest";
import { createKeySigner, preAuthEncoding, renderEnvelope } from "@gov/manifest/sign";
import {
  attestArtifact,
  attestStatement,
  checkArtifactDigests,
  createArtifactDigests,
  createProvenance,
  createSbom,
  provenancePredicate,
  readPackageLock,
  readPnpmLock,
  parseArtifactDigests,
  renderArtifactDigests,
  renderSbom,
  type SpdxDocument,
  spdxPredicate,
  verifyAttestation,
  type WorkspacePackages,
} from "@gov/manifest/supply-chain";
import { checkDocuments, createKindRegistry, type Result } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { isRequired } from "./corpora.ts";
import { holders } from "./key-fakes.ts";
import { ann, at, mallory, policy, trust } from "./manifest-fakes.ts";

const profile = JSON.parse(readFileSync(new URL("fixtures/spdx-2.3-profile.json", import.meta.url), "utf8")) as object;
const isSpdx = new Ajv2020({ allErrors: true }).compile(profile);
const sbomOptions = { name: "workspace", namespace: "https://example.org/sbom/", created: "2024-01-15T10:00:00.123Z", tool: "gov-1.0.0" };

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.findings.map(({ message }) => message).join("; "));
  return result.value;
}

/** What a document says of itself that no schema can judge: every id once, every reference to one that is there, and everything reached from what is described. */
function brokenReferences(document: SpdxDocument): readonly string[] {
  const ids = (document["packages"] as readonly { readonly SPDXID: string }[]).map(({ SPDXID }) => SPDXID);
  const relationships = document["relationships"] as readonly { readonly spdxElementId: string; readonly relatedSpdxElement: string }[];
  const named = relationships.flatMap(({ spdxElementId, relatedSpdxElement }) => [spdxElementId, relatedSpdxElement]);
  const dangling = named.filter((id) => id !== "SPDXRef-DOCUMENT" && !ids.includes(id));
  return [...dangling, ...ids.filter((id, index) => ids.indexOf(id) !== index), ...ids.filter((id) => !named.includes(id))];
}

const integrity = `sha512-${Buffer.alloc(64, 7).toString("base64")}`;
const pnpmLock = `lockfileVersion: '9.0'
importers:
  .:
    devDependencies:
      vitest: { specifier: ^5, version: 5.1.0(vite@8.0.0) }
  packages/a:
    dependencies:
      '@scope/b': { specifier: 'workspace:^', version: 'link:../b' }
      cjs: { specifier: 'npm:strip@6', version: 'strip@6.0.1' }
  packages/b: {}
packages:
  strip@6.0.1: { resolution: { integrity: ${integrity} } }
  vite@8.0.0: { resolution: { integrity: ${integrity} } }
  vitest@5.1.0: { resolution: { tarball: 'https://example.org/vitest.tgz' } }
snapshots:
  strip@6.0.1: {}
  vite@8.0.0: {}
  vitest@5.1.0(vite@8.0.0):
    dependencies: { vite: 8.0.0, cjs: strip@6.0.1 }
`;
const own = {
  ".": { name: "root", version: "0.0.0", license: "MIT" },
  "packages/a": { name: "@scope/a", version: "1.0.0", license: "MIT" },
  "packages/b": { name: "@scope/b", version: "1.0.0", license: null },
};
const packageLock = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    "": { name: "app", version: "1.0.0", license: "MIT", dependencies: { a: "^1" }, devDependencies: { "@scope/w": "*" } },
    "node_modules/a": {
      version: "1.0.0",
      resolved: "https://example.org/a.tgz",
      integrity,
      license: "ISC",
      dependencies: { b: "^1" },
      optionalDependencies: { gone: "1" },
    },
    "node_modules/b": { version: "2.0.0", integrity },
    "node_modules/a/node_modules/b": {
      version: "1.5.0",
      integrity: "sha1-BwcHBwcHBwcHBwcHBwcHBwcHBwc= sha256-BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=",
    },
    "node_modules/@scope/w": { link: true, resolved: "packages/w" },
    "packages/w": { name: "@scope/w", version: "0.1.0", dependencies: { b: "^2" } },
  },
});

describe("readPnpmLock()", () => {
  it("lists every package with what it needs: of the workspace, under other names, with peers", () => {
    const { packages } = value(readPnpmLock(pnpmLock, { own, licenses: { "strip@6.0.1": "MIT" } }));
    expect(packages.map(({ id, dependsOn, builtWith }) => [id, dependsOn, builtWith])).toEqual([
      ["@scope/a@1.0.0", ["@scope/b@1.0.0", "strip@6.0.1"], []],
      ["@scope/b@1.0.0", [], []],
      ["root@0.0.0", [], ["vitest@5.1.0(vite@8.0.0)"]],
      ["strip@6.0.1", [], []],
      ["vite@8.0.0", [], []],
      ["vitest@5.1.0(vite@8.0.0)", ["strip@6.0.1", "vite@8.0.0"], []],
    ]);
    expect(packages[3]).toMatchObject({ own: false, license: "MIT", integrity, source: null });
    expect(packages[5]?.source).toBe("https://example.org/vitest.tgz");
  });

  it("refuses a lockfile that lacks what it names, is of another version, or is none", () => {
    const messages = (text: string, named: typeof own | object = own): string =>
      readPnpmLock(text, { own: named as typeof own })
        .findings.map(({ code, message }) => `${code} ${message}`)
        .join("\n");
    expect(messages(pnpmLock.replace("  vite@8.0.0: {}\n", ""))).toContain('needs "vite@8.0.0", which the lockfile does not have');
    expect(messages(pnpmLock.replace(/ {2}strip@6.0.1: \{ reso.*\n/, ""))).toContain('does not list "strip@6.0.1"');
    expect(messages(pnpmLock.replace("'9.0'", "'6.0'"))).toContain("MANIFEST_LOCKFILE_INVALID");
    expect(messages(pnpmLock, { ...own, "packages/b": undefined })).toContain('workspace package "packages/b"');
    expect(messages("a: [")).not.toBe("");
  });
});

describe("readPackageLock()", () => {
  it("resolves as Node does, and counts a package in several folders once", () => {
    const { packages } = value(readPackageLock(packageLock));
    expect(packages.map(({ id, own: mine, dependsOn, builtWith }) => [id, mine, dependsOn, builtWith])).toEqual([
      ["@scope/w@0.1.0", true, ["b@2.0.0"], []],
      ["a@1.0.0", false, ["b@1.5.0"], []],
      ["app@1.0.0", true, ["a@1.0.0"], ["@scope/w@0.1.0"]],
      ["b@1.5.0", false, [], []],
      ["b@2.0.0", false, [], []],
    ]);
  });

  it("refuses a lockfile that lacks what it names, is of another version, or is none", () => {
    for (const bad of [
      "{",
      "[]",
      "{}",
      packageLock.replace('"lockfileVersion":3', '"lockfileVersion":1'),
      packageLock.replaceAll("node_modules/a", "node_modules/z"),
    ])
      expect(readPackageLock(bad).findings.map(({ code }) => code)).toContain("MANIFEST_LOCKFILE_INVALID");
  });
});

describe("createSbom()", () => {
  const both = [value(readPnpmLock(pnpmLock, { own })), value(readPackageLock(packageLock))];

  it("is valid SPDX 2.3, every reference in it resolved (QAC-07)", () => {
    for (const packages of both) {
      const document = createSbom(packages, sbomOptions);
      expect(isSpdx(document) ? [] : isSpdx.errors).toEqual([]);
      expect(brokenReferences(document)).toEqual([]);
    }
  });

  it("would be caught by what judges it here if it were not", () => {
    const document = createSbom(both[1] as WorkspacePackages, sbomOptions);
    const [first, ...others] = document["packages"] as readonly object[];
    for (const broken of [
      { ...document, spdxVersion: "SPDX-2.2" },
      { ...document, creationInfo: { created: "2024-01-15T10:00:00.123Z", creators: ["Tool: x"] } },
      { ...document, creationInfo: { created: "2024-01-15T10:00:00Z", creators: ["x"] } },
      { ...document, packages: [{ ...first, downloadLocation: undefined }, ...others] },
      { ...document, packages: [{ ...first, SPDXID: "SPDXRef-@" }, ...others] },
      { ...document, more: 1 },
    ])
      expect(isSpdx(JSON.parse(JSON.stringify(broken)))).toBe(false);
    expect(brokenReferences({ ...document, packages: others as never })).not.toEqual([]);
  });

  it("names licences, checksums, package URLs and dates as SPDX does", () => {
    const document = createSbom(both[1] as WorkspacePackages, sbomOptions);
    expect(document).toMatchObject({
      SPDXID: "SPDXRef-DOCUMENT",
      creationInfo: { created: "2024-01-15T10:00:00Z", creators: ["Tool: gov-1.0.0"] },
    });
    const packages = document["packages"] as readonly Record<string, unknown>[];
    expect(packages[0]).toMatchObject({ externalRefs: [{ referenceLocator: "pkg:npm/%40scope/w@0.1.0" }], licenseDeclared: "NOASSERTION" });
    expect(packages[1]).toMatchObject({
      downloadLocation: "https://example.org/a.tgz",
      licenseDeclared: "ISC",
      checksums: [{ algorithm: "SHA512", checksumValue: "07".repeat(64) }],
    });
    expect(packages[3]?.["checksums"]).toEqual([{ algorithm: "SHA256", checksumValue: "07".repeat(32) }]);
  });

  it("is the same for the same packages in any order, with a namespace by its content", () => {
    const packages = both[0] as WorkspacePackages;
    const shuffled = { packages: [...packages.packages].reverse() };
    expect(renderSbom(createSbom(shuffled, sbomOptions))).toBe(renderSbom(createSbom(packages, sbomOptions)));
    const namespace = createSbom(packages, sbomOptions)["documentNamespace"];
    expect(createSbom(packages, { ...sbomOptions, created: at })["documentNamespace"]).toBe(namespace);
    expect(createSbom({ packages: packages.packages.slice(1) }, sbomOptions)["documentNamespace"]).not.toBe(namespace);
    for (const bad of [{ created: "today" }, { namespace: "here" }])
      expect(() => createSbom(packages, { ...sbomOptions, ...bad })).toThrow(RangeError);
    expect(() => createSbom({ packages: [...packages.packages, ...packages.packages] }, sbomOptions)).toThrow(RangeError);
  });
});

const archive = new TextEncoder().encode("archive");
const commit = "0a".repeat(20);
const digests = createArtifactDigests({
  commit,
  generatedAt: at,
  artifacts: [
    { name: "b.tgz", type: "artifact", digest: digestBytes(archive) },
    { name: "a.yaml", type: "manifest", digest: digestBytes("a") },
    { name: "registry.example.org/app", type: "image", digest: digestBytes("image") },
  ],
});

describe("createArtifactDigests()", () => {
  it("is the document that @gov/schema knows, with the commit (QAC-07)", () => {
    const registry = createKindRegistry();
    if (!registry.ok) throw new Error("no kinds");
    const bytes = new TextEncoder().encode(renderArtifactDigests(digests));
    expect(checkDocuments([{ path: "artifact_digests.json", bytes }], registry.value).findings).toEqual([]);
    expect(JSON.parse(renderArtifactDigests(digests))).toMatchObject({
      commit,
      digests: [{ name: "a.yaml" }, { name: "b.tgz" }, { type: "image" }],
    });
  });

  it("is read back as it was written, and nothing else is (QAC-07)", () => {
    const text = renderArtifactDigests(digests);
    expect(parseArtifactDigests(text)).toMatchObject({ ok: true, value: digests });
    const codes = (given: string) => parseArtifactDigests(given).findings.map(({ code }) => code);
    const first = digests.artifacts[0]?.name ?? "";
    const last = digests.artifacts.at(-1)?.name ?? "";
    for (const broken of ["{", "[]", text.replace(commit, "main"), text.replace(commit, commit.slice(0, 8)), text.replace(last, first)])
      expect([...new Set(codes(broken))]).toEqual(["MANIFEST_FIELD_INVALID"]);
  });

  it("refuses what would not say which bytes come from which commit", () => {
    const one = { name: "a", type: "artifact", digest: digestBytes("a") } as const;
    for (const bad of [
      { commit: "0a0a0a0" },
      { generatedAt: "now" },
      { artifacts: [one, one] },
      { artifacts: [{ ...one, name: "" }] },
      { artifacts: [{ ...one, type: "other" as never }] },
      { artifacts: [{ ...one, digest: "sha256:0" as never }] },
    ])
      expect(() => createArtifactDigests({ commit, generatedAt: at, artifacts: [one], ...bad })).toThrow(RangeError);
  });
});

describe("checkArtifactDigests()", () => {
  it("names what is missing or differs", async () => {
    const files = new Map([["b.tgz", archive]]);
    const check = () => checkArtifactDigests(digests, (name) => Promise.resolve(files.get(name) ?? null));
    expect((await check()).map(({ code, path }) => [code, path])).toEqual([["MANIFEST_ARTIFACT_MISSING", "a.yaml"]]);
    files.set("a.yaml", new TextEncoder().encode("a"));
    expect(await check()).toEqual([]);
    files.set("b.tgz", new TextEncoder().encode("archivE"));
    expect((await check()).map(({ code, path }) => [code, path])).toEqual([["MANIFEST_ARTIFACT_MISMATCH", "b.tgz"]]);
  });
});

const facts = {
  ...{ buildType: "https://example.org/build/1", builder: "https://example.org/runner", repository: "git+https://example.org/repo" },
  ...{ invocation: "run-7", startedAt: at, finishedAt: "2024-01-15T10:05:00Z" },
};

describe("createProvenance()", () => {
  it("names builder, commit and every artifact in SLSA 1 form (QAC-08)", () => {
    const statement = createProvenance(digests, facts);
    expect(statement.predicateType).toBe(provenancePredicate);
    expect(statement.subject.map(({ name }) => name)).toEqual(["a.yaml", "b.tgz", "registry.example.org/app"]);
    expect(statement.predicate).toMatchObject({
      buildDefinition: { resolvedDependencies: [{ uri: `git+https://example.org/repo@${commit}`, digest: { gitCommit: commit } }] },
      runDetails: { builder: { id: "https://example.org/runner" } },
    });
    for (const bad of [{ builder: "me" }, { startedAt: "now" }, { finishedAt: "2024-01-15T09:00:00Z" }])
      expect(() => createProvenance(digests, { ...facts, ...bad })).toThrow(RangeError);
  });
});

describe("attestArtifact()", () => {
  const pat = holders["ecdsa-p256-sha256"];
  const signer = createKeySigner(pat.privateKey);
  const sbom = createSbom(value(readPackageLock(packageLock)), sbomOptions);
  const input = { artifact: { name: "b.tgz", digest: digestBytes(archive) }, predicateType: spdxPredicate, predicate: sbom };
  const options = { policy: policy([trust(pat)]), at, predicateType: spdxPredicate, artifact: archive };

  it("has the form that cosign verify-blob-attestation --key reads, and OpenSSL verifies it (QAC-08)", async (test) => {
    const envelope = JSON.parse(renderEnvelope(await attestArtifact(input, [signer]))) as {
      readonly payload: string;
      readonly payloadType: string;
      readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
    };
    // What cosign checks: the payload type, a signature over the pre-authentication encoding by SHA-256 and ECDSA in DER, the predicate type, the digest of the blob.
    expect(envelope.payloadType).toBe("application/vnd.in-toto+json");
    expect(envelope.signatures).toMatchObject([{ keyid: "" }]);
    const payload = Buffer.from(envelope.payload, "base64");
    const statement = JSON.parse(payload.toString()) as { predicateType: string; subject: readonly { digest: { sha256: string } }[] };
    expect(statement.predicateType).toBe(spdxPredicate);
    const directory = mkdtempSync(join(tmpdir(), "gov-attest-"));
    try {
      writeFileSync(join(directory, "blob"), archive);
      writeFileSync(join(directory, "message"), preAuthEncoding(envelope.payloadType, payload));
      writeFileSync(join(directory, "signature"), Buffer.from(envelope.signatures[0]?.sig ?? "", "base64"));
      writeFileSync(join(directory, "key.pem"), pat.pem);
      const openssl = (...args: readonly string[]): string => execFileSync("openssl", args, { cwd: directory, encoding: "utf8" });
      try {
        expect(openssl("dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "message")).toContain("Verified OK");
      } catch (error) {
        if ((error as { code?: unknown }).code !== "ENOENT" || isRequired("openssl")) throw error;
        test.skip("openssl is not installed");
      }
      expect(openssl("dgst", "-sha256", "-r", "blob")).toContain(statement.subject[0]?.digest.sha256);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("verifies for these bytes, this kind and these people only", async () => {
    const envelope = await attestArtifact(input, [signer]);
    expect(verifyAttestation(envelope, options)).toMatchObject({ predicate: { spdxVersion: "SPDX-2.3" }, signers: [{ person: pat.name }] });
    const codes = (more: object): readonly string[] => {
      try {
        verifyAttestation(envelope, { ...options, ...more });
        return [];
      } catch (error) {
        return isManifestError(error)
          ? error.findings.filter(({ severity }) => severity === "error").map(({ code }) => code)
          : [String(error)];
      }
    };
    expect(codes({ artifact: new TextEncoder().encode("archivE") })).toEqual(["MANIFEST_SIGNED_DIGEST_MISMATCH"]);
    expect(codes({ predicateType: provenancePredicate })).toEqual(["MANIFEST_STATEMENT_INVALID"]);
    expect(codes({ policy: policy([trust(mallory)]) })).toEqual(["MANIFEST_THRESHOLD_NOT_MET"]);
    const provenance = await attestStatement(createProvenance(digests, facts), [ann.signer]);
    const verified = verifyAttestation(provenance, { ...options, predicateType: provenancePredicate, policy: policy([trust(ann)]) });
    expect(verified.predicate).toMatchObject({ buildDefinition: { buildType: facts.buildType } });
  });
});
