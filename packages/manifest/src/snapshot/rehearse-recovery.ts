import { join } from "node:path";
import { type FileSystem, nodeFileSystem } from "@gov/atomic-io";
import { type Digest, digestBytes, digestJson } from "@gov/schema/canonical";
import type { Clock } from "../clock.ts";
import { readWhole } from "../internal/read-whole.ts";
import type { ObjectBackend } from "../storage/object-backend.ts";
import { restoreSnapshot } from "./restore-snapshot.ts";
import { selectSnapshot, type VerifySnapshotOptions } from "./verify-snapshot.ts";

/** Options of {@link rehearseRecovery}. */
export interface RehearseRecoveryOptions extends VerifySnapshotOptions {
  readonly backend: ObjectBackend;
  readonly clock: Clock;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/** What a rehearsal of disaster recovery measured (PRO-09). */
export interface RecoveryRehearsal {
  readonly snapshot: Digest;
  /** Number of artifacts that were restored and read back. */
  readonly artifacts: number;
  /** Digest of paths and bytes as they stand after each of the two restores. */
  readonly results: readonly [Digest, Digest];
  /** True when both restores gave the same, and that is what the snapshot lists. */
  readonly identical: boolean;
  /** Age of the snapshot: what a disaster now would lose. */
  readonly recoveryPointMs: number;
  /** How long the first restore took, verification of the snapshot and re-reading included. */
  readonly recoveryTimeMs: number;
}

/**
 * Rehearses disaster recovery: restores the newest snapshot into an empty scratch folder, reads everything back, and does it again (PRO-09). The second restore must
 * find nothing to do and give the same. Nothing but the scratch folder is written.
 *
 * @throws {@link ManifestError} as `selectSnapshot` and `restoreSnapshot` do.
 */
export async function rehearseRecovery(scratch: string, options: RehearseRecoveryOptions): Promise<RecoveryRehearsal> {
  const { backend, clock, store, fs = nodeFileSystem } = options;
  const started = clock.monotonicMs();
  const selected = await selectSnapshot(backend, options);
  const { artifacts, takenAt } = selected.snapshot;
  await restoreSnapshot(scratch, selected, { store, clock, fs });
  const recoveryTimeMs = clock.monotonicMs() - started;
  const listed = digestJson(artifacts.map(({ path, digest }) => [path, digest]));
  const readBack = async (): Promise<Digest> => {
    const found: [string, string | null][] = [];
    for (const { path } of artifacts) {
      const bytes = await readWhole(join(scratch, path), fs);
      found.push([path, bytes === null ? null : digestBytes(bytes)]);
    }
    return digestJson(found);
  };
  const first = await readBack();
  const { written } = await restoreSnapshot(scratch, selected, { store, clock, fs });
  const second = await readBack();
  return {
    snapshot: selected.digest,
    artifacts: artifacts.length,
    results: [first, second],
    identical: first === listed && second === listed && written.length === 0,
    recoveryPointMs: clock.now() - Date.parse(takenAt),
    recoveryTimeMs,
  };
}
