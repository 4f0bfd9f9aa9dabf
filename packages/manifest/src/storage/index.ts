/**
 * Where sealed things are kept: content-addressed objects, written once, retained, encrypted on request, with a ledger that only grows and a backup to repair from.
 *
 * @example Keep an object for a while, encrypted
 * ```ts
 * import assert from "node:assert/strict";
 * import { randomBytes } from "node:crypto";
 * import { createFileBackend, createObjectStore } from "@gov/manifest/storage";
 *
 * const ring = new Map([["2024", randomBytes(32)]]);
 * const keys = { current: "2024", key: async (id: string) => ring.get(id) ?? null };
 * const clock = { now: () => Date.parse("2024-01-15T10:00:00Z"), monotonicMs: () => 0 };
 * const store = createObjectStore(createFileBackend("registry"), { clock, keys });
 * const digest = await store.put(Buffer.from("status: approved\n"), { retainUntil: "2031-01-15T10:00:00Z" });
 * assert.equal(Buffer.from((await store.get(digest)) ?? []).toString(), "status: approved\n");
 * await assert.rejects(store.remove(digest), { code: "MANIFEST_OBJECT_RETAINED" });
 * ```
 *
 * @packageDocumentation
 */
export type { Clock } from "../clock.ts";
export { createFileBackend, type FileBackendOptions } from "./file-backend.ts";
export type { KeyRing } from "./key-ring.ts";
export { createManifestLedger, type LedgerEntry, type LedgerEntryInput, type ManifestLedger } from "./manifest-ledger.ts";
export { createMemoryBackend } from "./memory-backend.ts";
export type { RandomBytes } from "./node-random.ts";
export type { ObjectBackend } from "./object-backend.ts";
export { createObjectStore, type ObjectStore, type ObjectStoreOptions, type PutOptions } from "./object-store.ts";
export { type PublishedManifest, publishManifest, type PublishManifestOptions } from "./publish-manifest.ts";
export { type RegistryReport, verifyRegistry } from "./verify-registry.ts";
export { type BackupReport, backUpStore, type RepairReport, repairStore, type StoreSite } from "./repair-store.ts";
