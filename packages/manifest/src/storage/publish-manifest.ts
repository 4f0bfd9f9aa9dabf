import type { ManifestModel } from "../model.ts";
import { parseInstant } from "../internal/instant.ts";
import type { LedgerEntry, ManifestLedger } from "./manifest-ledger.ts";
import type { ObjectStore } from "./object-store.ts";

/** A sealed manifest as it is published: the exact bytes of its two files, verified by the caller. */
export interface PublishedManifest {
  readonly model: ManifestModel;
  readonly manifestBytes: Uint8Array;
  readonly envelopeBytes: Uint8Array;
}

/** Options of {@link publishManifest}. */
export interface PublishManifestOptions {
  readonly store: ObjectStore;
  readonly ledger: ManifestLedger;
  /** RFC 3339 UTC, from the caller's clock; the same again when publishing is repeated after a crash. */
  readonly publishedAt: string;
  /** Calendar years for which manifest and envelope cannot be removed, 1 to 100. @default 7 (MAN-13) */
  readonly retentionYears?: number | undefined;
}

/**
 * Publishes a sealed manifest to a registry (MAN-15): manifest and envelope become retained objects, then the ledger names them. Interrupted anywhere it can be
 * repeated; the ledger never names what is not kept.
 *
 * @throws {@link ManifestError} `MANIFEST_LEDGER_CONFLICT` when the ledger holds another manifest of that number, or lacks the one before.
 * @throws RangeError when the instant or the years are not sound.
 */
export async function publishManifest(
  { model, manifestBytes, envelopeBytes }: PublishedManifest,
  options: PublishManifestOptions,
): Promise<LedgerEntry> {
  const { store, ledger, publishedAt, retentionYears = 7 } = options;
  const retainUntil = addYears(publishedAt, retentionYears);
  const manifest = await store.put(manifestBytes, { retainUntil });
  const envelope = await store.put(envelopeBytes, { retainUntil });
  return ledger.append({ sequence: model.sequence, manifestId: model.manifestId, manifest, envelope, publishedAt, retainUntil });
}

/** The 29th of February becomes the 1st of March where it has to: retention may last a day longer, never shorter. */
function addYears(instant: string, years: number): string {
  if (parseInstant(instant) === null) throw new RangeError(`Cannot publish as of "${instant}": it must be an RFC 3339 time in UTC`);
  if (!Number.isSafeInteger(years) || years < 1 || years > 100)
    throw new RangeError(`Cannot retain for ${String(years)} years: it must be a whole number from 1 to 100`);
  const moved = `${String(Number(instant.slice(0, 4)) + years).padStart(4, "0")}${instant.slice(4)}`;
  return parseInstant(moved) === null ? moved.replace("-02-29T", "-03-01T") : moved;
}
