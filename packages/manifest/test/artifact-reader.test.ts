import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createArtifactReader, isManifestError, sealManifest, verifyManifest } from "@gov/manifest";
import { digestBytes } from "@gov/schema/canonical";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ann, at, model, policy, trust } from "./manifest-fakes.ts";

const root = mkdtempSync(join(tmpdir(), "gov-read-"));
const outside = mkdtempSync(join(tmpdir(), "gov-outside-"));
const big = Buffer.alloc(200_000, "big");

beforeAll(() => {
  mkdirSync(join(root, "a/b"), { recursive: true });
  mkdirSync(join(root, "folder"));
  writeFileSync(join(root, "a/b/big.bin"), big);
  writeFileSync(join(root, "a/exact.bin"), Buffer.alloc(1 << 16, 1));
  writeFileSync(join(root, "empty.md"), "");
  writeFileSync(join(outside, "secret.md"), "secret");
  symlinkSync(join(outside, "secret.md"), join(root, "link.md"));
  symlinkSync(outside, join(root, "away"));
});
afterAll(() => {
  for (const folder of [root, outside]) rmSync(folder, { recursive: true });
});

const lengthOf = (path: string, maxBytes?: number): number | null => {
  const bytes = createArtifactReader(root, { maxBytes })(path);
  if (bytes instanceof Promise) throw new Error("It reads at once");
  return bytes?.length ?? null;
};

describe("createArtifactReader()", () => {
  it("reads files of any length, whole, and says when there is none", () => {
    const read = createArtifactReader(root);
    expect(Buffer.compare(read("a/b/big.bin") as Uint8Array, big)).toBe(0);
    expect([lengthOf("a/exact.bin"), lengthOf("empty.md"), lengthOf("gone.md"), lengthOf("no/such/folder.md")]).toEqual([
      1 << 16,
      0,
      null,
      null,
    ]);
    expect(() => lengthOf("a/b/big.bin", 199_999)).toThrow("Larger than 199999 bytes");
    expect(lengthOf("a/b/big.bin", 200_000)).toBe(200_000);
  });

  it("follows no link, and reads nothing but files", () => {
    for (const path of ["link.md", "away/secret.md", "folder"]) expect(() => lengthOf(path), path).toThrow();
  });

  it("waits for nobody who might write to a pipe", () => {
    execFileSync("mkfifo", [join(root, "pipe")]);
    expect(() => lengthOf("pipe")).toThrow("No file");
  });

  it("gives verifyManifest() what it needs, and every problem becomes a finding with its path", async () => {
    const artifact = (path: string, bytes: Uint8Array | string) => ({ path, digest: digestBytes(bytes), size: Buffer.byteLength(bytes) });
    const artifacts = [
      artifact("a/b/big.bin", big),
      artifact("empty.md", ""),
      artifact("link.md", "secret"),
      artifact("away/secret.md", "secret"),
    ];
    const input = async (paths: typeof artifacts) => {
      const { manifestText, envelopeText } = await sealManifest(model({ artifacts: paths }), { signers: [ann.signer] });
      const [manifestBytes, envelopeBytes] = [new TextEncoder().encode(manifestText), new TextEncoder().encode(envelopeText)];
      return { manifestBytes, envelopeBytes, policy: policy([trust(ann)]), at, readArtifact: createArtifactReader(root) };
    };
    await expect(verifyManifest(await input(artifacts.slice(0, 2)))).resolves.toMatchObject({ signers: [{ person: "ann" }] });
    const error: unknown = await verifyManifest(await input(artifacts)).catch((thrown: unknown) => thrown);
    expect(isManifestError(error) && error.findings.map(({ code, path }) => [code, path])).toEqual([
      ["MANIFEST_ARTIFACT_UNREADABLE", "away/secret.md"],
      ["MANIFEST_ARTIFACT_UNREADABLE", "link.md"],
    ]);
  });
});
