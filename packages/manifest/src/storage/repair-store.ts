import type { Digest } from "@gov/schema/canonical";
import { isManifestError } from "../errors.ts";
import { createManifestLedger } from "./manifest-ledger.ts";
import type { ObjectBackend } from "./object-backend.ts";
import type { ObjectStore } from "./object-store.ts";

/** A store with the backend it stands on, whose ledger goes along. */
export interface StoreSite {
  readonly store: ObjectStore;
  readonly backend: ObjectBackend;
}

/** What {@link backUpStore} did; all lists are sorted. */
export interface BackupReport {
  /** Objects that were copied. */
  readonly copied: readonly Digest[];
  /** Objects that are damaged in the source and therefore were not copied. */
  readonly damaged: readonly Digest[];
  /** Number of ledger entries that were copied. */
  readonly ledgerEntries: number;
}

/** What {@link repairStore} did; all lists are sorted. */
export interface RepairReport {
  /** Objects that were looked at. */
  readonly checked: number;
  /** Objects that were brought back from the backup. */
  readonly repaired: readonly Digest[];
  /** Objects that are whole in neither place. */
  readonly lost: readonly Digest[];
  /** Names of ledger entries that were brought back. */
  readonly ledgerEntries: readonly string[];
}

/**
 * Copies every whole object with its retention, and the ledger, to a backup (MAN-14). Damage is never copied over what the backup holds; objects the source no longer has
 * stay there. Each store encrypts with its own keys.
 *
 * @throws {@link ManifestError} `MANIFEST_LEDGER_CORRUPT` when the ledger of the source is damaged; `MANIFEST_LEDGER_CONFLICT` when the backup has another one.
 */
export async function backUpStore(source: StoreSite, backup: StoreSite): Promise<BackupReport> {
  const copied: Digest[] = [];
  const damaged: Digest[] = [];
  for (const digest of await source.store.list()) {
    const bytes = await readOrNull(source.store, digest);
    if (bytes === null) damaged.push(digest);
    else if (await copy(bytes, { digest, from: source.store, to: backup.store })) copied.push(digest);
  }
  const entries = await createManifestLedger(source.backend).entries();
  const target = createManifestLedger(backup.backend);
  const before = (await target.entries()).length;
  for (const { version: _, previous: __, ...entry } of entries) await target.append(entry);
  return { copied, damaged, ledgerEntries: Math.max(0, entries.length - before) };
}

/**
 * Brings back from a backup what is damaged or missing: every object the store lists, the ledger names, or the caller expects, and every ledger entry. Nothing that is
 * whole is touched, and nothing is taken from the backup without matching its digest (MAN-14). What is whole in neither place is reported as lost.
 *
 * @throws {@link ManifestError} `MANIFEST_LEDGER_CORRUPT` when the ledger of the backup is damaged.
 */
export async function repairStore(
  site: StoreSite,
  backup: StoreSite,
  options: { readonly expected?: readonly Digest[] | undefined } = {},
): Promise<RepairReport> {
  const named = await createManifestLedger(backup.backend).entries();
  const ledgerEntries = await repairLedger(site.backend, backup.backend);
  const expected = [...(options.expected ?? []), ...named.flatMap(({ manifest, envelope }) => [manifest, envelope])];
  const digests = [...new Set([...(await site.store.list()), ...expected])].sort();
  const repaired: Digest[] = [];
  const lost: Digest[] = [];
  for (const digest of digests) {
    if ((await readOrNull(site.store, digest)) !== null) continue;
    const bytes = await readOrNull(backup.store, digest);
    if (bytes === null) lost.push(digest);
    else if (await copy(bytes, { digest, from: backup.store, to: site.store })) repaired.push(digest);
  }
  return { checked: digests.length, repaired, lost, ledgerEntries };
}

async function copy(
  bytes: Uint8Array,
  { digest, from, to }: { readonly digest: Digest; readonly from: ObjectStore; readonly to: ObjectStore },
): Promise<boolean> {
  const there = await readOrNull(to, digest);
  const retainUntil = (await from.retainedUntil(digest)) ?? undefined;
  if (there !== null && (await to.retainedUntil(digest)) === (retainUntil ?? null)) return false;
  await to.put(bytes, { retainUntil });
  return there === null;
}

async function repairLedger(backend: ObjectBackend, backup: ObjectBackend): Promise<readonly string[]> {
  const names: string[] = [];
  for (const name of await backup.list("ledger/")) {
    const [own, kept] = [await backend.read(name), await backup.read(name)];
    if (kept === null || (own !== null && Buffer.compare(own, kept) === 0)) continue;
    await backend.replace(name, kept);
    names.push(name);
  }
  return names;
}

/** Null when there is no whole object. */
async function readOrNull(store: ObjectStore, digest: Digest): Promise<Uint8Array | null> {
  try {
    return await store.get(digest);
  } catch (error) {
    if (isManifestError(error) && error.code === "MANIFEST_OBJECT_CORRUPT") return null;
    throw error;
  }
}
