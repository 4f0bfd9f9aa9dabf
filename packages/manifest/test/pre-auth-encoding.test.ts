import { execFileSync } from "node:child_process";
import { createPublicKey, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManifestStatement, renderManifest } from "@gov/manifest";
import { encodeStatement, parseEnvelope, preAuthEncoding, signStatement } from "@gov/manifest/sign";
import { describe, expect, it } from "vitest";
import { decodeBase64 } from "../src/sign/internal/base64.ts";
import { corpusFile, isRequired } from "./corpora.ts";
import { ann, mallory, model } from "./manifest-fakes.ts";

const encoder = new TextEncoder();
const vectorFile = corpusFile("dsse/vector.json");

interface Vector {
  readonly payload: string;
  readonly payloadType: string;
  readonly pae: string;
  readonly key: { readonly x: string; readonly y: string };
  readonly envelope: object;
}

describe("preAuthEncoding()", () => {
  it("counts bytes, not characters", () => {
    expect(new TextDecoder().decode(preAuthEncoding("tüp", encoder.encode("ä")))).toBe("DSSEv1 4 tüp 2 ä");
  });

  it.skipIf(vectorFile === null)("gives the bytes of the DSSE specification's vector, whose signature verifies over them", () => {
    const vector = JSON.parse(readFileSync(vectorFile ?? "", "utf8")) as Vector;
    const message = preAuthEncoding(vector.payloadType, encoder.encode(vector.payload));
    expect(new TextDecoder().decode(message)).toBe(vector.pae);
    const coordinate = (decimal: string): string =>
      Buffer.from(BigInt(decimal).toString(16).padStart(64, "0"), "hex").toString("base64url");
    const key = createPublicKey({
      format: "jwk",
      key: { kty: "EC", crv: "P-256", x: coordinate(vector.key.x), y: coordinate(vector.key.y) },
    });
    const { payload, signatures } = parseEnvelope(JSON.stringify(vector.envelope));
    expect(decodeBase64(payload)).toEqual(encoder.encode(vector.payload));
    expect(verify("sha256", message, { key, dsaEncoding: "ieee-p1363" }, decodeBase64(signatures[0]?.sig ?? "") ?? new Uint8Array())).toBe(
      true,
    );
  });

  it("gives what OpenSSL verifies, and only with the right key", async (test) => {
    const plan = model();
    const statement = createManifestStatement(plan, { name: "handoff_manifest.yaml", text: renderManifest(plan) });
    const envelope = await signStatement(statement, [ann.signer]);
    const directory = mkdtempSync(join(tmpdir(), "gov-dsse-"));
    try {
      writeFileSync(join(directory, "message"), preAuthEncoding(envelope.payloadType, encodeStatement(statement)));
      writeFileSync(join(directory, "signature"), decodeBase64(envelope.signatures[0]?.sig ?? "") ?? "");
      const openssl = (pem: string): string => {
        writeFileSync(join(directory, "key.pem"), pem);
        const args = ["pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "message", "-sigfile", "signature"];
        return execFileSync("openssl", args, { cwd: directory, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      };
      let verdict: string;
      try {
        verdict = openssl(ann.pem);
      } catch (error) {
        if ((error as { code?: unknown }).code !== "ENOENT" || isRequired("openssl")) throw error;
        test.skip("openssl is not installed");
        return;
      }
      expect(verdict).toContain("Signature Verified Successfully");
      expect(() => openssl(mallory.pem)).toThrow();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
