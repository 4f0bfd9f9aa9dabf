import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createArtifactReader, digestManifest, parseManifest, verifyChain, verifyManifest } from "@gov/manifest";
import { type EntryLog, type LogInput, readPromotionBoard, readPromotionState } from "@gov/manifest/promotion";
import {
  parseEnvelope,
  parseSigstoreBundle,
  parseTrustPolicy,
  statementPayloadType,
  verifyPolicyChain,
  verifySigstoreBundle,
} from "@gov/manifest/sign";
import { selectSnapshot } from "@gov/manifest/snapshot";
import { createFileBackend, createManifestLedger, createObjectStore } from "@gov/manifest/storage";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { at } from "./manifest-fakes.ts";
import { fakeClock } from "./storage-fakes.ts";

// Written once by the release that introduced version 1, and never again: what was written then is read for ever.
const v1 = join(import.meta.dirname, "fixtures/v1");
const bytes = (path: string): Uint8Array => new Uint8Array(readFileSync(join(v1, path)));
const policy = parseTrustPolicy(JSON.parse(readFileSync(join(v1, "trust_policy.json"), "utf8")));
if (!policy.ok) throw new Error("The golden policy is not read");
const trusted = policy.value;
const read = createArtifactReader(join(v1, "artifacts"));
// Not every tool of a checkout can name a file outside ASCII, so the one that is sealed, which is empty, is not kept as a file.
const readArtifact: typeof read = (path) => (path === "z/ä.txt" ? new Uint8Array() : read(path));
const sealed = (folder: string) => ({
  manifestBytes: bytes(`${folder}/handoff_manifest.yaml`),
  envelopeBytes: bytes(`${folder}/handoff_manifest.yaml.dsse.json`),
});
const clock = fakeClock(at);

describe("files of version 1", () => {
  it("hold manifests in every shape that verify, all of one model (NFR-08, MAN-01, MAN-03, MAN-04, MAN-05)", async () => {
    for (const folder of ["native", "c11", "c22", "c22-flat", "c33"]) {
      const { model, signers } = await verifyManifest({ ...sealed(folder), policy: trusted, at, readArtifact });
      expect(signers.map(({ person }) => person)).toEqual(["ann", "ben"]);
      expect(digestManifest(model), folder).toBe("sha256:9c02d09a575a5daf219309ae7a7da8cf3b1f97e92977eba36a6cd3a2ad7a0cea");
    }
    const parsed = parseManifest(bytes("native/handoff_manifest.yaml"));
    expect(parsed.ok && parsed.value.manifestId).toBe("MAN-BE-2024-01");
  });

  it("hold a chain, a policy and bundles that verify (NFR-08)", () => {
    const next = { manifestBytes: bytes("chain/2.yaml"), envelopeBytes: bytes("chain/2.yaml.dsse.json") };
    const { head } = verifyChain([sealed("native"), next], { policy: trusted, at: "2024-03-01T00:00:00Z", by: "cycle" });
    expect(head.model.manifestId).toBe("MAN-BE-2024-02");
    const revisions = [parseEnvelope(bytes("policy-1.dsse.json"))];
    expect(verifyPolicyChain(revisions, { root: trusted, at }).policy).toEqual(trusted);
    for (const [index, keys] of trusted.keys.entries()) {
      const bundle = parseSigstoreBundle(bytes(`native/bundle-${String(index + 1)}.sigstore.json`));
      const one = { version: 1 as const, required: 1, keys: [keys] };
      expect(verifySigstoreBundle(bundle, { policy: one, at, payloadType: statementPayloadType }).signers).toHaveLength(1);
    }
  });

  it("hold a store with its ledger, a signed snapshot, and an encrypted object (NFR-08)", async () => {
    const backend = createFileBackend(join(v1, "store"));
    const store = createObjectStore(backend, { clock });
    const [entry] = await createManifestLedger(backend).entries();
    expect(entry?.manifest).toBe(digestBytes(bytes("native/handoff_manifest.yaml")));
    const { snapshot } = await selectSnapshot(backend, { store, policy: trusted, at });
    expect([snapshot.trigger, snapshot.artifacts.length, snapshot.manifest]).toEqual(["promotion", 3, entry?.manifest]);
    const keys = { current: "k1", key: () => Promise.resolve(Buffer.alloc(32, 7)) };
    const encrypted = createObjectStore(createFileBackend(join(v1, "encrypted")), { clock, keys });
    expect(Buffer.from((await encrypted.get(digestBytes("# Map\n"))) ?? []).toString()).toBe("# Map\n");
  });

  it("hold a journal and a log of rollbacks, one ended and one that is still frozen (NFR-08)", async () => {
    const copy = mkdtempSync(join(tmpdir(), "gov-golden-"));
    try {
      cpSync(join(v1, "journal"), copy, { recursive: true });
      const state = await readPromotionState(copy);
      expect(state).toMatchObject({ frozen: true, finished: ["rollback-1"], run: { name: "rollback-2", playbook: "promotion" } });
      expect(state.done.map(({ step }) => step)).toEqual([
        "freeze",
        "select_snapshot",
        "verify_snapshot",
        "restore_artifacts",
        "warm_caches",
      ]);
    } finally {
      rmSync(copy, { recursive: true });
    }
    const entries = JSON.parse(readFileSync(join(v1, "log.json"), "utf8")) as readonly LogInput[];
    const log: EntryLog = {
      append: () => Promise.reject(new Error("read only")),
      read: async function* () {
        for (const [index, { kind, payload }] of entries.entries()) yield await Promise.resolve({ seq: index + 1, kind, payload });
      },
    };
    const board = await readPromotionBoard(log);
    expect(board.frozenBy).toEqual(["rollback-2"]);
    expect(board.environments.get("staging")).toMatchObject({ rolledBack: true, highest: 0 });
  });

  it("are all there", () => {
    const found = readdirSync(v1, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    expect(found).toHaveLength(37);
  });
});
