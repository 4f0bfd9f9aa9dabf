import { ManifestError } from "../errors.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { tarEnd, tarEntry } from "./internal/tar-entry.ts";
import { encodeSnapshot } from "./snapshot.ts";
import type { VerifiedSnapshot } from "./verify-snapshot.ts";

/** Options of {@link archiveSnapshot}. */
export interface ArchiveSnapshotOptions {
  readonly store: ObjectStore;
}

/**
 * Streams a verified snapshot as a tar archive that any `tar` reads: its list as `snapshot.json`, whose SHA-256 is the digest that was signed, then every artifact below
 * `artifacts/`. One artifact is in memory at a time, each checked against its digest; the same snapshot gives the same bytes. Ends early, by throwing, when an object is lost.
 *
 * @throws {@link ManifestError} `MANIFEST_SNAPSHOT_REFUSED` when an object is gone; `MANIFEST_OBJECT_CORRUPT` when one is damaged.
 */
export async function* archiveSnapshot({ snapshot }: VerifiedSnapshot, { store }: ArchiveSnapshotOptions): AsyncGenerator<Uint8Array> {
  const modified = Math.floor(Date.parse(snapshot.takenAt) / 1000);
  yield tarEntry({ path: "snapshot.json", bytes: encodeSnapshot(snapshot), modified });
  for (const { path, digest } of snapshot.artifacts) {
    const bytes = await store.get(digest);
    if (bytes === null)
      throw new ManifestError("MANIFEST_SNAPSHOT_REFUSED", `Cannot archive the snapshot: the object of "${path}" is gone`, {
        details: { path, digest },
        hint: "Repair the store from its backup; what was written so far is no archive",
      });
    yield tarEntry({ path: `artifacts/${path}`, bytes, modified });
  }
  yield tarEnd;
}
