import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createKeySigner, parseEnvelope } from "@gov/manifest/sign";
import { provenancePredicate, spdxPredicate, verifyAttestation } from "@gov/manifest/supply-chain";
import { digestBytes } from "@gov/schema/canonical";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { createEvidence } from "../src/create-evidence.ts";
import { readWorkspace } from "../src/read-workspace.ts";

const root = join(import.meta.dirname, "../../..");
const profile = JSON.parse(readFileSync(join(root, "packages/manifest/test/fixtures/spdx-2.3-profile.json"), "utf8")) as object;
const archive = new TextEncoder().encode("archive");
const at = "2024-01-15T10:00:00Z";
const release = generateKeyPairSync("ec", { namedCurve: "P-256" });
const input = {
  workspace: readWorkspace(root),
  version: "1.0.0",
  commit: "0a".repeat(20),
  artifacts: [
    { name: "gov-schema-1.0.0.tgz", type: "artifact", digest: digestBytes(archive) },
    { name: "governance/rulebook.yaml", type: "config", digest: digestBytes("rules") },
  ],
  build: {
    ...{ buildType: "https://example.org/build", builder: "https://example.org/runner", repository: "git+https://example.org/gov" },
    ...{ invocation: "run", startedAt: at, finishedAt: at },
  },
  signers: [createKeySigner(release.privateKey)],
} as const;

describe("createEvidence()", () => {
  it("describes this very workspace in SPDX 2.3, with what each of its packages needs (QAC-07)", async () => {
    const files = await createEvidence({ ...input, signers: [] });
    expect([...files.keys()]).toEqual(["sbom.spdx.json", "artifact_digests.json"]);
    const sbom = JSON.parse(files.get("sbom.spdx.json") ?? "") as {
      readonly packages: readonly { readonly name: string; readonly licenseDeclared: string }[];
    };
    const isSpdx = new Ajv2020().compile(profile);
    expect(isSpdx(sbom) ? [] : isSpdx.errors).toEqual([]);
    const names = sbom.packages.map(({ name }) => name);
    for (const name of ["@gov/manifest", "@gov/schema", "zod", "ajv", "yaml", "vitest"]) expect(names).toContain(name);
    expect(sbom.packages.find(({ name }) => name === "zod")?.licenseDeclared).toBe("MIT");
    const digests = JSON.parse(files.get("artifact_digests.json") ?? "") as {
      readonly commit: string;
      readonly digests: readonly object[];
    };
    expect([digests.commit, digests.digests.length]).toEqual([input.commit, 2]);
  });

  it("attests each archive's bill of materials and the provenance of all, verified offline (QAC-08)", async () => {
    const files = await createEvidence(input);
    const publicKey = release.publicKey.export({ type: "spki", format: "pem" }).toString();
    const policy = { version: 1 as const, required: 1, keys: [{ person: "release", role: "release", publicKey }] };
    for (const [name, predicateType] of [
      ["provenance.intoto.json", provenancePredicate],
      ["gov-schema-1.0.0.tgz.spdx.intoto.json", spdxPredicate],
    ] as const) {
      const envelope = parseEnvelope(files.get(name) ?? "");
      expect(verifyAttestation(envelope, { policy, at, predicateType, artifact: archive }).signers).toHaveLength(1);
      expect(() => verifyAttestation(envelope, { policy, at, predicateType, artifact: new Uint8Array(1) })).toThrow();
    }
    expect(files.size).toBe(4);
  });
});
