import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isRequired } from "./corpora.ts";
import { ann, ben, mallory } from "./manifest-fakes.ts";

const script = join(import.meta.dirname, "verify-with-openssl.sh");
const v1 = join(import.meta.dirname, "fixtures/v1");

function isThere(program: string): boolean {
  if (spawnSync(program, ["--version"]).error === undefined) return true;
  if (isRequired(program)) throw new Error(`Cannot run "${program}": install it`);
  return false;
}

describe("a sealed manifest", () => {
  it("verifies with ten lines of script and OpenSSL, and only unedited and with a key that signed", async (test) => {
    if (!isThere("python3") || !isThere("openssl")) test.skip("python3 or openssl is not installed");
    const directory = mkdtempSync(join(tmpdir(), "gov-openssl-"));
    try {
      const manifest = join(directory, "handoff_manifest.yaml");
      const verify = (pem: string): string => {
        writeFileSync(join(directory, "key.pem"), pem);
        return execFileSync("sh", [script, manifest, join(directory, "key.pem")], {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        });
      };
      for (const shape of ["native", "c11", "c22", "c22-flat", "c33"]) {
        cpSync(join(v1, shape), directory, { recursive: true });
        for (const { pem } of [ann, ben]) expect(verify(pem), shape).toContain("Signature Verified Successfully");
        expect(() => verify(mallory.pem)).toThrow();
        writeFileSync(manifest, readFileSync(manifest, "utf8").replace("4f2c0de", "4f2c0df"));
        expect(() => verify(ann.pem)).toThrow();
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
