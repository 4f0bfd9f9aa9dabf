import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { type ManifestInput, type ManifestModel, planManifest } from "@gov/manifest";
import { createKeySigner, type Signer, type TrustedKey, type TrustPolicy } from "@gov/manifest/sign";
import { digestBytes } from "@gov/schema/canonical";

/** A person with a key that is the same in every run. */
export interface Person {
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly pem: string;
  readonly signer: Signer;
}

/** PKCS#8 wrapping of a 32-byte Ed25519 seed (RFC 8410). */
const pkcs8 = Buffer.from("302e020100300506032b657004220420", "hex");

export function person(name: string): Person {
  const seed = Buffer.alloc(32, name);
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: "der", type: "pkcs8" });
  const pem = createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
  return { name, privateKey, pem, signer: createKeySigner(privateKey) };
}

export const ann: Person = person("ann");
export const ben: Person = person("ben");
export const mallory: Person = person("mallory");

export function trust({ name, pem }: Person, more: Partial<TrustedKey> = {}): TrustedKey {
  return { person: name, role: "lead", publicKey: pem, ...more };
}

export function policy(keys: readonly TrustedKey[], required: number = keys.length, more: Partial<TrustPolicy> = {}): TrustPolicy {
  return { version: 1, keys, required, ...more };
}

export const at = "2024-01-15T10:00:00Z";

export const files: ReadonlyMap<string, Uint8Array> = new Map(
  Object.entries({
    "frameworks/planning-be/be_backlog.yaml": "tasks: []\n",
    "frameworks/planning-be/story_map.md": "# Map\n",
    "z/ä.txt": "",
  }).map(([path, text]) => [path, new TextEncoder().encode(text)]),
);

export function manifestInput(more: Partial<ManifestInput> = {}): ManifestInput {
  return {
    manifestId: "MAN-BE-2024-01",
    cycleId: "PLN-BE-2024-01",
    createdAt: at,
    createdBy: "ann",
    snapshotRev: "4f2c0de",
    rulebookHash: digestBytes("rulebook"),
    artifacts: [...files].map(([path, bytes]) => ({ path, digest: digestBytes(bytes), size: bytes.length })).reverse(),
    gateResults: { schema_lint: "PASS", "parity/coverage": "pending", cross_stream_consistency: "pass" },
    governance: {
      tags: ["Risk:Low", "Critical"],
      criticalIssues: 0,
      criticalViolations: 0,
      decisionLogRef: "memory-bank/decisions/index.jsonl",
    },
    notes: "First handoff\nof the cycle",
    ...more,
  };
}

export const sealPolicy = { requiredGates: ["schema_lint", "cross_stream_consistency"], pendingGates: ["parity_coverage"] } as const;

export function model(more: Partial<ManifestInput> = {}): ManifestModel {
  const planned = planManifest(manifestInput(more), sealPolicy);
  if (!planned.ok) throw new Error(planned.findings.map(({ message }) => message).join("; "));
  return planned.value;
}
