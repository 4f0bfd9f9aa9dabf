import { readFileSync } from "node:fs";
import * as manifest from "@gov/manifest";
import * as sign from "@gov/manifest/sign";
import * as promotion from "@gov/manifest/promotion";
import * as snapshot from "@gov/manifest/snapshot";
import * as storage from "@gov/manifest/storage";
import * as supplyChain from "@gov/manifest/supply-chain";
import * as testing from "@gov/manifest/testing";
import { describe, expect, it } from "vitest";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

describe("exports", () => {
  it("of the root are exactly these", () => {
    expect(Object.keys(manifest).sort()).toEqual([
      "ManifestError",
      "applyCoSignatures",
      "applySeal",
      "createArtifactReader",
      "createInlineSeal",
      "createManifestId",
      "createManifestStatement",
      "diffManifests",
      "digestManifest",
      "emitManifestShape",
      "foldRehearsal",
      "gateOutcomes",
      "groupChains",
      "inlineSealAlgorithms",
      "inlineSealPayloadType",
      "isManifestError",
      "manifestErrorCodes",
      "manifestFindingCodes",
      "manifestModelSubject",
      "manifestWireVersion",
      "parseManifest",
      "planClosing",
      "planManifest",
      "planRestoring",
      "planSeal",
      "planSuccessor",
      "readManifestShape",
      "rehearsalEntry",
      "rehearseSeal",
      "renderManifest",
      "sealManifest",
      "sealRehearsalKind",
      "sealStates",
      "sealedManifestPredicate",
      "verifyChain",
      "verifyManifest",
    ]);
  });

  it("of ./sign are exactly these", () => {
    expect(Object.keys(sign).sort()).toEqual([
      "addSignatures",
      "createKeySigner",
      "createPemKeyProvider",
      "createStatement",
      "decodeStatement",
      "digestPolicyRevision",
      "encodePolicyRevision",
      "encodeStatement",
      "importPublicKey",
      "keyThumbprint",
      "parseEnvelope",
      "parseSigstoreBundle",
      "parseTrustPolicy",
      "policyRevisionPayloadType",
      "preAuthEncoding",
      "renderEnvelope",
      "renderSigstoreBundles",
      "signPolicyRevision",
      "signStatement",
      "signatureAlgorithms",
      "sigstoreBundleMediaType",
      "statementPayloadType",
      "statementType",
      "verifyEnvelope",
      "verifyKeylessBundle",
      "verifyPolicyChain",
      "verifySigstoreBundle",
    ]);
  });
});

describe("exports of what keeps manifests", () => {
  it("are exactly these", () => {
    expect(Object.keys(storage).sort()).toEqual([
      "backUpStore",
      "createFileBackend",
      "createManifestLedger",
      "createMemoryBackend",
      "createObjectStore",
      "publishManifest",
      "repairStore",
      "verifyRegistry",
    ]);
    expect(Object.keys(promotion).sort()).toEqual([
      "applyPromotion",
      "applyStatus",
      "assertNotFrozen",
      "assertPlaybook",
      "assertPromotionRules",
      "choosePlaybook",
      "freezeKind",
      "freezePromotions",
      "parsePlaybook",
      "pipelinePlaybook",
      "planPromotion",
      "planStatus",
      "playbookActions",
      "playbookStepKind",
      "promotionActions",
      "promotionCauses",
      "promotionPlaybook",
      "promotionRulesOf",
      "promotionStatusKind",
      "promotionStatuses",
      "readFreezes",
      "readPlacedArtifacts",
      "readPromotionBoard",
      "readPromotionState",
      "rollbackTriggers",
      "runPlaybook",
      "standAsSealed",
      "unfreezeKind",
      "unfreezePromotions",
    ]);
    expect(Object.keys(snapshot).sort()).toEqual([
      "archiveSnapshot",
      "backUpSnapshots",
      "decodeSnapshot",
      "encodeSnapshot",
      "judgeRecovery",
      "listSnapshots",
      "planSnapshotRetention",
      "readRestoreMarker",
      "rehearseRecovery",
      "removeExpiredSnapshots",
      "repairSnapshots",
      "restoreMarkerName",
      "restoreSnapshot",
      "selectSnapshot",
      "snapshotPredicate",
      "snapshotTriggers",
      "takeSnapshot",
      "verifySnapshot",
    ]);
    expect(Object.keys(supplyChain).sort()).toEqual([
      "attestArtifact",
      "attestStatement",
      "checkArtifactDigests",
      "createArtifactDigests",
      "createProvenance",
      "createSbom",
      "digestedTypes",
      "parseArtifactDigests",
      "provenancePredicate",
      "readPackageLock",
      "readPnpmLock",
      "renderArtifactDigests",
      "renderSbom",
      "spdxPredicate",
      "verifyAttestation",
    ]);
    expect(Object.keys(testing).sort()).toEqual(["objectBackendConformance"]);
  });
});

describe("ManifestError", () => {
  it("has a name, a code and a guard that also knows the error of another copy", () => {
    const cause = new Error("cause");
    const error = new manifest.ManifestError("MANIFEST_KEY_REFUSED", "Cannot", { cause, hint: "do", details: { a: 1 } });
    expect(error).toMatchObject({
      name: "ManifestError",
      code: "MANIFEST_KEY_REFUSED",
      hint: "do",
      details: { a: 1 },
      findings: [],
      cause,
    });
    expect(manifest.isManifestError(error)).toBe(true);
    expect(manifest.isManifestError(Object.assign(new Error("x"), { name: "ManifestError", code: "MANIFEST_KEY_REFUSED" }))).toBe(true);
    for (const other of [null, new Error("x"), Object.assign(new Error("x"), { name: "ManifestError", code: "OTHER" })])
      expect(manifest.isManifestError(other)).toBe(false);
  });

  it("has every code in the README, and so has every finding", () => {
    const codes = [...manifest.manifestErrorCodes, ...manifest.manifestFindingCodes];
    expect(codes.filter((code) => !readme.includes(`| \`${code}\` `))).toEqual([]);
    expect([...codes].sort()).toEqual([...new Set(codes)].sort());
  });
});
